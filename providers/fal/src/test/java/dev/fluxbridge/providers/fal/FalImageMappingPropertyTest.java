package dev.fluxbridge.providers.fal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Seed;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FalImageMappingPropertyTest {
  private static final FalImageMapping MAPPING =
      new FalImageMapping("fal-ai/flux/dev", 300_000_000, false);

  @Provide
  Arbitrary<ImageRequest> requests() {
    Arbitrary<String> models =
        Arbitraries.of(
            Stream.concat(
                    Stream.of("black-forest-labs/FLUX.1-dev", "some/folder"),
                    FalImageEndpoint.ALL.stream().map(FalImageEndpoint::id))
                .toList());
    Arbitrary<String> text = Arbitraries.strings().ofMaxLength(40);
    Arbitrary<Prompt> prompt =
        Combinators.combine(text, text.optional(), text.optional(), text.optional())
            .as(Prompt::new);
    Arbitrary<Integer> side = Arbitraries.integers().between(1, 883).map(tiles -> tiles * 16);
    Arbitrary<Double> guidance = Arbitraries.doubles().between(-5, 50);
    // only FLUX.1 dev takes a negative prompt; the others are asked without
    Arbitrary<Double> trueCfg = Arbitraries.doubles().between(0, 9);
    Arbitrary<Seed> seed =
        Combinators.combine(Arbitraries.longs(), Arbitraries.of(0L, 0L, 8192L)).as(Seed::new);
    return Combinators.combine(
            models,
            prompt.list().ofMinSize(1).ofMaxSize(3),
            side,
            side,
            Arbitraries.integers().between(1, 100),
            guidance,
            trueCfg,
            Arbitraries.integers().between(1, 12))
        .flatAs(
            (model, prompts, width, height, steps, scale, cfg, images) ->
                seed.list()
                    .ofSize(prompts.size() * images)
                    .flatMap(all -> Arbitraries.of(List.of(), all.subList(0, 1), all))
                    .map(
                        seeds ->
                            Requests.request(
                                model,
                                prompts,
                                width,
                                height,
                                steps,
                                scale,
                                takesNegative(model) ? cfg : 1,
                                images,
                                seeds.toArray(Seed[]::new))));
  }

  private static boolean takesNegative(String model) {
    return FalImageEndpoint.of(model).map(FalImageEndpoint::dev).orElse(true);
  }

  @Property(tries = 600)
  void everyBodyIsWhatFalPublishesThatItTakes(@ForAll("requests") ImageRequest request) {
    for (FalImageMapping.Part part : MAPPING.plan(request).parts()) {
      FalClient.Input input = part.input();
      assertThat(Schemas.complaints(input.endpoint().toString(), input.json())).isEmpty();
    }
  }

  @Property(tries = 300)
  void asManyPicturesAreAskedForAsTheCallerWants(@ForAll("requests") ImageRequest request) {
    FalImageMapping.Plan plan = MAPPING.plan(request);

    assertThat(plan.parts().stream().mapToInt(FalImageMapping.Part::pictures).sum())
        .isEqualTo(request.imageCount());
    assertThat(plan.parts())
        .allSatisfy(
            part ->
                assertThat(
                        Json.read(part.input().json()).orElseThrow().path("num_images").intValue())
                    .isEqualTo(part.pictures()));
  }

  @Property(tries = 300)
  void theSameCallIsAlwaysPlannedAlike(@ForAll("requests") ImageRequest request) {
    assertThat(MAPPING.plan(request)).isEqualTo(MAPPING.plan(request));
  }
}
