package dev.fluxbridge.golden.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page as a browser shows it, and as people use it. */
class PageInBrowserTest {
  @SuppressWarnings("NullAway.Init") // not opened where the tests are skipped
  private static Browser browser;

  @SuppressWarnings("NullAway.Init")
  private static Path page;

  @SuppressWarnings("NullAway.Init")
  private static Path profile;

  @BeforeAll
  static void write(@TempDir Path folder, @TempDir Path own) throws IOException {
    Lines gallery = Gallery.write(folder);
    ObjectNode hostile = Lines.line("error", "com.example.HostileTest", Lines.HOSTILE);
    hostile.put("message", Lines.HOSTILE).withArray("/call_differences").add(Lines.HOSTILE);
    hostile.withObject("/origins/received").put("model", Lines.HOSTILE);
    gallery.add(hostile).text("{\"schema\":1,\"name\":\"<img src=x onerror=alert(1)>");
    gallery.add(Lines.line("obsolete", "com.example.OldTest", "gone").put("key", ""));
    ObjectNode two = Lines.line("failed", "com.example.TwoTest", "two");
    for (int i = 0; i < 2; i++) {
      ObjectNode picture = Lines.picture(two, i == 0 ? 0.99 : 0.9, i == 0);
      picture.put("golden", gallery.png("two-" + i, Landscape.draw(20 + i, 64)));
      picture.put("received", gallery.png("two-r" + i, Landscape.draw(22 + i, 64)));
    }
    gallery.add(two);
    page = GoldenReports.write(gallery.folder).page();
    profile = own;
  }

  /** One for all tests; here, so that each that is skipped says why. */
  @BeforeEach
  void open() {
    if (browser == null) {
      browser = Browser.open(profile);
    }
    browser.size(1400, 900);
    browser.go("about:blank");
    browser.requests();
    browser.show(page, 1400, 900);
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  /** A script that failed, a style that was refused, anything that was asked for elsewhere. */
  @AfterEach
  void theBrowserDidNotComplainAndAskedNobody() {
    if (browser != null) {
      assertThat(browser.complaints()).isEmpty();
      assertThat(browser.requests())
          .allMatch(address -> address.startsWith(page.toUri().toString()));
    }
  }

  private static String name() {
    return browser.one("#name").getText();
  }

  private static List<String> listed() {
    return browser.all("#cases a b").stream().map(WebElement::getText).toList();
  }

  /** Shows a case of the gallery. */
  private static void show(String name) {
    browser.act(
        "location.hash = [...document.querySelectorAll('#cases a')].find(a => a.querySelector('b').textContent === arguments[0]).hash",
        name);
    browser.until("document.getElementById('name').textContent === '" + name + "'");
    browser.until("[...document.querySelectorAll('#stage img')].every(image => image.complete)");
  }

  @Test
  void theWorstCaseIsShownFirst() {
    assertThat(listed().get(0)).startsWith("</script>");
    assertThat(browser.one("#summary").getText()).contains("✗ 9 not right of 12 cases");
    assertThat(browser.all("#cases a[aria-current]")).hasSize(1);
    List<String> statuses =
        browser.all("#cases .status").stream()
            .map(status -> status.getText().replaceAll("\\W", "").replace("nogolden", "missing"))
            .toList();
    assertThat(statuses)
        .containsExactly(
            "error",
            "failed",
            "failed",
            "failed",
            "failed",
            "failed",
            "failed",
            "failed",
            "missing",
            "obsolete",
            "written",
            "passed");
  }

  @Test
  void eachViewShowsThePicturesInItsWay() throws IOException {
    show("noon");
    assertThat(browser.all("#stage .pane")).hasSize(2);
    assertThat(browser.all("#stage img")).hasSize(2);
    browser.picture("golden-side");

    browser.press("2");
    assertThat(browser.all("#stage .pane")).hasSize(1);
    assertThat(clipped()).isCloseTo(half(), within(2.0));
    browser.picture("golden-swipe");

    browser.press("3");
    assertThat(opacity()).isEqualTo(0.5);
    slide(20);
    assertThat(opacity()).isEqualTo(0.2);
    browser.picture("golden-onion");

    browser.press("4");
    assertThat(browser.one("#stage img:last-of-type").getDomAttribute("alt")).isEqualTo("heat map");
    assertThat(opacity()).isEqualTo(1);
    browser.picture("golden-heat");

    browser.press("5");
    assertThat(top("mixBlendMode")).isEqualTo("difference");
    slide(9);
    assertThat(browser.ask("document.querySelector('.sheet').style.filter"))
        .isEqualTo("brightness(9)");
    browser.picture("golden-difference");

    browser.press("6");
    browser.until("!document.querySelectorAll('#stage .layer')[1].hidden");
    browser.until("document.querySelectorAll('#stage .layer')[1].hidden");
    browser.one("#pause").click();
    assertThat(browser.one("#pause").getText()).isEqualTo("Run");
    browser.one("#pause").click();
    assertThat(browser.all("#views button[aria-pressed=true]"))
        .singleElement()
        .satisfies(button -> assertThat(button.getText()).startsWith("Blink"));
  }

  @Test
  void theDividerOfASwipeFollowsItsSliderAndThePointer() {
    show("noon");
    browser.press("2");
    browser.act("document.getElementById('slider').focus()");
    browser.press(Keys.HOME);
    assertThat(clipped()).isCloseTo(0, within(0.5));
    assertThat(name()).as("the keys of a slider move no case").isEqualTo("noon");
    browser.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);
    assertThat(clipped()).isCloseTo(half() * 0.04, within(2.0));

    WebElement pane = browser.one("#stage .pane");
    browser.drag(pane, 100, 0);
    assertThat(clipped()).isCloseTo(half() + 100, within(3.0));
    assertThat(browser.one("#slider").getDomProperty("value")).isNotEqualTo("2");
  }

