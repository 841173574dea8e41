package dev.fluxbridge.golden;

import dev.fluxbridge.golden.metrics.Metric;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageResult;
import java.awt.image.BufferedImage;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Says how something is to be held to its golden, and then does. For one thread and one comparison.
 */
public final class GoldenAssert {
  /** The route of what does not say where it came from. */
  static final String UNSTATED = "unstated";

  private final Drawn received;
  private final @Nullable IntFunction<ImageResult> runs;
  private Origin origin;
  private Call call = Call.UNKNOWN;
  private Limits byHand = Limits.NONE;
  private final Set<String> ignored = new HashSet<>();
  private Optional<Bitmap> mask = Optional.empty();
  private Brought brought = Brought.NONE;
  private String road = "";
  private boolean scaled;
  private @Nullable GoldenStore store;

  GoldenAssert(Drawn received, Origin origin) {
    this(received, origin, null);
  }

  GoldenAssert(Drawn received, Origin origin, @Nullable IntFunction<ImageResult> runs) {
    this.received = received;
    this.origin = origin;
    this.runs = runs;
  }

  /**
   * What was asked for. It is kept with the golden, a change of it is told where pictures differ,
   * and the mask of an edit is taken from it.
   */
  public GoldenAssert ofCall(ImageRequest request) {
    request.edit().mask().ifPresent(images -> mask = Optional.of(Bitmaps.of(images).get(0)));
    return ofCall(Call.of(request));
  }

  /** The same in the caller's own words: texts, numbers, booleans, lists and maps. */
  public GoldenAssert ofCall(Map<String, Object> arguments) {
    return ofCall(new Call(arguments));
  }

  private GoldenAssert ofCall(Call described) {
    this.call = described;
    return this;
  }

  /** The mask of the edit: white was repainted, and black must be as it was. */
  public GoldenAssert withMask(Bitmap white) {
    this.mask = Optional.of(white);
    return this;
  }

  /** The same as a picture of the JDK. */
  public GoldenAssert withMask(BufferedImage white) {
    return withMask(ImagesOfTheJdk.bitmap(white, "the mask"));
  }

  /** Where it came from, for what does not say so itself, or not enough. */
  public GoldenAssert from(Origin where) {
    this.origin = where;
    return this;
  }

  /**
   * Holds it to the golden that this road drew, by what roads have in common and not by single
   * pixels. For the one that drew this, it changes nothing.
   */
  public GoldenAssert onRoad(String route) {
    this.road = route;
    return this;
  }

  /**
   * Lets what another road drew be as large as it likes, in the golden's proportions: it is
   * compared in the golden's size. For roads that cannot draw every size. For the road that drew
   * the golden, it changes nothing.
   */
  public GoldenAssert inAnySize() {
    this.scaled = true;
    return this;
  }

  /**
   * Sets one limit, before those of the golden and the defaults.
   *
   * @throws GoldenException for a value that the metric cannot have
   */
  public GoldenAssert withThreshold(Metric metric, double limit) {
    byHand = byHand.and(Limits.of(List.of(Limit.byHand(metric, limit))));
    return this;
  }

  /** The same for latents; 0 is the same, at least 0. */
  public GoldenAssert withThreshold(LatentMeasure measure, double limit) {
    if (!(limit >= 0)) {
      throw new GoldenException(
          "%s is 0 and up, so %s is no limit of it".formatted(measure.label(), limit));
    }
    byHand =
        byHand.and(
            Limits.of(
                List.of(new Limit(measure.name(), limit, Limit.Basis.BY_HAND, Optional.empty()))));
    return this;
  }

  /**
   * Measures by this too, and sets its limit.
   *
   * @throws GoldenException for a limit that is no number
   */
  public GoldenAssert withThreshold(PictureMeasure measure, double limit) {
    byHand =
        byHand.and(
            Limits.of(
                List.of(new Limit(measure.name(), limit, Limit.Basis.BY_HAND, Optional.empty()))));
    return measuredBy(measure);
  }

  /** Measures by this too, with the limit that golden.json has or is about to learn. */
  public GoldenAssert measuredBy(PictureMeasure measure) {
    brought = brought.and(measure);
    return this;
  }

  /** Does not measure by these. */
  public GoldenAssert ignoring(Metric... metrics) {
    for (Metric metric : metrics) {
      ignored.add(metric.name());
    }
    return this;
  }

  /** Goldens of another folder than the standard one. */
  public GoldenAssert in(GoldenStore goldens) {
    this.store = goldens;
    return this;
  }

  /**
   * Holds it to the golden that is named like the test method, or as {@link Golden} says.
   *
   * @throws AssertionError if it differs, or there is none
   * @throws GoldenException if the golden cannot be used, or no {@link GoldenExtension} says which
   *     test runs
   */
  public void matchesGolden() {
    RunningTest test =
        RunningTest.current()
            .orElseThrow(
                () ->
                    new GoldenException(
                        "nobody says which test runs: put @Golden on its method or class, or name the golden (matchesGolden(\"...\"))"));
    if (test.askedFor(test.name())) {
      throw new GoldenException(
          "%s holds two things to the golden '%s': name them (matchesGolden(\"...\"))"
              .formatted(test.id(), test.name()));
    }
    compare(test.testClass(), test.name());
  }

  /**
   * Holds it to the golden of this name of the test class: the one that runs, or the one that calls
   * this.
   *
   * @throws AssertionError if it differs, or there is none
   * @throws GoldenException if the golden cannot be used
   */
  public void matchesGolden(String name) {
    Class<?> caller =
        StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE).getCallerClass();
    compare(RunningTest.current().map(RunningTest::testClass).orElse(caller.getName()), name);
  }

  private void compare(String testClass, String name) {
    RunningTest.current().ifPresent(test -> test.ask(name));
    String only = RunningTest.current().map(RunningTest::drawnOn).orElse("");
    if (!only.isEmpty() && !only.equals(origin.route())) {
      throw new GoldenException(
          origin.route().equals(UNSTATED)
              ? "this run is on the road '%s', and a picture alone does not say where it was drawn: hold the result to the golden (output.result())"
                  .formatted(only)
              : "this run is on the road '%s', and what it holds to the golden was drawn by '%s': draw with the Fluxbridge that the test is given"
                  .formatted(only, origin.route()));
    }
    String otherRoad =
        road.isEmpty() ? RunningTest.current().map(RunningTest::road).orElse("") : road;
    GoldenCheck check =
        new GoldenCheck(
            store == null ? GoldenStore.standard() : store,
            new Place(testClass, name),
            received,
            origin,
            call,
            byHand,
            Set.copyOf(ignored),
            mask,
            brought,
            otherRoad.isEmpty() ? origin.route() : otherRoad,
            scaled);
    Optional<Integer> learning = GoldenSettings.learningRuns();
    boolean borrowed = !only.isEmpty() && !otherRoad.equals(only);
    if (runs != null && learning.isPresent() && !borrowed) {
      check.learn(learning.get(), runs);
    } else {
      check.run(!borrowed);
    }
  }
}
