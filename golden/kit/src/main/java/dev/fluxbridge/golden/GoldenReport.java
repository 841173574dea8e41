package dev.fluxbridge.golden;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what comparisons found for those who look at it later: one line of JSON each, in the format
 * that {@link dev.fluxbridge.golden} describes, and the pictures. It never makes a comparison fail:
 * where the folder cannot be written to, it says so once. Safe for use by several threads and
 * processes.
 */
final class GoldenReport {
  static final int SCHEMA = 1;
  private static final String LINES = "results.ndjson";
  private static final Logger LOG = LoggerFactory.getLogger(GoldenReport.class);
  private static final String RUN = run(ProcessHandle.current());
  private static final Object ONE_AT_A_TIME = new Object();
  private static volatile boolean told;
  private static final Set<Path> WRITTEN = ConcurrentHashMap.newKeySet();

  private final Path folder;

  private static String run(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("?") + "-" + process.pid();
  }

  GoldenReport(Path folder) {
    this.folder = folder;
  }

  static GoldenReport standard() {
    return new GoldenReport(GoldenSettings.report());
  }

  /**
   * One comparison.
   *
   * @param place the golden's class and name
   * @param test the test that asked, {@code class#method}; empty where nobody knows
   * @param key where what was drawn came from
   * @param against the key of the golden that it was held to; empty if there was none
   * @param message what the tester is told; empty if it passed
   */
  record Case(
      Status status,
      Place place,
      String test,
      String key,
      String against,
      String message,
      Optional<Approved> golden,
      Optional<Drawn> received,
      Optional<Origin> origin,
      List<Compared> compared,
      List<String> callDifferences) {

    /** What has no pictures. */
    static Case of(Status status, Place place, String test, String key, String message) {
      return new Case(
          status,
          place,
          test,
          key,
          "",
          message,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          List.of());
    }
  }

  /** Writes the pictures, then the line. */
  void add(Case result) {
    try {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("schema", SCHEMA);
      line.put("run", RUN);
      line.put("at", Instant.now().toString());
      line.put("status", result.status().label());
      line.put("test_class", result.place().testClass());
      line.put("name", result.place().name());
      line.put("test", result.test());
      line.put("key", result.key());
      line.put("against", result.against());
      line.put("kind", kind(result));
      line.put("message", result.message());
      line.put("call_differences", result.callDifferences());
      Map<String, Object> origins = new LinkedHashMap<>();
      result.golden().ifPresent(g -> origins.put("golden", ApprovedJson.origin(g.origin())));
      result.origin().ifPresent(o -> origins.put("received", ApprovedJson.origin(o)));
      line.put("origins", origins);
      line.put("pictures", pictures(result));
      append(Json.line(line).getBytes(StandardCharsets.UTF_8));
      WRITTEN.add(folder);
    } catch (IOException e) {
      if (!told) {
        told = true;
        LOG.warn("the golden report in {} cannot be written, and comparisons go on", folder, e);
      }
    }
  }

  /** The folders that this process wrote lines to since it was asked last. */
  static List<Path> takeWritten() {
    List<Path> folders = List.copyOf(WRITTEN);
    folders.forEach(WRITTEN::remove);
    return folders;
  }

  private static String kind(Case result) {
    boolean latents = result.received().flatMap(Drawn::latents).isPresent();
    return result.received().isEmpty() ? "none" : latents ? "latents" : "pictures";
  }

