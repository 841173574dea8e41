package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.Effects;
import java.net.URI;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What was uploaded for inputs, so that the same file goes up once, even when several ask for it at
 * the same time. Safe for use by several threads.
 */
final class UploadMemory {
  private static final int MOST = 1_000;

  /** fal keeps a file as long as the account says, which nobody here knows. */
  private static final Duration LONGEST = Duration.ofDays(1);

  private final Effects.Ticker ticker;
  private final Map<Key, CompletableFuture<URI>> underWay = new HashMap<>();
  private final Map<Key, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Known> eldest) {
          return size() > MOST;
        }
      };

  UploadMemory(Effects.Ticker ticker) {
    this.ticker = ticker;
  }

  private record Known(URI url, long until) {}

  /** An upload that has to be made. */
  @FunctionalInterface
  interface Upload {
    URI run() throws InterruptedException;
  }

  /** What makes two uploads the same. */
  record Key(Object content, UploadRoad.Cargo cargo, FalUploadRoute route) {}

  /** A file on disk: whoever changes one without a trace in these is not seen. */
  private record DiskContent(Path path, long size, FileTime modified, @Nullable Object fileKey) {}

  private record MemoryContent(int size, String sha256) {}

  /** What identifies a content; empty for a stream, which nobody can look into. */
  static Optional<Object> identity(FalFile.Content content) {
    if (content instanceof FalFile.Content.OnDisk disk) {
      BasicFileAttributes found = FalFile.attributes(disk.path());
      return Optional.of(
          new DiskContent(
              disk.path().toAbsolutePath().normalize(),
              found.size(),
              found.lastModifiedTime(),
              found.fileKey()));
    }
    if (content instanceof FalFile.Content.InMemory memory) {
      return Optional.of(new MemoryContent(memory.bytes().length, sha256(memory.bytes())));
    }
    return Optional.empty();
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * The address of what was uploaded, by this call or by one before.
   *
   * @param keeps how long fal keeps it; half of that, it is used again
   */
  URI once(Key key, Optional<Duration> keeps, Deadline deadline, Upload upload)
      throws InterruptedException, TimeoutException {
    while (true) {
      CompletableFuture<URI> mine = new CompletableFuture<>();
      CompletableFuture<URI> theirs;
      synchronized (this) {
        Known before = known.get(key);
        if (before != null && before.until - ticker.nanos() > 0) {
          return before.url;
        }
        theirs = underWay.putIfAbsent(key, mine);
      }
      if (theirs == null) {
        return first(key, keeps, upload, mine);
      }
      try {
        return theirs.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
      } catch (ExecutionException failed) {
        // perhaps it was only cancelled: this call goes up for itself, and fails for itself
      }
    }
  }

  private URI first(Key key, Optional<Duration> keeps, Upload upload, CompletableFuture<URI> mine)
      throws InterruptedException {
    long asked = ticker.nanos();
    try {
      URI url = upload.run();
      Duration half = keeps.map(kept -> kept.dividedBy(2)).orElse(LONGEST);
      Duration use = half.compareTo(LONGEST) < 0 ? half : LONGEST;
      synchronized (this) {
        known.put(key, new Known(url, asked + use.toNanos()));
      }
      mine.complete(url);
      return url;
    } finally {
      synchronized (this) {
        underWay.remove(key);
      }
      // says nothing where it is complete
      mine.completeExceptionally(new IllegalStateException("the upload failed"));
    }
  }
}
