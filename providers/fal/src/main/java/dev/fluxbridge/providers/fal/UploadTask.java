package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.http.BodySource;
import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.Threads;
import java.net.URI;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * One upload, from the first byte read to the address. Runs on a thread that may be interrupted.
 */
final class UploadTask {
  private static final int MOST_PARTS = 10_000;

  private final UploadRoad road;
  private final FalUploadOptions options;
  private final FalFile file;
  private final UploadRoad.Cargo cargo;
  private final FalUploadProgress progress;
  private final Deadline deadline;

  UploadTask(
      UploadRoad road,
      FalUploadOptions options,
      FalFile file,
      FalUploadProgress progress,
      Deadline deadline) {
    this.road = road;
    this.options = options;
    this.file = file;
    this.cargo = cargo(file, options);
    this.progress = progress;
    this.deadline = deadline;
  }

  static UploadRoad.Cargo cargo(FalFile file, FalUploadOptions options) {
    return new UploadRoad.Cargo(file.label(), file.name(), file.mediaType(), options.lifecycle());
  }

  URI run() throws InterruptedException {
    if (file.content() instanceof FalFile.Content.InMemory memory) {
      byte[] bytes = memory.bytes();
      long part = options.partBytesFor(bytes.length);
      return known(bytes.length, BodySource.of(bytes), UploadParts.of(bytes, part));
    }
    if (file.content() instanceof FalFile.Content.OnDisk disk) {
      return onDisk(disk.path());
    }
    FalFile.Content.Coming coming = (FalFile.Content.Coming) file.content();
    long part = options.partBytesFor(coming.length().orElse(0));
    return coming(new UploadParts.OfStream(coming.stream(), coming.length(), (int) part));
  }

  private URI known(long size, BodySource whole, UploadParts parts) throws InterruptedException {
    UploadMeter meter = new UploadMeter(progress, OptionalLong.of(size));
    return size > options.multipartFrom()
        ? inParts(null, parts, meter)
        : road.whole(cargo, meter.counted(whole), deadline);
  }

  private URI onDisk(Path path) throws InterruptedException {
    BasicFileAttributes before = FalFile.attributes(path);
    long size = before.size();
    UploadParts parts =
        new Watched(UploadParts.of(path, size, options.partBytesFor(size)), path, before);
    URI url = known(size, BodySource.of(path, 0, size), parts);
    try {
      unchanged(path, before);
    } catch (FalException changed) {
      throw changed.adding("what was sent lies at fal under an address that nobody has");
    }
    return url;
  }

  /** Parts of a file that is looked at again after the last one, before they are put together. */
  private record Watched(UploadParts parts, Path path, BasicFileAttributes before)
      implements UploadParts {
    @Override
    public @Nullable BodySource next() {
      return parts.next();
    }

    @Override
    public void sent() {
      unchanged(path, before);
    }
  }

  private static void unchanged(Path path, BasicFileAttributes before) {
    BasicFileAttributes after = FalFile.attributes(path);
    boolean same =
        after.size() == before.size()
            && after.lastModifiedTime().equals(before.lastModifiedTime())
            && Objects.equals(after.fileKey(), before.fileKey());
    if (!same) {
      throw FalException.of(
          Reason.INVALID,
          "the file " + path + " changed while it was uploaded: upload it again when it is whole");
    }
  }

  private URI coming(UploadParts.OfStream parts) throws InterruptedException {
    UploadMeter meter = new UploadMeter(progress, file.content().length());
    BodySource first = Objects.requireNonNull(parts.next());
    return parts.over()
        ? road.whole(cargo, meter.counted(first), deadline)
        : inParts(first, parts, meter);
  }

  private URI inParts(@Nullable BodySource first, UploadParts parts, UploadMeter meter)
      throws InterruptedException {
    UploadRoad.InParts sending = road.begin(cargo, deadline);
    try {
      SortedMap<Integer, String> marks = sendAll(sending, first, parts, meter);
      parts.sent();
      return sending.complete(marks, deadline);
    } catch (FalException failure) {
      throw failure.adding(
          "parts of it may lie at fal until fal clears them away, under no address that anybody has");
    }
  }

  private SortedMap<Integer, String> sendAll(
      UploadRoad.InParts sending, @Nullable BodySource first, UploadParts parts, UploadMeter meter)
      throws InterruptedException {
    int parallel = options.parallelParts();
    SortedMap<Integer, String> marks = new ConcurrentSkipListMap<>();
    Line line = new Line(first, parts);
    ExecutorService senders = Threads.upTo(parallel, "fluxbridge-upload-part");
    try {
      var ended = new ExecutorCompletionService<@Nullable Void>(senders);
      for (int i = 0; i < parallel; i++) {
        ended.submit(
            () -> {
              // who has sent a part fetches the next: no more are in memory than are under way
              for (Numbered part = line.next(); part != null; part = line.next()) {
                BodySource bytes = meter.counted(part.bytes);
                marks.put(part.number, sending.part(part.number, bytes, deadline));
                parts.done(part.bytes);
              }
              return null;
            });
      }
      for (int i = 0; i < parallel; i++) {
        ended.take().get();
      }
      return marks;
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new IllegalStateException(failure.getCause());
    } finally {
      // what is still under way after a failure is cancelled by this
      senders.shutdownNow();
    }
  }

  private record Numbered(int number, BodySource bytes) {}

  /** Where the senders fetch their parts, one after the other. */
  private final class Line {
    private final UploadParts parts;
    private @Nullable BodySource first;
    private int number;
    private boolean broken;

    Line(@Nullable BodySource first, UploadParts parts) {
      this.first = first;
      this.parts = parts;
    }

    synchronized @Nullable Numbered next() {
      if (broken) {
        // the sender that met it tells why
        return null;
      }
      broken = true;
      BodySource part = first == null ? parts.next() : first;
      first = null;
      if (part == null) {
        broken = false;
        return null;
      }
      if (++number > MOST_PARTS) {
        throw FalException.of(
            Reason.INVALID,
            "%s has more than %d parts of %d bytes: choose larger parts, or tell its length"
                .formatted(cargo.label(), MOST_PARTS, options.partBytes()));
      }
      broken = false;
      return new Numbered(number, part);
    }
  }
}
