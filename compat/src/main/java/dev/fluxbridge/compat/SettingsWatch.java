package dev.fluxbridge.compat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the settings file again and again, and takes what is new in it once it holds still and
 * makes sense. Whatever is wrong with the file, what it said before goes on, and the operator is
 * told once.
 *
 * <p>It reads rather than waits for notices: those come late or never on network drives, on other
 * systems than Linux, and where a link is moved to another folder.
 */
final class SettingsWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SettingsWatch.class);
  private static final Duration LOOK = Duration.ofMillis(10);

  /** For so long a file holds still from which lines are gone: perhaps they are being written. */
  private static final Duration LOSS_SETTLES = Duration.ofMillis(45);

  /** A file that was last written longer ago than this cannot change unseen by its time. */
  private static final Duration CLOCK_GRAIN = Duration.ofSeconds(2);

  private static final int LARGEST = 1 << 20;

  private final Settings settings;
  private final Path path;
  private final Consumer<Settings> check;
  private final Consumer<Told> listener;
  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "fluxbridge-settings");
            thread.setDaemon(true);
            return thread;
          });

  private byte[] taken;
  private byte @Nullable [] pending;
  private long pendingSince;
  private byte @Nullable [] refused;
  private @Nullable Stamp stamp;
  private @Nullable String complaint;
  private boolean switched;
  private boolean failed;

  /**
   * @param check throws for settings that make no sense
   * @param listener told of what was taken and of what was not
   */
  SettingsWatch(Settings settings, Path path, Consumer<Settings> check, Consumer<Told> listener) {
    this.settings = settings;
    this.path = path;
    this.check = check;
    this.listener = listener;
    this.taken = settings.content();
  }

  /** Starts to look, on a thread of its own that keeps no program from ending. */
  SettingsWatch start() {
    var unused =
        looking.scheduleWithFixedDelay(this::lookOn, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    return this;
  }

  /** What one look throws would end all further ones, and the kill switch with them. */
  private void lookOn() {
    try {
      look(System.nanoTime());
    } catch (RuntimeException e) {
      if (!failed) {
        failed = true;
        log.warn("A look at {} failed; the next one comes, and this is not said again", path, e);
      }
    }
  }

  @Override
  public void close() {
    looking.shutdownNow();
  }

  /** Looks once. */
  synchronized void look(long nanos) {
    byte[] content;
    try {
      Stamp seen = Stamp.of(path);
      if (seen.equals(stamp) && !seen.isFresh() && pending == null) {
        return;
      }
      content = read();
      stamp = seen;
    } catch (NoSuchFileException e) {
      lost("is gone");
      return;
    } catch (IOException e) {
      lost("cannot be read (" + e.getClass().getSimpleName() + ")");
      return;
    }
    if (Arrays.equals(content, taken)) {
      pending = null;
      refused = null;
      complaint = null;
      if (switched) {
        settings.take(SettingsFile.parse(settings.fileName(), content), content);
        switched = false;
      }
    } else if (!Arrays.equals(content, refused)) {
      settle(content, nanos);
    }
  }

  private byte[] read() throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] content = in.readNBytes(LARGEST + 1);
      if (content.length > LARGEST) {
        throw new IOException("larger than " + LARGEST + " bytes");
      }
      return content;
    }
  }

  private void lost(String what) {
    pending = null;
    stamp = null;
    complain(path + " " + what + ". What it said before goes on");
  }

  private void settle(byte[] content, long nanos) {
    if (!Arrays.equals(content, pending)) {
      pending = content;
      pendingSince = nanos;
      return;
    }
    if (new String(content, StandardCharsets.UTF_8).isBlank()) {
      refuse(
          content,
          path
              + " is empty, as a file is that somebody begins to write. What it said before goes on;"
              + " to take everything back, leave a comment in it");
      return;
    }
    SettingsFile file;
    try {
      file = SettingsFile.parse(settings.fileName(), content);
      if (loses(file) && nanos - pendingSince < LOSS_SETTLES.toNanos()) {
        return;
      }
      check.accept(settings.saying(file, content));
    } catch (RuntimeException e) {
      switched |= settings.takeKillSwitch(content);
      refuse(content, e.getMessage() + ". What " + path + " said before goes on");
      return;
    }
    settings.take(file, content);
    taken = content;
    switched = false;
    pending = null;
    refused = null;
    complaint = null;
    listener.accept(new Told(true, path + " was read anew"));
  }

  private boolean loses(SettingsFile file) {
    return !file.flags().keySet().containsAll(settings.file().flags().keySet());
  }

  private void refuse(byte[] content, String why) {
    pending = null;
    refused = content;
    complain(why);
  }

  private void complain(String why) {
    if (!why.equals(complaint)) {
      complaint = why;
      listener.accept(new Told(false, why));
    }
  }

  /**
   * What to tell the operator.
   *
   * @param taken whether the file counts now; else what it said before goes on
   * @param text a sentence
   */
  record Told(boolean taken, String text) {}

  /** By what a changed file is known without reading it. */
  private record Stamp(long size, Instant modified, @Nullable Object file) {
    static Stamp of(Path path) throws IOException {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return new Stamp(
          attributes.size(), attributes.lastModifiedTime().toInstant(), attributes.fileKey());
    }

    boolean isFresh() {
      return modified.isAfter(Instant.now().minus(CLOCK_GRAIN));
    }
  }
}
