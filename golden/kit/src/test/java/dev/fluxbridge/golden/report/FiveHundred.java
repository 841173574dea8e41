package dev.fluxbridge.golden.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A folder with the results of 500 cases of 512x512, 20 of which fail. No two files are alike. */
final class FiveHundred {
  private static final int CASES = 500;
  private static final int FAILING = 20;
  private static final int SIDE = 512;
  private static final int MOTIFS = 6;
  private static final List<String> FIELDS = List.of("golden", "received", "heat_map");

  private FiveHundred() {}

  static Path write(Path folder) throws IOException {
    Lines lines = new Lines(folder);
    byte[][] whole = new byte[MOTIFS][];
    byte[][] preview = new byte[MOTIFS][];
    for (int i = 0; i < MOTIFS; i++) {
      Bitmap motif = Landscape.draw(i, SIDE);
      whole[i] = Bitmaps.png(motif);
      preview[i] = Bitmaps.jpeg(Landscape.draw(i, SIDE / 2), 0.8);
    }
    for (int i = 0; i < CASES; i++) {
      boolean failed = i % (CASES / FAILING) == 0;
      ObjectNode line =
          Lines.line(
              failed ? "failed" : "passed",
              "com.example.pictures.Scene%dTest".formatted(i % 12),
              "prompt " + i);
      Lines.origin(line.withObject("/origins/received"), i % 2 == 0 ? "local" : "fal");
      ObjectNode picture = Lines.picture(line, failed ? 0.5 + i * 0.0005 : 0.96, !failed);
      Lines.verdict(picture, "FLIP", failed ? 0.2 : 0.01, 0.04, "lower_is_nearer", !failed);
      Lines.verdict(picture, "GMSD", failed ? 0.02 : 0.001, 0.01, "lower_is_nearer", !failed);
      Lines.verdict(picture, "MAE", 0.001, 0.008, "lower_is_nearer", true);
      picture.put("width", SIDE).put("height", SIDE);
      if (failed) {
        picture
            .putObject("changed")
            .put("share", 0.9)
            .put("left", 0)
            .put("top", 3)
            .put("right", SIDE - 1)
            .put("bottom", SIDE - 1);
        picture.withArray("/findings").addObject().put("suspect", i % 3 == 0 ? "seed" : "prompt");
      }
      for (int j = 0; j < (failed ? 3 : 2); j++) {
        String name = "pictures/%d-%s".formatted(i, FIELDS.get(j));
        int motif = j == 0 || !failed ? i % MOTIFS : (i + j) % MOTIFS;
        picture.put(FIELDS.get(j), name + ".png");
        picture.put(
            FIELDS.get(j) + "_preview", lines.file(name + ".jpg", own(preview[motif], i, j)));
        if (failed) {
          lines.file(name + ".png", own(whole[motif], i, j));
        } else {
          linked(lines, name + ".png", whole[motif], motif);
        }
      }
      lines.add(line);
    }
    return folder;
  }

  /** The same picture with other bytes behind its end, which no reader looks at. */
  private static byte[] own(byte[] file, int i, int j) {
    byte[] own = Arrays.copyOf(file, file.length + 2);
    own[file.length] = (byte) i;
    own[file.length + 1] = (byte) (i / 256 * 8 + j);
    return own;
  }

  /** Nobody reads it, so that one file is enough for all. */
  private static void linked(Lines lines, String name, byte[] png, int motif) throws IOException {
    Path one = lines.folder.resolve("pictures/motif-" + motif + ".png");
    if (!Files.exists(one)) {
      Files.write(one, png);
    }
    Files.createLink(lines.folder.resolve(name), one);
  }
}