  private static double clipped() {
    return browser.value(
        "Number(document.querySelectorAll('#stage .layer')[1].style.clipPath.match(/([\\d.]+)(?:px)?\\)$/)[1])");
  }

  private static double half() {
    return browser.value(
        "document.querySelector('#stage .sheet').getBoundingClientRect().width / 2");
  }

  private static double opacity() {
    return browser.value(
        "Number(getComputedStyle(document.querySelectorAll('#stage .layer')[1]).opacity)");
  }

  private static Object top(String property) {
    return browser.ask(
        "getComputedStyle(document.querySelectorAll('#stage .layer')[1])[arguments[0]]", property);
  }

  private static void slide(int value) {
    browser.act(
        "const s = document.getElementById('slider'); s.value = arguments[0]; s.dispatchEvent(new Event('input'));",
        value);
  }

  @Test
  void bothPicturesAreMagnifiedAndMovedInStep() throws IOException {
    show("noon");
    browser.press("+", "+", "+", "+");
    double width = browser.value("parseFloat(document.querySelectorAll('.sheet')[0].style.width)");
    assertThat(width).isGreaterThan(4000);
    assertThat(inStep()).isTrue();
    assertThat(
            browser.count(
                "[...document.querySelectorAll('#stage img')].filter(image => getComputedStyle(image).imageRendering === 'pixelated').length"))
        .as("pixels stay pixels")
        .isEqualTo(2);
    Object before = browser.ask("document.querySelector('.sheet').style.left");
    browser.drag(browser.all("#stage .pane").get(1), 70, 30);
    assertThat(browser.ask("document.querySelector('.sheet').style.left")).isNotEqualTo(before);
    assertThat(inStep()).isTrue();
    browser.act("document.querySelector('.pane').focus()");
    before = browser.ask("document.querySelector('.sheet').style.left");
    browser.press(Keys.ARROW_LEFT);
    assertThat(browser.ask("document.querySelector('.sheet').style.left")).isNotEqualTo(before);
    assertThat(name()).isEqualTo("noon");
    browser.one("#box").click();
    assertThat(browser.one(".outline").isDisplayed()).isTrue();
    browser.picture("golden-pixels");
    browser.press("0");
    assertThat(browser.value("parseFloat(document.querySelector('.sheet').style.width)"))
        .isLessThan(900);
  }