  private List<Object> pictures(Case result) throws IOException {
    List<PictureFile> golden = result.golden().map(g -> g.drawn().pictures()).orElse(List.of());
    List<PictureFile> received = result.received().map(Drawn::pictures).orElse(List.of());
    int count = Math.max(result.compared().size(), Math.max(golden.size(), received.size()));
    List<Object> pictures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Map<String, Object> picture = new LinkedHashMap<>();
      picture.put("index", i + 1);
      Optional<PictureFile> was = at(golden, i);
      Optional<PictureFile> is = at(received, i);
      if (was.isPresent()) {
        write(result, i, "golden", was.get().png(), was.get().pixels(), picture);
      }
      if (is.isPresent()) {
        if (was.isPresent() && Arrays.equals(was.get().png(), is.get().png())) {
          same(picture);
        } else {
          write(result, i, "received", is.get().png(), is.get().pixels(), picture);
        }
        picture.put("width", is.get().pixels().width());
        picture.put("height", is.get().pixels().height());
      }
      Optional<Compared> compared = at(result.compared(), i);
      // It costs as much as all measures together, and nobody looks for a fault in what passed.
      if (was.isPresent()
          && is.isPresent()
          && compared.filter(c -> !c.passed() && c.changed().isPresent()).isPresent()) {
        // Changed pixels were told in one size, whatever the size that came.
        Bitmap heat = HeatMap.of(was.get().pixels(), is.get().scaledTo(was.get()).pixels());
        write(result, i, "heat_map", Bitmaps.png(heat), heat, picture);
      }
      compared.ifPresent(c -> put(c, picture));
      pictures.add(picture);
    }
    return pictures;
  }

  private static void put(Compared compared, Map<String, Object> picture) {
    List<Object> verdicts = new ArrayList<>();
    for (Verdict verdict : compared.verdicts()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("measure", verdict.measure());
      json.put("label", verdict.label());
      json.put("value", finite(verdict.value()));
      json.put("limit", finite(verdict.limit()));
      json.put("direction", verdict.direction().name().toLowerCase(Locale.ROOT));
      json.put("passed", verdict.passed());
      json.put("limit_from", verdict.from());
      verdicts.add(json);
    }
    picture.put("passed", compared.passed());
    picture.put("verdicts", verdicts);
    compared
        .changed()
        .ifPresent(
            changed -> {
              Map<String, Object> json = new LinkedHashMap<>();
              json.put("share", changed.share());
              json.put("left", changed.left());
              json.put("top", changed.top());
              json.put("right", changed.right());
              json.put("bottom", changed.bottom());
              picture.put("changed", json);
            });
    List<Object> findings = new ArrayList<>();
    for (Finding finding : compared.findings()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("suspect", finding.suspect().name().toLowerCase(Locale.ROOT));
      json.put("because", finding.because());
      findings.add(json);
    }
    picture.put("findings", findings);
  }

  private static Object finite(double value) {
    return Double.isFinite(value) ? value : "infinite";
  }

  private static <T> Optional<T> at(List<T> list, int index) {
    return index < list.size() ? Optional.of(list.get(index)) : Optional.empty();
  }

  private void write(
      Case result, int index, String field, byte[] png, Bitmap pixels, Map<String, Object> picture)
      throws IOException {
    String which = field.equals("heat_map") ? "heat" : field;
    Path file = picture(result.place(), result.key(), index + 1, which);
    Files.createDirectories(file.getParent());
    Files.write(file, png);
    picture.put(field, below(file));
    if (png.length > Preview.ENOUGH) {
      Path preview = file.resolveSibling("%d-%s.jpg".formatted(index + 1, which));
      Files.write(preview, Preview.of(pixels));
      picture.put(field + "_preview", below(preview));
    }
  }

  /** What was received is the golden's file. */
  private static void same(Map<String, Object> picture) {
    for (String suffix : List.of("", "_preview")) {
      Optional.ofNullable(picture.get("golden" + suffix))
          .ifPresent(file -> picture.put("received" + suffix, file));
    }
  }

  private String below(Path file) {
    return folder.relativize(file).toString().replace('\\', '/');
  }

  /** Where a picture of this comparison lies, if its folder can be written to. */
  Path picture(Place place, String key, int index, String which) {
    return folder.resolve(
        "pictures/%s/%s/%s/%d-%s.png"
            .formatted(place.testClass(), place.name(), key, index, which));
  }

  /** Whole lines only, whoever else writes. */
  private void append(byte[] line) throws IOException {
    Files.createDirectories(folder);
    synchronized (ONE_AT_A_TIME) {
      try (FileChannel channel =
              FileChannel.open(
                  folder.resolve(LINES), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
          FileLock lock = channel.lock()) {
        ByteBuffer buffer = ByteBuffer.wrap(line);
        while (lock.isValid() && buffer.hasRemaining()) {
          channel.write(buffer);
        }
      }
    }
  }
}
