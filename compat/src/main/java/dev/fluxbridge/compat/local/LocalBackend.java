package dev.fluxbridge.compat.local;

import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.checkpoint.CheckpointException;
import dev.fluxbridge.legacy.checkpoint.EmbeddedCheckpoint;
import dev.fluxbridge.legacy.flux.Drawing;
import dev.fluxbridge.legacy.flux.DrawingCancelledException;
import dev.fluxbridge.legacy.flux.EngineOptions;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Cost;
import dev.fluxbridge.providers.Edit;
import dev.fluxbridge.providers.ImageBackend;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.LedgerRow;
import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Picture;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.Provenance;
import dev.fluxbridge.providers.Seed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Draws in this process. Loads a checkpoint at the first call that needs it and keeps it until it
 * is closed.
 *
 * <p>Safe for use by several threads; calls on one checkpoint wait for each other.
 */
final class LocalBackend implements ImageBackend, AutoCloseable {
  static final String NAME = "local";
  private static final String EMBEDDED = "embedded";

  private final Settings settings;
  private final Map<Key, LoadedCheckpoint> loaded = new HashMap<>();
  private boolean closed;

  private record Key(Path folder, EngineOptions options) {}

  LocalBackend(Settings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public ImageResult generate(ImageRequest request, Progress progress) {
    long start = System.nanoTime();
    String asked = settings.get(Settings.LOCAL_CHECKPOINT).orElse(request.model());
    List<Note> notes = notes(asked, request);
    // Drawn here and not in the engine, so that the result can tell it.
    List<Seed> seeds =
        request.seeds().isEmpty() && drawsNoise(request)
            ? List.of(Seed.of(ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE)))
            : request.seeds();
    StepBridge steps = new StepBridge(progress);
    try {
      Drawing drawing =
          checkpoint(folder(asked, request), options(request))
              .draw(EngineCall.of(request, seeds), request.weights(), request.memory(), steps);
      return new ImageResult(
          drawing.pictures().stream().map(values -> picture(values, drawing.decoded())).toList(),
          seedsOfPictures(seeds, request.imageCount()),
          List.of(),
          notes,
          new Cost.NotBilled(),
          new Provenance(NAME, asked, List.of(), Duration.ofNanos(System.nanoTime() - start)));
    } catch (RuntimeException e) {
      throw steps.threw(e) ? e : translated(e);
    }
  }

  private static RuntimeException translated(RuntimeException e) {
    if (e instanceof BackendException) {
      return e;
    }
    if (e instanceof CheckpointException && Thread.currentThread().isInterrupted()) {
      // An interrupt closes the files that are being read, which then look damaged.
      return new BackendException(
          Reason.CANCELLED, "local: the thread was interrupted while loading", e);
    }
    Reason reason =
        e instanceof CheckpointException || e instanceof IllegalArgumentException
            ? Reason.INVALID
            : e instanceof DrawingCancelledException ? Reason.CANCELLED : Reason.UNAVAILABLE;
    return new BackendException(reason, "local: " + e.getMessage(), e);
  }

  /** With latents of its own and no picture to encode, a call uses no noise. */
  private static boolean drawsNoise(ImageRequest request) {
    return request.latents().isEmpty()
        || !request.edit().equals(Edit.NONE)
        || !request.controls().isEmpty();
  }

  private List<Note> notes(String checkpoint, ImageRequest request) {
    List<Note> notes = new ArrayList<>();
    if (onGpu()) {
      // Not for strict to refuse: a seed of a generator of the CPU is kept to.
      notes.add(note(LocalLedger.GPU));
    } else if (request.memory().offload()) {
      // Nor this: it changes no picture.
      notes.add(note(LocalLedger.OFFLOAD_CPU));
    }
    if (!checkpoint.equals(EMBEDDED)) {
      return notes;
    }
    Note note =
        LocalLedger.EMBEDDED.note(
            "drawn with the tiny checkpoint that comes along, not with " + request.model());
    if (settings.isOn(Settings.STRICT)) {
      throw new BackendException(
          Reason.UNSUPPORTED,
          "strict is on, and it would be " + note.text() + " (" + note.code() + ")");
    }
    notes.add(note);
    return notes;
  }

  private static Note note(LedgerRow row) {
    return row.note(row.when());
  }

  private static Path folder(String asked, ImageRequest request) {
    if (asked.equals(EMBEDDED)) {
      return request.pipeline() == Pipeline.FLEX
          ? EmbeddedCheckpoint.flexFolder()
          : EmbeddedCheckpoint.folder();
    }
    Path folder = Path.of(asked);
    if (!Files.isDirectory(folder)) {
      throw new BackendException(
          Reason.INVALID,
          "local: there is no checkpoint folder %s. Set %s to the folder that holds its model_index.json, or to '%s' to try with the tiny one"
              .formatted(asked, Settings.LOCAL_CHECKPOINT, EMBEDDED));
    }
    return folder.toAbsolutePath().normalize();
  }

  private synchronized LoadedCheckpoint checkpoint(Path folder, EngineOptions options) {
    if (closed) {
      throw new IllegalStateException("it is closed");
    }
    Key key = new Key(folder, options);
    @Nullable LoadedCheckpoint checkpoint = loaded.get(key);
    if (checkpoint == null) {
      checkpoint = LoadedCheckpoint.load(folder, options);
      loaded.put(key, checkpoint);
    }
    return checkpoint;
  }

  private EngineOptions options(ImageRequest request) {
    return EngineOptions.of(
        settings.get(Settings.LOCAL_DEVICE).orElse(EngineOptions.DEFAULT.device()),
        settings.get(Settings.LOCAL_DTYPE),
        settings.isOn(Settings.LOCAL_OFFLOAD) || (onGpu() && request.memory().offload()));
  }

  private boolean onGpu() {
    return settings.get(Settings.LOCAL_DEVICE).orElse("cpu").startsWith("cuda");
  }

  private static Picture picture(Floats values, boolean decoded) {
    return decoded
        ? new Picture.Pixels(EngineCall.tensor(values))
        : new Picture.Latents(EngineCall.tensor(values));
  }

  private static List<Long> seedsOfPictures(List<Seed> seeds, int pictures) {
    return seeds.size() == 1
        ? Collections.nCopies(pictures, seeds.get(0).value())
        : seeds.stream().map(Seed::value).toList();
  }

  @Override
  public synchronized void close() {
    closed = true;
    loaded.values().forEach(LoadedCheckpoint::close);
    loaded.clear();
  }
}