  private static boolean inStep() {
    return (Boolean)
        browser.ask(
            "(([a, b]) => ['left', 'top', 'width', 'height'].every(side => a.style[side] === b.style[side]))(document.querySelectorAll('.sheet'))");
  }

  @Test
  void filtersListWhatTheySay() {
    browser.one("#statuses [data-status=missing]").click();
    assertThat(listed()).containsExactly("never approved");
    assertThat(name()).as("what is listed is shown").isEqualTo("never approved");
    assertThat(browser.one("#count").getText()).isEqualTo("1 of 12 cases");
    browser.one("#statuses [data-status=passed]").click();
    assertThat(listed()).containsExactly("never approved", "dawn");
    browser.one("#statuses [data-status=passed]").click();
    browser.one("#statuses [data-status=missing]").click();
    assertThat(listed()).hasSize(12);

    browser.choose("of-road", "fal");
    assertThat(listed()).containsExactly("pair");
    browser.choose("of-road", "");
    browser.choose("of-class", "com.example.TwoTest");
    assertThat(listed()).containsExactly("two");
    browser.choose("of-class", "");
    browser.choose("of-suspect", "channels");
    assertThat(listed()).containsExactly("dusk");
    browser.choose("of-suspect", "size");
    assertThat(listed()).containsExactly("valley");
    browser.choose("of-suspect", "");
    browser.choose("order", "name");
    assertThat(listed().subList(1, 3)).containsExactly("gone", "two");

    browser.press("/");
    assertThat(browser.focused().getDomAttribute("id")).isEqualTo("search");
    browser.press("req-0042", Keys.ENTER);
    assertThat(listed()).containsExactly("pair");
    browser.press(Keys.ESCAPE);
    assertThat(browser.focused().getTagName()).isEqualTo("body");
    browser.one("#search").clear();
    browser.one("#search").sendKeys("there is none such");
    assertThat(listed()).isEmpty();
    assertThat(browser.one("#nothing").getText()).isEqualTo("No case is like that.");
  }

  @Test
  void everyThingIsDoneWithKeys() throws IOException {
    assertThat(listed()).hasSize(12);
    browser.press("j");
    String second = name();
    assertThat(second).isEqualTo(listed().get(1));
    browser.press(Keys.ARROW_RIGHT);
    assertThat(name()).isEqualTo(listed().get(2));
    browser.press("k");
    assertThat(name()).isEqualTo(second);
    browser.act("document.querySelector('#cases a[aria-current]').focus()");
    browser.press(Keys.ARROW_DOWN);
    assertThat(name()).isEqualTo(listed().get(2));
    assertThat(browser.focused().getDomAttribute("aria-current"))
        .as("the focus goes along")
        .isEqualTo("true");
    browser.press(Keys.ARROW_UP, Keys.ARROW_LEFT, Keys.ARROW_LEFT);
    assertThat(name()).as("the first stays").isEqualTo(listed().get(0));

    browser.press("f");
    assertThat(listed()).hasSize(9).doesNotContain("dawn", "gone");
    browser.press("f");
    assertThat(listed()).hasSize(12);
    browser.press("?");
    assertThat(browser.one("#help").isDisplayed()).isTrue();
    browser.press("j");
    assertThat(name()).as("keys wait behind the help").isEqualTo(listed().get(0));
    browser.press(Keys.ESCAPE);
    assertThat(browser.one("#help").isDisplayed()).isFalse();
    browser.one("#help-button").click();
    browser.picture("golden-help");
    browser.one("#help button").click();
    assertThat(browser.one("#help").isDisplayed()).isFalse();
  }

