package dev.fluxbridge.providers.fal;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a {@link FalRealtime} is set up. Immutable.
 *
 * @param login how the endpoint knows who calls
 * @param encoding how messages are written; both kinds are read
 * @param path what follows the name of the endpoint, instead of {@code /realtime}
 * @param maxBuffering how many inputs the endpoint may keep, 1 to 60, before it drops old ones; its
 *     own choice if absent
 * @param waiting how many messages may wait for a connection
 * @param maxMessage bytes of one message that comes
 */
public record FalRealtimeOptions(
    Login login,
    Encoding encoding,
    Optional<String> path,
    OptionalInt maxBuffering,
    int waiting,
    int maxMessage) {

  /** How the endpoint knows who calls. */
  public enum Login {
    /** The key, in a header of the handshake. */
    KEY,
    /** A token that lives for two minutes and opens this app only, in the address. */
    TOKEN
  }

  /** How messages are written. */
  public enum Encoding {
    /** MessagePack, which carries bytes as they are: what fal's own apps read. */
    MSGPACK,
    /** JSON, with bytes as base64: for apps that read text. */
    JSON
  }

  /** The key, MessagePack, 16 messages that wait, 64 MB. */
  public static final FalRealtimeOptions DEFAULT =
      new FalRealtimeOptions(
          Login.KEY,
          Encoding.MSGPACK,
          Optional.empty(),
          OptionalInt.empty(),
          16,
          FalExchange.MAX_ANSWER);

  /**
   * Checks them.
   *
   * @throws IllegalArgumentException if a number is out of its range or the path is none
   */
  public FalRealtimeOptions {
    if (path.isPresent() && !path.get().matches("(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")) {
      throw new IllegalArgumentException("the path must be like /realtime");
    }
    if (maxBuffering.isPresent() && (maxBuffering.getAsInt() < 1 || maxBuffering.getAsInt() > 60)) {
      throw new IllegalArgumentException("maxBuffering must be 1 to 60");
    }
    if (waiting < 1 || maxMessage < 1) {
      throw new IllegalArgumentException("waiting and maxMessage must be at least 1");
    }
  }

  /** The same with this login. */
  public FalRealtimeOptions with(Login other) {
    return new FalRealtimeOptions(other, encoding, path, maxBuffering, waiting, maxMessage);
  }

  /** The same with this encoding. */
  public FalRealtimeOptions with(Encoding other) {
    return new FalRealtimeOptions(login, other, path, maxBuffering, waiting, maxMessage);
  }

  /** The same at this path, for example {@code /realtime}. */
  public FalRealtimeOptions withPath(String other) {
    return new FalRealtimeOptions(
        login, encoding, Optional.of(other), maxBuffering, waiting, maxMessage);
  }

  /** The same, for so many inputs that the endpoint may keep. */
  public FalRealtimeOptions withMaxBuffering(int inputs) {
    return new FalRealtimeOptions(
        login, encoding, path, OptionalInt.of(inputs), waiting, maxMessage);
  }

  /** The same, for so many messages that may wait for a connection. */
  public FalRealtimeOptions withWaiting(int messages) {
    return new FalRealtimeOptions(login, encoding, path, maxBuffering, messages, maxMessage);
  }

  /** The same with this limit of one message. */
  public FalRealtimeOptions withMaxMessage(int bytes) {
    return new FalRealtimeOptions(login, encoding, path, maxBuffering, waiting, bytes);
  }

  /** Where the endpoint listens. */
  String pathOf(EndpointId endpoint) {
    String id = "/" + endpoint;
    return path.map(other -> id + other)
        .orElseGet(() -> id.endsWith("/realtime") ? id : id + "/realtime");
  }
}
