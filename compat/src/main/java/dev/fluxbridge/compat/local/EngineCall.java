package dev.fluxbridge.compat.local;

import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.flux.Call;
import dev.fluxbridge.legacy.flux.ControlImageToImage;
import dev.fluxbridge.legacy.flux.ControlInpaint;
import dev.fluxbridge.legacy.flux.ControlNetImageToImage;
import dev.fluxbridge.legacy.flux.ControlNetInpaint;
import dev.fluxbridge.legacy.flux.ControlNetInput;
import dev.fluxbridge.legacy.flux.ControlNetTextToImage;
import dev.fluxbridge.legacy.flux.DeDistilled;
import dev.fluxbridge.legacy.flux.Fill;
import dev.fluxbridge.legacy.flux.Flex;
import dev.fluxbridge.legacy.flux.ImageToImage;
import dev.fluxbridge.legacy.flux.Inpaint;
import dev.fluxbridge.legacy.flux.Kontext;
import dev.fluxbridge.legacy.flux.KontextInpaint;
import dev.fluxbridge.legacy.flux.Noise;
import dev.fluxbridge.legacy.flux.Sampling;
import dev.fluxbridge.legacy.flux.TextToImage;
import dev.fluxbridge.legacy.picture.Bitmap;
import dev.fluxbridge.legacy.picture.Images;
import dev.fluxbridge.providers.Colours;
import dev.fluxbridge.providers.Control;
import dev.fluxbridge.providers.Edit;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageRequest.Output;
import dev.fluxbridge.providers.LedgerRow;
import dev.fluxbridge.providers.Pipeline;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.RefusedArgumentException;
import dev.fluxbridge.providers.Seed;
import dev.fluxbridge.providers.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Says the same in the engine's words. Pure; copies no numbers but those of pictures that are not
 * RGB.
 */
final class EngineCall {
  private EngineCall() {}

  /**
   * The engine's call.
   *
   * @throws IllegalArgumentException if what the pipeline cannot do without is not there, naming
   *     the old argument
   */
  static Call of(ImageRequest request, List<Seed> seeds) {
    Sampling sampling = sampling(request, seeds);
    Edit edit = request.edit();
    return switch (request.pipeline()) {
      case FLUX -> new TextToImage(sampling);
      case DE_DISTILLED -> new DeDistilled(sampling);
      case IMG2IMG -> new ImageToImage(sampling, image(edit), edit.strength());
      case INPAINT ->
          new Inpaint(
              sampling,
              image(edit),
              mask(edit),
              edit.maskedImageLatents().map(EngineCall::floats),
              edit.strength(),
              edit.paddingMaskCrop());
      case FILL ->
          new Fill(
              sampling,
              edit.image().map(EngineCall::images),
              edit.mask().map(EngineCall::masks),
              edit.maskedImageLatents().map(EngineCall::floats),
              edit.strength());
      case CONTROL -> new dev.fluxbridge.legacy.flux.Control(sampling, control(request));
      case CONTROL_IMG2IMG ->
          new ControlImageToImage(sampling, image(edit), control(request), edit.strength());
      case CONTROL_INPAINT -> {
        refuseMaskedLatents(edit);
        yield new ControlInpaint(
            sampling, image(edit), control(request), mask(edit), edit.strength());
      }
      case CONTROLNET -> new ControlNetTextToImage(sampling, controls(request));
      case CONTROLNET_IMG2IMG ->
          new ControlNetImageToImage(sampling, image(edit), controls(request), edit.strength());
      case CONTROLNET_INPAINT ->
          new ControlNetInpaint(
              sampling,
              image(edit),
              mask(edit),
              edit.maskedImageLatents().map(EngineCall::floats),
              controls(request),
              edit.strength(),
              edit.paddingMaskCrop());
      case KONTEXT ->
          new Kontext(
              sampling, edit.image().map(EngineCall::images), edit.maxArea(), edit.autoResize());
      case KONTEXT_INPAINT ->
          new KontextInpaint(
              sampling,
              image(edit),
              edit.reference().map(EngineCall::images),
              mask(edit),
              edit.strength(),
              edit.paddingMaskCrop(),
              edit.maxArea(),
              edit.autoResize());
      case FLEX -> flex(sampling, request);
    };
  }

