package dev.fluxbridge.legacy.flux;

import ai.djl.ndarray.types.Shape;
import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.autoencoder.Autoencoder;
import dev.fluxbridge.legacy.autoencoder.MemorySaving;
import dev.fluxbridge.legacy.picture.Size;
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

  static CallCheck of(
      Call call, FluxTransformerConfig model, Autoencoder autoencoder, MemorySaving saving) {
    Sampling sampling = call.sampling();
    PictureCheck.refuseStrength(call);
    within("steps", sampling.steps(), 1, MOST_STEPS);
    within("imagesPerPrompt", sampling.imagesPerPrompt(), 1, Integer.MAX_VALUE);
    refuse(sampling.sigmas().stream().anyMatch(s -> !Double.isFinite(s)), "sigmas must be numbers");
    refuse(sampling.sigmas().size() > MOST_STEPS, "sigmas must be at most " + MOST_STEPS);
    refuse(!Double.isFinite(sampling.guidanceScale()), "guidanceScale must be a number");
    refuse(!Double.isFinite(sampling.trueCfgScale()), "trueCfgScale must be a number");
    refuse(!Double.isFinite(sampling.loraScale()), "loraScale must be a number");

    int prompts = prompts(sampling, model, call instanceof DeDistilled);
    PictureCheck.refusePictures(call);
    refuse(
        sampling.maxSequenceLength() > LONGEST_TEXT,
        "`max_sequence_length` cannot be greater than 512 but is " + sampling.maxSequenceLength());
    within("maxSequenceLength", sampling.maxSequenceLength(), 1, LONGEST_TEXT);
    PictureCheck.refuseFill(call);
    PictureCheck.refuseOtherModel(call, model, autoencoder);

    long batch = (long) prompts * sampling.imagesPerPrompt();
    int square = 2 * autoencoder.scale();
    atLeast("width", sampling.width(), square);
    atLeast("height", sampling.height(), square);
    Size size = PictureCheck.size(call, square, autoencoder.latentChannels());
    int columns = floored("width", size.width(), square);
    int rows = floored("height", size.height(), square);
    refuseHuge(batch, rows, columns, square, model, autoencoder, saving);
    LatentGrid grid = new LatentGrid(autoencoder.latentChannels(), rows, columns);
    int generators = sampling.noise().size();
    refuse(
        generators > 1 && generators != batch,
        "You have passed a list of generators of length "
            + generators
            + ", but requested an effective batch size of "
            + batch
            + ". Make sure the batch size matches the length of the generators.");
    Shape latents =
        PictureCheck.startsUnpacked(call)
            ? new Shape(batch, grid.channels(), grid.height(), grid.width())
            : new Shape(batch, grid.tokens(), grid.features());
    sampling.latents().ifPresent(given -> refuseOtherShape("latents", given, latents));
    return new CallCheck(grid, (int) batch);
  }

  private static int prompts(Sampling call, FluxTransformerConfig model, boolean oneNegativeDoes) {
    Optional<Sampling.Embeddings> embeddings = call.embeddings();
    if (embeddings.isEmpty()) {
      refuse(
          call.prompts().isEmpty(),
          "Provide either `prompt` or `prompt_embeds`. Cannot leave both `prompt` and"
              + " `prompt_embeds` undefined.");
      int negative = call.negativePrompts().size();
      refuse(
          negative != 0 && negative != call.prompts().size() && !(oneNegativeDoes && negative == 1),
          "negativePrompts must be none or as many as prompts");
      return call.prompts().size();
    }
    refuse(
        !call.prompts().isEmpty(),
        "Cannot forward both `prompt`: (%d texts) and `prompt_embeds`: (numbers of shape %s). Please make sure to only forward one of the two."
            .formatted(call.prompts().size(), embeddings.get().prompt().shape()));
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

  private static void atLeast(String name, int pixels, int square) {
    refuse(pixels < square, name + " must be at least " + square + " pixels but is " + pixels);
  }

  /** Tokens along one side. */
  private static int floored(String name, int pixels, int square) {
    atLeast(name, pixels, square);
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
      Autoencoder autoencoder,
      MemorySaving saving) {
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
        autoencoder.leastBytes(pixels, saving) > memory,
        "a picture of "
            + columns * (long) square
            + "x"
            + rows * (long) square
            + " pixels takes at least "
            + (autoencoder.leastBytes(pixels, saving) >> 20)
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
    long[] sides = found.shape().stream().mapToLong(Integer::longValue).toArray();
    refuse(
        !new Shape(sides).equals(wanted),
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
