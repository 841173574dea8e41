package dev.fluxbridge.providers.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Cuts bytes into events, wherever the pieces of them end. Not safe for use by several threads.
 *
 * <p>It holds the bytes of one event and no more. An event that is not ended by an empty line is
 * never given out.
 *
 * <p>Source: the WHATWG HTML standard, server-sent events.
 */
final class EventParser {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final int limit;
  private final Sink sink;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final StringBuilder data = new StringBuilder();
  private String type = "";
  private Optional<String> id = Optional.empty();
  private Optional<Duration> retry = Optional.empty();
  private int held;
  private boolean firstLine = true;
  private boolean comment;
  private boolean afterReturn;

  /** Takes the events. */
  @FunctionalInterface
  interface Sink {
    void event(ServerSentEvent event) throws IOException;
  }

  /** An event is larger than it may be. */
  static final class TooLong extends IOException {
    private static final long serialVersionUID = 1L;
  }

  EventParser(int limit, Sink sink) {
    this.limit = limit;
    this.sink = sink;
  }

  /** Takes the next bytes. */
  void feed(byte[] bytes, int from, int to) throws IOException {
    int start = from;
    for (int at = from; at < to; at++) {
      byte b = bytes[at];
      if (b != '\n' && b != '\r') {
        continue;
      }
      boolean secondHalf = b == '\n' && at == start && afterReturn;
      if (!secondHalf) {
        keep(bytes, start, at);
        endLine();
      }
      afterReturn = b == '\r';
      start = at + 1;
    }
    keep(bytes, start, to);
  }

  /** Whether what came so far ends inside of an event. */
  boolean midEvent() {
    return held > 0 || line.size() > 0;
  }

  private void keep(byte[] bytes, int from, int to) throws TooLong {
    if (from == to) {
      return;
    }
    afterReturn = false;
    comment |= line.size() == 0 && bytes[from] == ':';
    if (comment) {
      return;
    }
    if (to - from > limit - held - line.size()) {
      throw new TooLong();
    }
    line.write(bytes, from, to - from);
  }

  private void endLine() throws IOException {
    byte[] bytes = line.toByteArray();
    line.reset();
    boolean marked =
        firstLine
            && bytes.length >= BYTE_ORDER_MARK.length
            && Arrays.equals(bytes, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, 3);
    firstLine = false;
    int from = marked ? BYTE_ORDER_MARK.length : 0;
    if (comment) {
      comment = false;
    } else if (bytes.length == from) {
      dispatch();
    } else {
      held += bytes.length;
      // no line ends inside of a letter, so none is torn apart here
      field(new String(bytes, from, bytes.length - from, UTF_8));
    }
  }

  private void field(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String value = colon < 0 ? "" : text.substring(colon + 1);
    if (value.startsWith(" ")) {
      value = value.substring(1);
    }
    switch (name) {
      case "event" -> type = value;
      case "data" -> data.append(value).append('\n');
      case "id" -> {
        if (value.indexOf('\0') < 0) {
          id = value.isEmpty() ? Optional.empty() : Optional.of(value);
        }
      }
      case "retry" -> {
        if (value.matches("[0-9]{1,9}")) {
          retry = Optional.of(Duration.ofMillis(Long.parseLong(value)));
        }
      }
      default -> {
        // the standard says to pass over what it does not name
      }
    }
  }

  private void dispatch() throws IOException {
    String whole = data.toString();
    String named = type.isEmpty() ? "message" : type;
    data.setLength(0);
    type = "";
    held = 0;
    if (!whole.isEmpty()) {
      sink.event(new ServerSentEvent(named, whole.substring(0, whole.length() - 1), id, retry));
    }
  }
}
