package dev.fluxbridge.golden.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One picture of a case with the files that are there.
 *
 * @param files by {@code golden}, {@code received} and {@code heat_map}, in this order
 * @param problems why some that should be there are not
 */
record Shown(Line.Pictured picture, Map<String, PictureSlot> files, List<String> problems) {

  static Shown of(Path folder, Line.Pictured picture) {
    Map<String, PictureSlot> files = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    String[][] names = {
      {"golden", picture.golden(), picture.goldenPreview()},
      {"received", picture.received(), picture.receivedPreview()},
      {"heat_map", picture.heatMap(), picture.heatMapPreview()}
    };
    for (String[] name : names) {
      if (!name[1].isEmpty()) {
        try {
          files.put(name[0], PictureSlot.of(folder, name[1], name[2]));
        } catch (IOException e) {
          problems.add(
              "picture %d, %s: %s"
                  .formatted(picture.index(), name[0].replace('_', ' '), e.getMessage()));
        }
      }
    }
    return new Shown(picture, files, problems);
  }
}
