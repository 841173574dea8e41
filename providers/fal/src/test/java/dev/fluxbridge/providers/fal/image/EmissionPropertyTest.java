package dev.fluxbridge.providers.fal.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.LedgerRow;
import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Pipeline;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * Every request that any call becomes is one that fal publishes that it takes, and every row of the
 * ledger is met.
 */
class EmissionPropertyTest {
  private static final Pattern CODE = Pattern.compile("\\((fal\\.[a-z0-9_.]+)\\)");

  /** Met when pictures come back. */
  private static final Set<String> AFTERWARDS = Set.of("fal.size.returned");

  /** One draw of everything: the call and what is configured. */
  record Case(Pipeline pipeline, long seed) {
    ImageRequest request() {
      return AnyRequests.of(pipeline, new Random(seed));
    }

    FalImagePlanner planner() {
      return AnyRequests.planner(new Random(~seed));
    }
  }

  @Provide
  Arbitrary<Case> cases() {
    return Arbitraries.of(Pipeline.class)
        .flatMap(pipeline -> Arbitraries.randomValue(r -> new Case(pipeline, r.nextLong())));
  }

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void everyBodyIsWhatFalPublishesThatItTakes(@ForAll("cases") Case drawn) {
    emit(drawn, new Counts());
  }

  /** The same calls in every run, so that what they reach does not depend on luck. */
  @Example
  void manyCallsReachEveryEndpointAndEveryRow() {
    Counts counts = new Counts();
    Random random = new Random(20261121);
    for (int round = 0; round < 180; round++) {
      for (Pipeline pipeline : Pipeline.values()) {
        emit(new Case(pipeline, random.nextLong()), counts);
      }
    }

    assertThat(counts.requests.values().stream().mapToInt(count -> count).sum())
        .as("requests by endpoint: " + counts.requests)
        .isGreaterThanOrEqualTo(2000);
    assertThat(Endpoints.ALL).extracting(Endpoint::id).hasSameElementsAs(counts.requests.keySet());
    assertThat(FalImagePlanner.ledger())
        .extracting(LedgerRow::code)
        .filteredOn(code -> !AFTERWARDS.contains(code))
        .hasSameElementsAs(counts.codes);
  }

  /** What calls became. */
  private static final class Counts {
    final Map<String, Integer> requests = new TreeMap<>();
    final Set<String> codes = new TreeSet<>();
  }

  private static void emit(Case drawn, Counts counts) {
    ImageRequest request = drawn.request();
    try {
      FalImagePlan plan = drawn.planner().plan(request);
      check(request, plan);
      counts.codes.addAll(plan.codes());
      for (FalImagePlan.Part part : plan.parts()) {
        assertThat(Schemas.complaints(part.endpoint(), Bodies.text(part)))
            .as(part.endpoint())
            .isEmpty();
        counts.requests.merge(part.endpoint(), 1, Integer::sum);
      }
    } catch (BackendException refused) {
      assertThat(refused.reason()).isIn(Reason.UNSUPPORTED, Reason.INVALID);
      assertThat(refused).hasMessageContaining("nothing was sent to fal");
      Matcher code = CODE.matcher(String.valueOf(refused.getMessage()));
      assertThat(code.find()).isEqualTo(refused.reason() == Reason.UNSUPPORTED);
      if (refused.reason() == Reason.UNSUPPORTED) {
        counts.codes.add(code.group(1));
      }
    }
  }

  private static void check(ImageRequest request, FalImagePlan plan) {
    assertThat(plan.parts().stream().mapToInt(FalImagePlan.Part::pictures).sum())
        .isEqualTo(request.imageCount());
    for (FalImagePlan.Part part : plan.parts()) {
      assertThat(part.input()).containsEntry("num_images", part.pictures());
    }
    List<LedgerRow> met =
        FalImagePlanner.ledger().stream().filter(row -> plan.codes().contains(row.code())).toList();
    assertThat(met)
        .filteredOn(row -> !row.pipelines().contains(request.pipeline()))
        .extracting(LedgerRow::code)
        .isEmpty();
    assertThat(plan.notes()).extracting(Note::code).isSubsetOf(plan.codes());
    Set<String> endpoints =
        plan.parts().stream().map(FalImagePlan.Part::endpoint).collect(Collectors.toSet());
    assertThat(met)
        .filteredOn(row -> !row.endpoints().isEmpty())
        .filteredOn(row -> row.endpoints().stream().noneMatch(endpoints::contains))
        .extracting(LedgerRow::code)
        .isEmpty();
    Set<String> answered =
        met.stream().flatMap(row -> row.arguments().stream()).collect(Collectors.toSet());
    assertThat(answered).containsAll(Signatures.alwaysThere(request.pipeline()));
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void theSameCallIsAlwaysPlannedAlike(@ForAll("cases") Case drawn) {
    assertThat(planned(drawn)).isEqualTo(planned(drawn));
  }

  private static List<String> planned(Case drawn) {
    try {
      FalImagePlan plan = drawn.planner().plan(drawn.request());
      return plan.parts().stream().map(part -> part + Bodies.text(part)).toList();
    } catch (BackendException refused) {
      return List.of(String.valueOf(refused.getMessage()));
    }
  }
}