  @Test
  void aLinkToACaseSurvivesAReload() {
    show("two");
    assertThat(browser.one("#pictures [aria-pressed=true]").getText()).startsWith("Picture 2 ✗");
    browser.press("p", "3");
    String address = String.valueOf(browser.ask("location.href"));
    assertThat(address).contains("#TwoTest/two/").endsWith("&view=onion");
    browser.press("2", "p");
    address = String.valueOf(browser.ask("location.href"));
    assertThat(address).endsWith("&view=swipe&picture=2");

    browser.reload();
    assertThat(name()).isEqualTo("two");
    assertThat(browser.ask("document.getElementById('stage').className")).isEqualTo("swipe");
    assertThat(browser.one("#pictures [aria-pressed=true]").getText()).startsWith("Picture 2");
    browser.go("about:blank");
    browser.go(address.replaceAll("&.*", ""));
    assertThat(name()).isEqualTo("two");

    browser.act("location.hash = '#NoTest/none/00000000'");
    browser.until("!document.getElementById('nothing').hidden");
    assertThat(browser.one("#nothing").getText())
        .isEqualTo("This report has no case NoTest/none/00000000.");
  }

  @Test
  void aCaseTellsAllThatIsKnown() throws IOException {
    show("noon");
    assertThat(browser.one("#lead").getText())
        .contains("as far from the golden as it may be")
        .contains("it looks like prompt");
    assertThat(browser.one("#facts").getText())
        .contains("SSIM", "at least 0.995", "✗ outside", "the default for this road")
        .contains("What it looks like", "Message", "what was drawn is not the golden 'noon'")
        .contains("Where it came from", "djl 0.35.1", "line ");
    assertThat(browser.one("#caption").getText())
        .contains("256×256 pixels.", "differ visibly, from column");
    show("pair");
    assertThat(browser.one("#facts").getText()).contains("≠ fal", "req-0042");
    assertThat(browser.one("#whose").getText()).contains("held to that of local-flux-dev");
    show("valley");
    assertThat(browser.one("#caption").getText())
        .contains("The golden is 256×256, what was drawn 128×128");
    assertThat(browser.one("#views [data-view=heat]").isEnabled()).isFalse();
    browser.picture("golden-size");
    show("never approved");
    assertThat(browser.one("#first-message").getText())
        .contains("there is no golden 'never approved'");
    assertThat(browser.one("#stage").getText()).contains("there is no golden");
    browser.picture("golden-missing");
    show("latents");
    assertThat(browser.one("#viewer").isDisplayed()).isFalse();
    assertThat(browser.one("#facts").getText()).contains("cosine");
  }

  @Test
  void aViewThatAPictureHasNotComesBackWithOneThatHasIt() {
    show("noon");
    browser.press("4");
    show("valley");
    assertThat(browser.ask("document.getElementById('stage').className")).isEqualTo("side");
    assertThat(browser.one("#caption").getText()).contains("There is no heat map of it.");
    show("dusk");
    assertThat(browser.ask("document.getElementById('stage').className")).isEqualTo("heat");
  }

  @Test
  void whatUsersWroteStaysText() throws IOException {
    assertThat(name()).startsWith("</script><script>");
    assertThat(browser.one("#facts").getText()).contains("<img src=x onerror");
    assertThat(browser.one("#first-message").getText()).contains("<img src=x onerror");
    assertThat(browser.one("#problems").getText())
        .contains("results.ndjson line", "was it cut off?");
    assertThat(browser.all("img[src=x]")).isEmpty();
    assertThat(browser.ask("typeof window.hurt")).isEqualTo("undefined");
    browser.picture("golden-problems");
  }

