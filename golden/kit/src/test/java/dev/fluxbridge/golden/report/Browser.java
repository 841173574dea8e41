package dev.fluxbridge.golden.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A real browser without a window. What is installed is used, nothing is downloaded. */
final class Browser implements AutoCloseable {
  /** Set to {@code required} where a missing browser is a failure. */
  private static final String REQUIRED = "FLUXBRIDGE_BROWSER_TESTS";

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Skips the test that asks where there is no browser, unless one is required. */
  static Browser open(Path profile) {
    Optional<Path> chromium = installed("chromium", "chromium-browser", "google-chrome");
    Optional<Path> chromedriver = installed("chromedriver");
    if (chromium.isEmpty() || chromedriver.isEmpty()) {
      String lack = "No chromium and chromedriver on the path: apt-get install chromium-driver";
      assertThat(System.getenv(REQUIRED)).as(lack).isNotEqualTo("required");
      abort(lack);
    }
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.orElseThrow().toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--force-device-scale-factor=1",
        "--user-data-dir=" + profile);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(chromedriver.orElseThrow().toFile())
            .usingAnyFreePort()
            .withEnvironment(Map.of("TZ", "UTC", "HOME", profile.toString()))
            .build();
    return new Browser(new ChromeDriver(service, options));
  }

  private static Optional<Path> installed(String... names) {
    return Stream.of(names)
        .flatMap(
            name ->
                Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator, -1))
                    .map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  void show(Path page, int width, int height) {
    size(width, height);
    driver.get(page.toUri().toString());
  }

  /** The size of what is seen of a page, also below what a window may be. */
  void size(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
  }

  void dark(boolean dark) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  List<WebElement> all(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  WebElement one(String css) {
    return driver.findElement(By.cssSelector(css));
  }

  /** Runs a script in the page, with a value as its result. */
  Object ask(String script, Object... arguments) {
    return Objects.requireNonNull(driver.executeScript("return " + script, arguments), script);
  }

  /** Runs a script in the page. */
  void act(String script, Object... arguments) {
    driver.executeScript(script, arguments);
  }

  long count(String script) {
    return ((Number) ask(script)).longValue();
  }

  double value(String script, Object... arguments) {
    return ((Number) ask(script, arguments)).doubleValue();
  }

  void choose(String id, String value) {
    act(
        "(s => { s.value = arguments[1]; s.dispatchEvent(new Event('change')); })(document.getElementById(arguments[0]))",
        id,
        value);
  }

  WebElement focused() {
    return driver.switchTo().activeElement();
  }

  void press(CharSequence... keys) {
    focused().sendKeys(keys);
  }

  void until(String condition) {
    driver.manage().timeouts().scriptTimeout(PATIENCE);
    driver.executeAsyncScript(
        "const done = arguments[0]; const look = () => (%s) ? done(true) : requestAnimationFrame(look); look();"
            .formatted(condition));
  }

  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(entry -> entry.getLevel() + " " + entry.getMessage())
        .toList();
  }

  /** Addresses that it asked for since it was asked last, but for data in the page itself. */
  List<String> requests() {
    Pattern asked =
        Pattern.compile("\"Network.requestWillBeSent\".*?\"url\":\"((?!data:)[^\"]{0,500})");
    return driver.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
        .map(entry -> asked.matcher(entry.getMessage()))
        .filter(Matcher::find)
        .map(found -> found.group(1))
        .toList();
  }

  void reload() {
    driver.navigate().refresh();
  }

  void go(String address) {
    driver.get(address);
  }

  /** Presses on an element and lets go as far from there, pixels. */
  void drag(WebElement from, int x, int y) {
    new Actions(driver).moveToElement(from).clickAndHold().moveByOffset(x, y).release().perform();
  }

  /** What is seen, for people: into target/, where a build's leavings lie. */
  void picture(String name) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "screenshots"));
    Files.write(folder.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
