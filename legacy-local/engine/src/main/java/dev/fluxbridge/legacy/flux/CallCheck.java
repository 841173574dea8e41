package dev.fluxbridge.legacy.flux;

import ai.djl.ndarray.types.Shape;
import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.autoencoder.Autoencoder;
import dev.fluxbridge.legacy.autoencoder.MemorySaving;
import dev.fluxbridge.legacy.transformer.FluxTransformerConfig;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call that was found possible, before anything native is touched.
 *
 * @param grid how its latents are cut into tokens
 * @param batch B, the pictures that come out
 */
record CallCheck(LatentGrid grid, int batch) {
  private static final Logger LOG = LoggerFactory.getLogger(CallCheck.class);
  private static final int LONGEST_TEXT = 512;
  private static final int MOST_STEPS = 100_000;

  static CallCheck of(TextToImage call, FluxTransformerConfig model, Autoencoder autoencoder) {
    within("steps", call.steps(), 1, MOST_STEPS);
    within("imagesPerPrompt", call.imagesPerPrompt(), 1, Integer.MAX_VALUE);
    within("maxSequenceLength", call.maxSequenceLength(), 1, LONGEST_TEXT);
    refuse(call.sigmas().stream().anyMatch(s -> !Double.isFinite(s)), "sigmas must be numbers");
    refuse(call.sigmas().size() > MOST_STEPS, "sigmas must be at most " + MOST_STEPS);
    refuse(!Double.isFinite(call.guidanceScale()), "guidanceScale must be a number");
    refuse(!Double.isFinite(call.trueCfgScale()), "trueCfgScale must be a number");

    int prompts = prompts(call, model);
    long batch = (long) prompts * call.imagesPerPrompt();
    int square = 2 * autoencoder.scale();
    int columns = floored("width", call.width(), square);
    int rows = floored("height", call.height(), square);
    refuseHuge(batch, rows, columns, square, model, autoencoder);
    LatentGrid grid = new LatentGrid(autoencoder.latentChannels(), rows, columns);
    refuse(
        call.noise().size() > 1 && call.noise().size() != batch,
        "noise must be none, one, or one for each of "
            + batch
            + " pictures, not "
            + call.noise().size());
    call.latents()
        .ifPresent(
            latents ->
                refuseOtherShape(
                    "latents", latents, new Shape(batch, grid.tokens(), grid.features())));
    return new CallCheck(grid, (int) batch);
  }

  private static int prompts(TextToImage call, FluxTransformerConfig model) {
    Optional<TextToImage.Embeddings> embeddings = call.embeddings();
    if (embeddings.isEmpty()) {
      refuse(call.prompts().isEmpty(), "there is neither a prompt nor embeddings");
      int negative = call.negativePrompts().size();
      refuse(
          negative != 0 && negative != call.prompts().size(),
          "negativePrompts must be none or as many as prompts");
      return call.prompts().size();
    }
    refuse(!call.prompts().isEmpty(), "there are prompts and embeddings; pass only one of the two");
    List<Integer> shape = embeddings.get().prompt().shape();
    refuse(
        shape.size() != 3 || shape.get(0) < 1 || shape.get(1) < 1,
        "the prompt embeddings must have a shape (B, T, width) but have " + shape);
    int batch = shape.get(0);
    Shape prompt = new Shape(batch, shape.get(1), model.jointAttentionDim());
    Shape pooled = new Shape(batch, model.pooledProjectionDim());
    refuseOtherShape("the prompt embeddings", embeddings.get().prompt(), prompt);
    refuseOtherShape("the pooled embeddings", embeddings.get().pooled(), pooled);
    embeddings
        .get()
        .negative()
        .ifPresent(n -> refuseOtherShape("the negative prompt embeddings", n, prompt));
    embeddings
        .get()
        .negativePooled()
        .ifPresent(n -> refuseOtherShape("the negative pooled embeddings", n, pooled));
    refuse(
        embeddings.get().negative().isPresent() != embeddings.get().negativePooled().isPresent(),
        "negative prompt embeddings and negative pooled embeddings must come together");
    return batch;
  }

  /** Tokens along one side. */
  private static int floored(String name, int pixels, int square) {
    refuse(pixels < square, name + " must be at least " + square + " pixels but is " + pixels);
    if (pixels % square != 0) {
      LOG.warn(
          "{} is {}, no multiple of {}: drawing {}",
          name,
          pixels,
          square,
          pixels - pixels % square);
    }
    return pixels / square;
  }

  private static void refuseHuge(
      long batch,
      int rows,
      int columns,
      int square,
      FluxTransformerConfig model,
      Autoencoder autoencoder) {
    long pixels = (long) rows * columns * square * square;
    long features = Math.max(model.inChannels(), model.attentionHeadDim());
    boolean overflows =
        pixels * 3 > Integer.MAX_VALUE - 8
            || (long) rows * columns * features > (Integer.MAX_VALUE - 8) / batch;
    refuse(
        overflows,
        batch
            + " pictures of "
            + columns * (long) square
            + "x"
            + rows * (long) square
            + " pixels are more than a Java array holds");
    long memory = physicalMemory();
    refuse(
        autoencoder.leastBytes(pixels, MemorySaving.NONE) > memory,
        "a picture of "
            + columns * (long) square
            + "x"
            + rows * (long) square
            + " pixels takes at least "
            + (autoencoder.leastBytes(pixels, MemorySaving.NONE) >> 20)
            + " MiB to decode, and this machine has "
            + (memory >> 20));
  }

  private static long physicalMemory() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean machine
        ? machine.getTotalMemorySize()
        : Long.MAX_VALUE;
  }

  static void refuseOtherShape(String name, Floats found, Shape wanted) {
    long[] shape = found.shape().stream().mapToLong(Integer::longValue).toArray();
    refuse(
        !new Shape(shape).equals(wanted),
        name + " must have the shape " + wanted + " but have " + found.shape());
  }

  private static void within(String name, int found, int least, int most) {
    refuse(
        found < least || found > most,
        name + " must be " + least + " to " + most + " but is " + found);
  }

  private static void refuse(boolean wrong, String message) {
    if (wrong) {
      throw new IllegalArgumentException(message);
    }
  }
}
