package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message as it travels.
 *
 * @param bytes what it is
 * @param text whether that is UTF-8
 */
@SuppressWarnings("ArrayRecordComponent") // sent once, compared by nobody
record FalFrame(byte[] bytes, boolean text) {

  /**
   * Writes a message.
   *
   * @throws IllegalArgumentException if it holds something else than data; it names where
   */
  static FalFrame of(
      Map<String, ? extends @Nullable Object> values, FalRealtimeOptions.Encoding encoding) {
    byte[] packed = MsgPack.write(values);
    return encoding == FalRealtimeOptions.Encoding.MSGPACK
        ? new FalFrame(packed, false)
        : new FalFrame(JsonValues.json(values).getBytes(UTF_8), true);
  }

  int size() {
    return bytes.length;
  }

  /** What a message of text holds; empty if it is no JSON object. */
  static Optional<FalMessage> read(String text) {
    return Json.read(text).map((ObjectNode object) -> new FalMessage(JsonValues.of(object)));
  }

  /** What a message of bytes holds; empty if it is no map in MessagePack. */
  @SuppressWarnings("unchecked") // its keys are texts, as MsgPack reads them
  static Optional<FalMessage> read(byte[] packed) {
    return MsgPack.read(packed)
        .map(MsgPack.Read::value)
        .filter(Map.class::isInstance)
        .map(map -> new FalMessage((Map<String, @Nullable Object>) map));
  }

  @Override
  public String toString() {
    return "FalFrame of " + bytes.length + " bytes";
  }
}
