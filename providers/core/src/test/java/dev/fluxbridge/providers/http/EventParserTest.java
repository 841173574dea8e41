package dev.fluxbridge.providers.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class EventParserTest {
  private static final int LIMIT = 1000;

  private static List<ServerSentEvent> parse(byte[] bytes, List<Integer> cuts) {
    List<ServerSentEvent> events = new ArrayList<>();
    EventParser parser = new EventParser(LIMIT, events::add);
    try {
      int from = 0;
      for (int cut : cuts) {
        int to = Math.min(bytes.length, from + cut);
        parser.feed(bytes, from, to);
        from = to;
      }
      parser.feed(bytes, from, bytes.length);
    } catch (IOException tooLong) {
      throw new UncheckedIOException(tooLong);
    }
    return events;
  }

  private static List<ServerSentEvent> parse(String text) {
    return parse(text.getBytes(UTF_8), List.of());
  }

  private static List<String> data(String text) {
    return parse(text).stream().map(ServerSentEvent::data).toList();
  }

  @Test
  void readsEveryFieldOfAnEvent() {
    assertThat(parse("event: add\nid: 7\nretry: 1500\ndata: {\"a\":1}\n\n"))
        .containsExactly(
            new ServerSentEvent(
                "add", "{\"a\":1}", Optional.of("7"), Optional.of(Duration.ofMillis(1500))));
  }

  @Test
  void endsALineAtAnyOfTheThreeEnds() {
    assertThat(data("data: a\n\ndata: b\r\rdata: c\r\n\r\ndata: d\r\n\n"))
        .containsExactly("a", "b", "c", "d");
  }

  @Test
  void givesAnEventOutAtItsLastCarriageReturnWithoutWaitingForALineFeed() {
    assertThat(data("data: a\r\r")).containsExactly("a");
  }

  @Test
  void joinsLinesOfDataByLineFeedsAndTakesOneSpaceAway() {
    assertThat(data("data:a\ndata:  b\ndata\ndata: c:d\n\n")).containsExactly("a\n b\n\nc:d");
    assertThat(data("data: a\r\ndata: b\r\n\r\n")).containsExactly("a\nb");
  }

  @Test
  void passesOverCommentsUnknownFieldsAndEventsWithoutData() {
    assertThat(data(": ping\n\n:\n\nfield: x\n\nevent: none\n\ndata: a\n\n")).containsExactly("a");
    assertThat(parse("event: none\n\ndata: a\n\n").get(0).type()).isEqualTo("message");
  }

  @Test
  void givesOutAnEventOfOneEmptyLineOfData() {
    assertThat(data("data\n\n")).containsExactly("");
  }

  @Test
  void keepsTheLastIdAndTheLastPauseAndBelievesNoBadOnes() {
    List<ServerSentEvent> events =
        parse("id: 1\nretry: 10\ndata: a\n\nid: x\0y\nretry: 5s\ndata: b\n\nid\ndata: c\n\n");

    assertThat(events)
        .extracting(ServerSentEvent::id)
        .containsExactly(Optional.of("1"), Optional.of("1"), Optional.empty());
    assertThat(events)
        .extracting(ServerSentEvent::retry)
        .containsOnly(Optional.of(Duration.ofMillis(10)));
  }

  @Test
  void passesOverAByteOrderMarkAtTheBeginningOnly() {
    assertThat(data("\ufeffdata: a\n\n\ufeffdata: b\n\n")).containsExactly("a");
    assertThat(data("\ufeff\ndata: a\n\n")).containsExactly("a");
  }

  @Test
  void dropsAnEventThatWasNotEndedAndKnowsThatItDid() throws IOException {
    List<ServerSentEvent> events = new ArrayList<>();
    EventParser parser = new EventParser(LIMIT, events::add);
    byte[] whole = "data: a\n\n".getBytes(UTF_8);

    parser.feed(whole, 0, whole.length);
    assertThat(parser.midEvent()).isFalse();
    byte[] half = ": ping\n\ndata: b\n".getBytes(UTF_8);
    parser.feed(half, 0, half.length);

    assertThat(parser.midEvent()).isTrue();
    assertThat(events).hasSize(1);
  }

  @Test
  void refusesAnEventThatIsTooLargeInOneLineOrInMany() {
    String line = "data: " + "x".repeat(LIMIT) + "\n\n";
    String lines = "data: x\n".repeat(LIMIT / 7 + 1) + "\n";

    for (String text : List.of(line, lines)) {
      assertThatThrownBy(() -> parse(text)).hasCauseInstanceOf(EventParser.TooLong.class);
    }
  }

  @Test
  void takesManyEventsAndLongCommentsWithoutReachingTheLimitOfOne() {
    String text = (":" + "x".repeat(2 * LIMIT) + "\ndata: " + "x".repeat(900) + "\n\n").repeat(5);

    assertThat(data(text)).hasSize(5);
  }

  @Test
  void showsNothingOfTheDataInItsText() {
    assertThat(parse("data: a red fox\n\n").get(0))
        .hasToString("ServerSentEvent[message, 9 characters]");
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void givesTheSameEventsHoweverTheBytesAreCut(
      @ForAll("streams") byte[] bytes,
      @ForAll @Size(max = 60) List<@IntRange(max = 9) Integer> cuts) {
    assertThat(parse(bytes, cuts)).isEqualTo(parse(bytes, List.of()));
    assertThat(parse(bytes, ones(bytes))).isEqualTo(parse(bytes, List.of()));
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void neverFailsAtAnyBytesBelowTheLimit(@ForAll @Size(max = 900) byte[] bytes) {
    assertThat(parse(bytes, ones(bytes))).isEqualTo(parse(bytes, List.of()));
  }

  private static List<Integer> ones(byte[] bytes) {
    return java.util.Collections.nCopies(bytes.length, 1);
  }

  @Provide
  Arbitrary<byte[]> streams() {
    Arbitrary<String> piece =
        Arbitraries.of(
            "data: ",
            "data:",
            "data",
            "event: é",
            "id: 1",
            "retry: 9",
            ": ping",
            "\n",
            "\r",
            "\r\n",
            "\n\n",
            "\r\n\r\n",
            "\ufeff",
            "{\"a\":\"日本\"}",
            "🦊",
            " ",
            ":",
            "\0");
    return piece
        .list()
        .ofMaxSize(60)
        .map(
            pieces -> {
              ByteArrayOutputStream out = new ByteArrayOutputStream();
              pieces.forEach(text -> out.writeBytes(text.getBytes(UTF_8)));
              return out.toByteArray();
            });
  }
}
