package dev.fluxbridge.golden;

import dev.fluxbridge.golden.GoldenReport.Case;
import dev.fluxbridge.golden.metrics.Metric;
import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.ImageResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One comparison, from looking for the golden to the line in the report.
 *
 * @param received what was drawn
 * @param origin where it came from
 * @param call what was asked for
 * @param byHand limits of the test
 * @param ignored measures that are not looked at
 * @param mask of the edit
 * @param brought measures of the test
 * @param road whose golden holds
 * @param scaled whether what another road drew may be of another size
 */
record GoldenCheck(
    GoldenStore store,
    Place place,
    Drawn received,
    Origin origin,
    Call call,
    Limits byHand,
    Set<String> ignored,
    Optional<Bitmap> mask,
    Brought brought,
    String road,
    boolean scaled) {
  private static final Logger LOG = LoggerFactory.getLogger(GoldenCheck.class);
  private static final int CAUSES = 3;

  /**
   * Compares, or writes the golden where that is asked for.
   *
   * @param may whether this is what a golden is written from: not where one body draws on several
   *     roads, and this is not the golden's
   */
  void run(boolean may) {
    try {
      if (may && GoldenSettings.approves(place)) {
        approve();
        return;
      }
      Approved golden = find().orElseThrow(this::missing);
      List<Compared> compared = judge(golden);
      String message = message(golden, compared);
      report(message.isEmpty() ? Status.PASSED : Status.FAILED, message, golden, compared);
      if (!message.isEmpty()) {
        throw new AssertionError(message);
      }
    } catch (GoldenException e) {
      GoldenReport.standard()
          .add(Case.of(Status.ERROR, place, test(), origin.key(), String.valueOf(e.getMessage())));
      throw e;
    }
  }

  void learn(int count, IntFunction<ImageResult> runs) {
    GoldenLearning learning = GoldenLearning.runs(count).in(store);
    mask.ifPresent(learning::withMask);
    brought.measures().forEach(learning::measuredBy);
    Approved learned = learning.learn(place, call, origin, runs);
    report(Status.WRITTEN, "learned from %d runs".formatted(count), learned, List.of());
  }

  /** That of the same origin, or of the road that was named. */
  private Optional<Approved> find() {
    if (road.equals(origin.route())) {
      return store.read(place, origin.key());
    }
    List<Approved> ofRoad = new ArrayList<>();
    for (String key : store.keys(place)) {
      store.read(place, key).filter(g -> g.origin().route().equals(road)).ifPresent(ofRoad::add);
    }
    if (ofRoad.size() > 1) {
      String here = Surroundings.device(false);
      List<Approved> onDevice =
          ofRoad.stream().filter(golden -> golden.origin().device().equals(here)).toList();
      if (onDevice.size() != 1) {
        throw new GoldenException(
            "there are %d goldens %s of the road '%s', and none can be told to be meant: %s. -Dgolden.device names the device of one"
                .formatted(
                    ofRoad.size(),
                    place,
                    road,
                    ofRoad.stream().map(g -> g.origin().key()).toList()));
      }
      return Optional.of(onDevice.get(0));
    }
    return ofRoad.stream().findFirst();
  }

  private AssertionError missing() {
    List<String> others = store.keys(place);
    String message =
        """
        there is no golden %s for %s.
          %s
          to approve what was drawn: look at it in %s, then run this test with -Dgolden.approve%s"""
            .formatted(
                place,
                road.equals(origin.route()) ? origin.key() : "the road '" + road + "'",
                others.isEmpty()
                    ? "there is none of another road or device either"
                    : "there are those of %s; .onRoad(...) holds it to one of another road"
                        .formatted(String.join(", ", others)),
                GoldenReport.standard().picture(place, origin.key(), 1, "received"),
                road.equals(origin.route()) ? "" : " on that road");
    GoldenReport.standard()
        .add(
            new Case(
                Status.MISSING,
                place,
                test(),
                origin.key(),
                "",
                message,
                Optional.empty(),
                Optional.of(received),
                Optional.of(origin),
                List.of(),
                List.of()));
    return new AssertionError(message);
  }

  private void approve() {
    if (!road.equals(origin.route())) {
      throw new GoldenException(
          "this was drawn by '%s' and is held to the golden of '%s': take that golden on its own road"
              .formatted(origin.route(), road));
    }
    Optional<Approved> before = readable();
    if (before.isPresent() && holds(before.get())) {
      report(Status.UNCHANGED, "", before.get(), judge(before.get()));
      return;
    }
    Approved golden =
        new Approved(
            received,
            call,
            origin,
            before.map(Approved::limits).orElse(Limits.NONE),
            before.map(Approved::anyRoad).orElse(false));
    Path folder = store.write(place, golden);
    String message =
        "%s the golden %s".formatted(before.isPresent() ? "replaced" : "wrote", folder);
    LOG.warn("{}", message);
    report(Status.WRITTEN, message, golden, List.of());
  }

  /** A golden that cannot be read is as good as none to someone who approves another. */
  private Optional<Approved> readable() {
    try {
      return store.read(place, origin.key());
    } catch (GoldenException e) {
      LOG.warn(
          "the golden that was there is replaced, as it could not be read: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private boolean holds(Approved golden) {
    return golden.drawn().latents().isPresent() == received.latents().isPresent()
        && golden.call().differences(call).isEmpty()
        && golden.call().arguments().isEmpty() == call.arguments().isEmpty()
        && judge(golden).stream().allMatch(Compared::passed);
  }

  private List<Compared> judge(Approved golden) {
    Drawn compared =
        scaled && !road.equals(origin.route()) ? received.scaledTo(golden.drawn()) : received;
    return Judge.judge(golden.drawn(), compared, limits(golden), mask, brought);
  }

  /** What was learned stands in for the defaults, but for those that only look at a mask. */
  Limits limits(Approved golden) {
    Closeness closeness = Closeness.of(golden.origin(), origin);
    Limits defaults = Limits.defaults(closeness);
    Limits own =
        golden.anyRoad() || closeness != Closeness.OTHER_ROAD ? golden.limits() : Limits.NONE;
    boolean learned =
        own.byMeasure().values().stream().anyMatch(l -> l.basis() == Limit.Basis.LEARNED);
    if (learned) {
      TreeMap<String, Limit> masks = new TreeMap<>(defaults.byMeasure());
      masks
          .keySet()
          .retainAll(Set.of(Metric.PROTECTED_MAE.name(), Metric.PROTECTED_CHANGED.name()));
      defaults = new Limits(masks);
    }
    return defaults.and(own).and(byHand).without(ignored);
  }

  /** Empty if everything passed. */
  private String message(Approved golden, List<Compared> compared) {
    if (compared.stream().allMatch(Compared::passed)) {
      return "";
    }
    List<String> lines = new ArrayList<>();
    lines.add("what was drawn is not the golden %s (%s):".formatted(place, against(golden)));
    for (Compared picture : compared) {
      if (!picture.passed()) {
        describe(picture, lines, compared.size() > 1 ? "picture " + picture.index() + ": " : "");
      }
    }
    golden.call().differences(call).stream()
        .limit(CAUSES)
        .forEach(difference -> lines.add("the call is another: " + difference));
    lines.add(
        road.equals(origin.route())
            ? "if it is right: run this test with -Dgolden.approve"
            : "it was drawn on another road than its golden: if it is right, let the golden learn wider limits (withOtherSeeds), or set them (withThreshold)");
    return String.join("\n  ", lines);
  }

  private void describe(Compared picture, List<String> lines, String which) {
    picture.verdicts().stream()
        .filter(verdict -> !verdict.passed())
        .forEach(verdict -> lines.add(which + verdict.text()));
    picture
        .changed()
        .ifPresent(
            changed ->
                lines.add(
                    "%swhere: %s; see %s"
                        .formatted(
                            which,
                            changed.text(),
                            GoldenReport.standard()
                                .picture(place, origin.key(), picture.index(), "heat"))));
    picture.findings().stream()
        .limit(CAUSES)
        .forEach(
            finding ->
                lines.add(
                    "%slooks like %s: %s"
                        .formatted(
                            which,
                            finding.suspect().name().toLowerCase(Locale.ROOT),
                            finding.because())));
  }

  private String against(Approved golden) {
    return golden.origin().key().equals(origin.key())
        ? origin.key()
        : "%s, held to that of %s".formatted(origin.key(), golden.origin().key());
  }

  private void report(Status status, String message, Approved golden, List<Compared> compared) {
    GoldenReport.standard()
        .add(
            new Case(
                status,
                place,
                test(),
                origin.key(),
                golden.origin().key(),
                message,
                Optional.of(golden),
                Optional.of(received),
                Optional.of(origin),
                compared,
                golden.call().differences(call)));
  }

  private static String test() {
    return RunningTest.current().map(RunningTest::id).orElse("");
  }
}
