package dev.fluxbridge.cli.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page as a browser shows it, and as people use it. */
class RolloutPageInBrowserTest {
  private static final int MISMATCHES = 60;

  @SuppressWarnings("NullAway.Init") // not opened where the tests are skipped
  private static Browser browser;

  @SuppressWarnings("NullAway.Init")
  private static Path page;

  @SuppressWarnings("NullAway.Init")
  private static ObjectNode data;

  @SuppressWarnings("NullAway.Init")
  private static Path profile;

  @BeforeAll
  static void write(@TempDir Path folder, @TempDir Path own) throws IOException {
    data = new Scene(folder).data(MISMATCHES);
    page = folder.resolve("page.html");
    profile = own;
    RolloutPage.write(page, data, 50);
  }

  /** One for all tests; here, so that each that is skipped says why. */
  @BeforeEach
  void open() {
    if (browser == null) {
      browser = Browser.open(profile);
    }
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  /** A script that failed, a style that was refused: the browser says so. */
  @AfterEach
  void theBrowserDidNotComplain() {
    if (browser != null) {
      assertThat(browser.complaints()).isEmpty();
    }
  }

  @Test
  void everyPointOfTheHistoryIsAMarkWithItsValue() {
    browser.show(page, 1280, 900);
    String failures = "[data-task=text-to-image] [data-chart=errors] .mark[data-series=fal]";
    List<JsonNode> counted =
        data.get("history").findParents("errorRate").stream()
            .filter(row -> row.get("backend").asText().equals("fal"))
            .toList();

    List<WebElement> marks = browser.all(failures);
    assertThat(marks).hasSameSizeAs(counted);
    for (int i = 0; i < marks.size(); i += 7) {
      assertThat(Double.parseDouble(marks.get(i).getDomAttribute("data-value")))
          .isCloseTo(100 * counted.get(i).get("errorRate").asDouble(), Offset.offset(1e-9));
    }
    // the worst slot is drawn highest
    Object top =
        browser.ask(
            "[...document.querySelectorAll(arguments[0])].sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)[0].dataset.value",
            failures);
    assertThat(Double.parseDouble(String.valueOf(top))).isCloseTo(100 / 6.0, Offset.offset(1e-9));
    // shares of a slot add up
    assertThat(
            browser.ask(
                "[...document.querySelectorAll('[data-chart=share] .mark[data-at=\"2026-11-21T21:00:00Z\"]')].reduce((sum, mark) => sum + Number(mark.dataset.value), 0)"))
        .isEqualTo(100L);
    assertThat(
            browser.count(
                "[...document.querySelectorAll('[data-task=text-to-image] [data-chart=mismatches] .bar')].reduce((sum, bar) => sum + Number(bar.dataset.value), 0)"))
        .isEqualTo(48);
  }

  @Test
  void aTableStandsBehindEachChart() {
    browser.show(page, 1280, 900);
    WebElement summary = browser.one("[data-chart=latency] summary");
    browser.act("arguments[0].focus()", summary);
    browser.press(Keys.ENTER);
    browser.until("document.querySelectorAll('[data-chart=latency] details tbody tr').length > 0");
    assertThat(browser.all("[data-chart=latency] details tbody tr").get(0).getText())
        .contains("local", " s");
    assertThat(browser.one("[data-chart=latency] svg[role=img]").getDomAttribute("aria-label"))
        .contains("Latency over time");
  }

  @Test
  void filtersShowWhatTheySay() {
    browser.show(page, 1280, 900);
    assertThat(browser.one("#mismatches-count").getText()).isEqualTo("60");
    browser.choose("task", "inpaint");
    assertThat(browser.one("#mismatches-count").getText()).isEqualTo("12 of 60");
    assertThat(browser.all(".road")).hasSize(1);
    assertThat(browser.all(".mismatch"))
        .hasSize(12)
        .allMatch(card -> "inpaint".equals(card.getDomAttribute("data-task")));
    browser.choose("task", "");
    assertThat(browser.all("[data-chart=share] .mark[data-series=local]")).hasSize(72);
    browser.choose("range", "3600");
    assertThat(browser.all("[data-chart=share] .mark[data-series=local]")).hasSize(6);
    browser.choose("kind", "RolledBack");
    assertThat(browser.all("#timeline li")).hasSize(1);
    browser.choose("roads-of", "local, openai");
    assertThat(browser.one("#mismatches-count").getText()).isEqualTo("8 of 60");
    browser.choose("roads-of", "");
    browser.choose("differs-in", "cost");
    assertThat(browser.one("#mismatches-count").getText()).isEqualTo("24 of 60");
    browser.choose("differs-in", "");
    browser.one("#search").sendKeys("number 17");
    browser.until("document.querySelectorAll('.mismatch').length === 1");
    assertThat(browser.one(".mismatch").getDomAttribute("data-id")).isEqualTo("m0017");
  }

  @Test
  void aMismatchEnlargesAndFlipsWithTheKeyboardAlone() throws IOException {
    browser.show(page, 1280, 900);
    browser.act("document.querySelector('[data-id=m0001] .picture').focus()");
    browser.press(Keys.ENTER);
    browser.until(
        "document.getElementById('viewer').open && document.getElementById('below').complete");
    assertThat(visible()).isEqualTo("below");
    assertThat(browser.one("#caption").getText()).isEqualTo("served: local");
    browser.press(Keys.ENTER);
    assertThat(visible()).as("the flip button has the focus").isEqualTo("above");
    assertThat(browser.one("#caption").getText()).isEqualTo("beside it: fal");
    browser.press("f");
    assertThat(visible()).isEqualTo("below");
    browser.press("d");
    assertThat(visible()).isEqualTo("belowabove");
    browser.picture("viewer-difference");
    browser.press(Keys.ARROW_RIGHT);
    assertThat(browser.one("#viewer-title").getText()).contains("0.20 apart");
    browser.press(Keys.ESCAPE);
    assertThat(browser.ask("document.getElementById('viewer').open")).isEqualTo(false);
    assertThat(browser.focused().getDomAttribute("class"))
        .as("the focus is back")
        .isEqualTo("picture");
    browser.one("[data-id=m0001] [data-side=shadow]").click();
    assertThat(visible()).isEqualTo("above");
    browser.one("#stage").click();
    assertThat(visible()).isEqualTo("below");
    browser.picture("viewer");
  }

  @Test
  void severalPicturesOfACallArePairsAndItsArgumentsOpen() {
    browser.show(page, 1280, 900);
    assertThat(browser.all("[data-id=m0006] .pair")).hasSize(2);
    assertThat(browser.all("[data-id=m0006] .inputs img[alt=mask]")).hasSize(1);
    browser.act("document.querySelector('[data-id=m0006] summary').focus()");
    browser.press(Keys.ENTER);
    assertThat(browser.one("[data-id=m0006] details").getText())
        .contains("further apart than the limit", "seed", "46", "ssim", "0.91");
    browser.one("[data-id=m0006] .picture").click();
    browser.press(Keys.ARROW_RIGHT);
    assertThat(browser.one("#viewer-title").getText()).contains("0.40 apart");
    assertThat(browser.one("#below").getDomAttribute("src"))
        .isEqualTo(data.at("/mismatches/6/record/served/1").asText());
  }

  private static Object visible() {
    return browser.ask(
        "['below', 'above'].filter(id => getComputedStyle(document.getElementById(id)).visibility === 'visible').join('')");
  }

  @Test
  void whatUsersWroteStaysText() {
    browser.show(page, 1280, 900);
    assertThat(browser.one("[data-id=m0000] p").getText()).contains("</script><img src=x");
    assertThat(browser.all("img[src=x]")).isEmpty();
    assertThat(browser.ask("typeof window.hurt")).isEqualTo("undefined");
    browser.one("[data-id=m0000] .picture").click();
    assertThat(browser.one("#viewer-title").getText()).contains("</script><img src=x");
    assertThat(browser.all("#viewer img")).hasSize(2);
    assertThat(browser.ask("typeof window.hurt")).isEqualTo("undefined");
  }

  @Test
  void aPhoneScrollsInOneDirection() throws IOException {
    browser.show(page, 360, 740);
    assertThat(browser.count("document.documentElement.scrollWidth")).isLessThanOrEqualTo(360);
    browser.picture("phone");
    for (String section : List.of("charts", "mismatches")) {
      browser.act("document.getElementById(arguments[0]).scrollIntoView()", section);
      browser.picture("phone-" + section);
    }
    browser.one("[data-id=m0001] .picture").click();
    assertThat(browser.count("document.getElementById('viewer').getBoundingClientRect().right"))
        .isLessThanOrEqualTo(360);
    browser.picture("phone-viewer");
  }

  @Test
  void itIsReadableByDayAndByNight() throws IOException {
    for (boolean dark : new boolean[] {false, true}) {
      browser.dark(dark);
      browser.show(page, 1280, 900);
      String name = dark ? "dark" : "light";
      browser.picture(name);
      for (String section : List.of("charts", "events", "mismatches")) {
        browser.act("document.getElementById(arguments[0]).scrollIntoView()", section);
        browser.picture(name + "-" + section);
      }
      assertThat(contrast("body", "#read")).isGreaterThan(4.5);
      assertThat(contrast(".card", ".card th")).isGreaterThan(4.5);
    }
    browser.dark(false);
  }

  /** The contrast of two colours as WCAG has it, from 1 to 21. */
  private static double contrast(String under, String text) {
    Object ratio =
        browser.ask(
            "(() => { const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(v => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };"
                + "const [a, b] = [light(getComputedStyle(document.querySelector(arguments[0])).backgroundColor), light(getComputedStyle(document.querySelector(arguments[1])).color)];"
                + "return (Math.max(a, b) + .05) / (Math.min(a, b) + .05); }).apply(null, arguments)",
            under,
            text);
    return ((Number) ratio).doubleValue();
  }

  @Test
  void aMonthWithFiveHundredMismatchesAndEventsStaysUsable(@TempDir Path large) throws IOException {
    ObjectNode many = new Scene(large).data(500);
    for (int i = 0; many.get("events").size() < 500; i++) {
      many.withArray("/events").add(many.get("events").get(i));
    }
    List<JsonNode> counted = new ArrayList<>();
    many.get("history").forEach(counted::add);
    for (int hour = 13; hour < 24 * 30; hour++) {
      for (JsonNode row : counted.subList(20, 22)) {
        ObjectNode copy = row.deepCopy();
        copy.put("at", Scene.NOW.minus(Duration.ofHours(hour)).toString()).put("seconds", 3600);
        many.withArray("/history").insert(0, copy);
      }
    }
    Path big = large.resolve("big.html");
    RolloutPage.write(big, many, 500);

    Instant start = Instant.now();
    browser.show(big, 1280, 900);
    Duration loaded = Duration.between(start, Instant.now());
    assertThat(
            browser.count(
                "document.querySelectorAll('[data-chart=share] .mark[data-series=local]').length"))
        .isEqualTo(72 + 707);
    browser.act("document.getElementById('charts').scrollIntoView()");
    browser.picture("month-charts");
    start = Instant.now();
    browser.choose("order", "farthest");
    browser.choose("task", "inpaint");
    Duration filtered = Duration.between(start, Instant.now());

    System.out.printf(
        "A month with 500 mismatches: %d KiB, shown in %d ms, filtered in %d ms%n",
        big.toFile().length() / 1024, loaded.toMillis(), filtered.toMillis());
    assertThat(browser.one("#mismatches-count").getText()).isEqualTo("100 of 500");
    assertThat(loaded).isLessThan(Duration.ofSeconds(8));
    assertThat(filtered).isLessThan(Duration.ofSeconds(4));
  }

  @Test
  void anEmptyRolloutIsAPageToo(@TempDir Path empty) throws IOException {
    ObjectNode nothing = new Scene(empty).data(0);
    for (String list : List.of("roads", "budgets", "floors", "events", "history")) {
      nothing.putArray(list);
    }
    Path bare = empty.resolve("empty.html");
    RolloutPage.write(bare, nothing, 10);
    browser.show(bare, 1280, 900);
    assertThat(browser.one("main").getText())
        .contains("No road is under watch", "Nothing was counted yet", "No shadow differed");
    browser.picture("empty");
  }
}