  @Test
  void aPhoneScrollsInOneDirection() throws IOException {
    browser.show(page, 360, 740);
    show("noon");
    assertThat(browser.count("document.documentElement.scrollWidth")).isLessThanOrEqualTo(360);
    browser.picture("golden-phone");
    browser.act("document.getElementById('case').scrollIntoView()");
    assertThat(browser.count("document.documentElement.scrollWidth")).isLessThanOrEqualTo(360);
    browser.picture("golden-phone-case");
  }

  @Test
  void itIsReadableByDayAndByNight() throws IOException {
    for (boolean dark : new boolean[] {false, true}) {
      browser.dark(dark);
      browser.show(page, 1400, 900);
      show("dusk");
      browser.picture(dark ? "golden-dark" : "golden-light");
      for (String text :
          List.of(
              "#count",
              "#whose",
              ".status.failed",
              ".status.passed",
              ".status.missing",
              "#caption",
              "td.outside",
              "td.within",
              "td.text",
              ".times")) {
        assertThat(contrast(text)).as(text + (dark ? " by night" : " by day")).isGreaterThan(4.5);
      }
    }
    browser.dark(false);
  }

  /** The contrast of a text to what lies behind it as WCAG has it, from 1 to 21. */
  private static double contrast(String text) {
    return browser.value(
        "(selector => { const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(v => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };"
            + "const node = document.querySelector(selector); let behind = node; while (getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)') behind = behind.parentElement;"
            + "const [a, b] = [light(getComputedStyle(behind).backgroundColor), light(getComputedStyle(node).color)];"
            + "return (Math.max(a, b) + .05) / (Math.min(a, b) + .05); })(arguments[0])",
        text);
  }

  @Test
  void fiveHundredCasesStayReadable(@TempDir Path large) throws IOException {
    Path many = FiveHundred.write(large);
    Instant start = Instant.now();
    WrittenReport written = GoldenReports.write(many);
    Duration writing = Duration.between(start, Instant.now());

    start = Instant.now();
    browser.go(written.page().toUri().toString());
    browser.until(
        "document.querySelector('#stage img') && [...document.querySelectorAll('#stage img')].every(image => image.complete && image.naturalWidth > 0)");
    Duration shown = Duration.between(start, Instant.now());
    long nodes = browser.count("document.querySelectorAll('*').length");
    browser.act(
        "new PerformanceObserver(list => { window.painted ??= list.getEntries().find(entry => entry.url)?.startTime; }).observe({type: 'largest-contentful-paint', buffered: true})");
    browser.until("window.painted");
    double painted = browser.value("window.painted");
    browser.picture("golden-500");
    start = Instant.now();
    browser.act("document.querySelector('#statuses [data-status=passed]').click()");
    browser.act("document.getElementById('search').value = 'prompt 4'; filtered()");
    Duration filtered = Duration.between(start, Instant.now());

    System.out.printf(
        "500 cases: %d KiB, written in %d ms, first case painted after %.0f ms, all of it read after %d ms, %d elements, filtered in %d ms%n",
        Files.size(written.page()) / 1024,
        writing.toMillis(),
        painted,
        shown.toMillis(),
        nodes,
        filtered.toMillis());
    assertThat(browser.one("#count").getText()).isEqualTo("107 of 500 cases");
    assertThat(Files.size(written.page())).isLessThan(40_000_000);
    assertThat(nodes).isLessThan(12_000);
    assertThat(painted).isLessThan(2000);
    assertThat(writing).isLessThan(Duration.ofSeconds(8));
    assertThat(shown).isLessThan(Duration.ofSeconds(8));
    assertThat(browser.requests()).allMatch(address -> address.startsWith("file:"));
  }

  @Test
  void everyControlHasAName() {
    show("two");
    assertThat(
            browser.ask(
                "[...document.querySelectorAll('button, input, select, a, img, [tabindex=\"0\"]')].filter(node => node.offsetParent && !(node.getAttribute('aria-label') || node.textContent.trim() || (node.labels && node.labels.length) || node.hasAttribute('alt'))).map(node => node.outerHTML.slice(0, 90)).join(' ')"))
        .isEqualTo("");
  }
}