  private static void refuseMaskedLatents(Edit edit) {
    if (edit.maskedImageLatents().isPresent()) {
      LedgerRow row = LocalLedger.MASKED_LATENTS_REFUSED;
      throw new RefusedArgumentException(
          row,
          "local: `masked_image_latents` (%s): leave them out: %s"
              .formatted(row.code(), row.when()));
    }
  }

  private static Flex flex(Sampling sampling, ImageRequest request) {
    Optional<Control> control = request.controls().stream().findFirst();
    return new Flex(
        sampling,
        request.edit().image().map(EngineCall::images),
        request.edit().mask().map(EngineCall::masks),
        control.map(c -> images(c.image())),
        control.map(Control::scale).orElse(1.0),
        control.map(Control::end).orElse(1.0));
  }

  private static Sampling sampling(ImageRequest request, List<Seed> seeds) {
    boolean negative =
        request.trueCfgScale() > 1
            || (request.pipeline() == Pipeline.DE_DISTILLED && request.guidanceScale() > 1);
    return Sampling.builder()
        .prompts(
            request.prompts().stream()
                .map(p -> new Sampling.Prompt(p.text(), p.second().orElse(p.text())))
                .toList())
        .negativePrompts(
            negative
                ? request.prompts().stream().flatMap(prompt -> negative(prompt).stream()).toList()
                : List.of())
        .embeddings(request.embeddings().map(EngineCall::embeddings))
        .size(request.width(), request.height())
        .steps(request.steps())
        .sigmas(request.sigmas())
        .guidanceScale(request.guidanceScale())
        .trueCfgScale(request.trueCfgScale())
        .imagesPerPrompt(request.imagesPerPrompt())
        .noise(seeds.stream().map(seed -> new Noise(seed.value(), seed.drawn())).toList())
        .latents(request.latents().map(EngineCall::floats))
        .maxSequenceLength(request.maxSequenceLength())
        .loraScale(request.weights().loraScale())
        .decode(request.output() == Output.PIXELS)
        .build();
  }

  private static Images image(Edit edit) {
    return images(given(edit.image(), "image"));
  }

  private static Images mask(Edit edit) {
    return masks(given(edit.mask(), "mask_image"));
  }

  private static Images control(ImageRequest request) {
    return images(given(request.controls().stream().findFirst(), "control_image").image());
  }

  private static List<ControlNetInput> controls(ImageRequest request) {
    given(request.controls().stream().findFirst(), "control_image");
    return request.controls().stream()
        .map(c -> new ControlNetInput(images(c.image()), c.mode(), c.scale(), c.start(), c.end()))
        .toList();
  }

  private static <T> T given(Optional<T> value, String argument) {
    return value.orElseThrow(
        () -> new IllegalArgumentException("`" + argument + "` must be given for this pipeline"));
  }

  private static Images masks(dev.fluxbridge.providers.Images given) {
    return images(given, bitmap -> bitmap);
  }

  /** The autoencoder takes three channels; on others the old code crashed. */
  private static Images images(dev.fluxbridge.providers.Images given) {
    return images(given, Colours::rgb);
  }

  private static Images images(
      dev.fluxbridge.providers.Images given,
      UnaryOperator<dev.fluxbridge.providers.Bitmap> prepared) {
    if (given instanceof dev.fluxbridge.providers.Images.Values values) {
      return Images.of(floats(values.tensor()));
    }
    return new Images.Bitmaps(
        ((dev.fluxbridge.providers.Images.Bitmaps) given)
            .bitmaps().stream()
                .map(prepared)
                .map(b -> new Bitmap(b.width(), b.height(), b.channels(), b.pixels()))
                .toList());
  }

  static Tensor tensor(Floats floats) {
    return Tensor.of(floats.values(), sides(floats.shape()));
  }

  static Floats floats(Tensor tensor) {
    return Floats.of(tensor.values(), sides(tensor.shape()));
  }

  private static int[] sides(List<Integer> shape) {
    return shape.stream().mapToInt(Integer::intValue).toArray();
  }

  private static Optional<Sampling.Prompt> negative(Prompt prompt) {
    return prompt
        .negative()
        .map(text -> new Sampling.Prompt(text, prompt.negativeSecond().orElse(text)));
  }

  private static Sampling.Embeddings embeddings(ImageRequest.Embeddings given) {
    return new Sampling.Embeddings(
        floats(given.prompt()),
        floats(given.pooled()),
        given.negative().map(EngineCall::floats),
        given.negativePooled().map(EngineCall::floats));
  }
}
