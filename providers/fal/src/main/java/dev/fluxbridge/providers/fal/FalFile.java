package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.BackendException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Something to upload: bytes, a file or a stream, with its name and media type.
 *
 * <p>It reads nothing before it is uploaded. Safe for use by several threads, but for a stream,
 * which can be uploaded once.
 */
public final class FalFile {
  private final Content content;
  private final Optional<String> name;
  private final Optional<String> mediaType;

  private FalFile(Content content, Optional<String> name, Optional<String> mediaType) {
    this.content = content;
    this.name = name;
    this.mediaType = mediaType;
  }

  /** Where the bytes are. */
  sealed interface Content {

    /** How messages call what has no name. */
    String label();

    /** How long it is, as far as that is known. */
    OptionalLong length();

    /** In memory. */
    @SuppressWarnings("ArrayRecordComponent") // compared by what it holds, elsewhere
    record InMemory(byte[] bytes) implements Content {
      @Override
      public String label() {
        return bytes.length + " bytes";
      }

      @Override
      public OptionalLong length() {
        return OptionalLong.of(bytes.length);
      }
    }

    /** In a file. */
    record OnDisk(Path path) implements Content {
      @Override
      public String label() {
        return "a file";
      }

      @Override
      public OptionalLong length() {
        return OptionalLong.of(attributes(path).size());
      }
    }

    /** Still to come. */
    record Coming(InputStream stream, OptionalLong length) implements Content {
      @Override
      public String label() {
        return "a stream";
      }
    }
  }

  /** Bytes in memory; not copied, so they must not change while they are uploaded. */
  public static FalFile of(byte[] bytes) {
    return new FalFile(new Content.InMemory(bytes), Optional.empty(), Optional.empty());
  }

  /** A file, read while it is uploaded. It must not change meanwhile. */
  public static FalFile of(Path file) {
    Path last = file.getFileName();
    return new FalFile(
        new Content.OnDisk(file), Optional.ofNullable(last).map(Path::toString), Optional.empty());
  }

  /** A stream of unknown length, read to its end while it is uploaded, and not closed. */
  public static FalFile of(InputStream stream) {
    return new FalFile(
        new Content.Coming(stream, OptionalLong.empty()), Optional.empty(), Optional.empty());
  }

  /**
   * A stream of known length, read to its end while it is uploaded, and not closed. One that turns
   * out shorter or longer is not uploaded.
   *
   * @param length bytes, at least 0
   * @throws IllegalArgumentException if the length is negative
   */
  public static FalFile of(InputStream stream, long length) {
    if (length < 0) {
      throw new IllegalArgumentException("a stream cannot be " + length + " bytes long");
    }
    return new FalFile(
        new Content.Coming(stream, OptionalLong.of(length)), Optional.empty(), Optional.empty());
  }

  /**
   * The same under this name, which fal may make part of the address.
   *
   * @throws IllegalArgumentException if the name is blank, longer than 200 or holds a slash or a
   *     control character
   */
  public FalFile named(String other) {
    boolean good =
        !other.isBlank()
            && other.length() <= 200
            && other.chars().noneMatch(c -> c < ' ' || c == 0x7f || c == '/' || c == '\\');
    if (!good) {
      throw new IllegalArgumentException(
          "the name of a file must be 1 to 200 characters without slashes and line breaks");
    }
    return new FalFile(content, Optional.of(other), mediaType);
  }

  /**
   * The same as this media type, for example {@code image/png}. Left out, it is known by the name's
   * ending or, for a picture in memory, by its first bytes.
   *
   * @throws IllegalArgumentException if that is no media type
   */
  public FalFile ofType(String other) {
    if (!MediaTypes.valid(other)) {
      throw new IllegalArgumentException("a media type looks like image/png");
    }
    return new FalFile(content, name, Optional.of(other));
  }

  Content content() {
    return content;
  }

  String mediaType() {
    return mediaType
        .or(() -> name.flatMap(MediaTypes::byName))
        .or(
            () ->
                content instanceof Content.InMemory memory
                    ? MediaTypes.byContent(memory.bytes())
                    : Optional.empty())
        .orElse(MediaTypes.UNKNOWN);
  }

  /** The name for fal. */
  String name() {
    return name.orElseGet(() -> "upload" + MediaTypes.ending(mediaType()));
  }

  /** How messages call it. */
  String label() {
    return name.orElseGet(content::label);
  }

  /**
   * What the disk says of a file.
   *
   * @throws FalException with {@code INVALID} if it is not there or not a file
   */
  static BasicFileAttributes attributes(Path file) {
    BasicFileAttributes found;
    try {
      found = Files.readAttributes(file, BasicFileAttributes.class);
    } catch (IOException missing) {
      throw FalException.of(
          Reason.INVALID, "the file " + file + " cannot be read: give one that is there");
    }
    if (!found.isRegularFile()) {
      throw FalException.of(
          Reason.INVALID,
          file + " is no file: give a file, or open what it is and give the stream");
    }
    if (!Files.isReadable(file)) {
      throw FalException.of(
          Reason.INVALID, "the file " + file + " may not be read by this process");
    }
    return found;
  }

  /** Tells its name and nothing of what is in it. */
  @Override
  public String toString() {
    return "FalFile[" + label() + "]";
  }
}
