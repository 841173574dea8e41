package dev.fluxbridge.legacy.scheduler;

import ai.djl.ndarray.NDArray;
import dev.fluxbridge.legacy.checkpoint.Config;
import dev.fluxbridge.legacy.kernels.Precision;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * FlowMatchEulerDiscreteScheduler: which noise levels the steps go through, and the Euler step
 * between two of them.
 *
 * <p>Levels are computed in float32 as numpy does it. It knows nothing of terminal stretching,
 * Karras, exponential or beta sigmas, inverted sigmas or stochastic sampling, and refuses a
 * configuration that asks for one. Immutable, safe for use by several threads.
 *
 * <p>Source: diffusers 0.35, schedulers/scheduling_flow_match_euler_discrete.py, and
 * calculate_shift of the Flux pipeline.
 */
public final class FlowMatchEulerScheduler {
  private static final List<String> UNSUPPORTED =
      List.of(
          "invert_sigmas",
          "use_karras_sigmas",
          "use_exponential_sigmas",
          "use_beta_sigmas",
          "stochastic_sampling");

  private final int numTrainTimesteps;
  private final float shift;
  private final boolean useDynamicShifting;
  private final boolean exponential;
  private final double baseShift;
  private final double maxShift;
  private final int baseImageSeqLen;
  private final int maxImageSeqLen;

  private FlowMatchEulerScheduler(Config config) {
    config.only(
        "_class_name", config.text("_class_name", "(none)"), "FlowMatchEulerDiscreteScheduler");
    for (String key : UNSUPPORTED) {
      config.only(key, config.flag(key, false), false);
    }
    config.only("shift_terminal", config.number("shift_terminal", 0), 0.0);
    String type = config.text("time_shift_type", "exponential");
    config.only("time_shift_type", type, "exponential", "linear");
    exponential = type.equals("exponential");
    numTrainTimesteps = config.size("num_train_timesteps", 1000);
    shift = (float) config.number("shift", 1);
    useDynamicShifting = config.flag("use_dynamic_shifting", false);
    baseShift = config.number("base_shift", 0.5);
    maxShift = config.number("max_shift", 1.15);
    baseImageSeqLen = config.size("base_image_seq_len", 256);
    maxImageSeqLen = config.size("max_image_seq_len", 4096);
  }

  /**
   * Reads {@code scheduler_config.json} of the part.
   *
   * @throws dev.fluxbridge.legacy.checkpoint.CheckpointException if it asks for what is not here
   */
  public static FlowMatchEulerScheduler load(Path part) {
    return new FlowMatchEulerScheduler(Config.read(part.resolve("scheduler_config.json")));
  }

  /** numpy.linspace(1, 1 / steps, steps). */
  public static List<Double> evenSigmas(int steps) {
    Double[] sigmas = new Double[steps];
    double end = 1.0 / steps;
    double step = steps == 1 ? 0 : (end - 1) / (steps - 1);
    for (int i = 0; i < steps; i++) {
      sigmas[i] = i * step + 1;
    }
    if (steps > 1) {
      sigmas[steps - 1] = end;
    }
    return Arrays.asList(sigmas);
  }

  /** How far the schedule is moved towards noise for a picture of so many image tokens. */
  public double mu(int imageSeqLen) {
    double m = (maxShift - baseShift) / (maxImageSeqLen - baseImageSeqLen);
    return imageSeqLen * m + (baseShift - m * baseImageSeqLen);
  }

  /**
   * The schedule for one picture size.
   *
   * @param sigmas noise levels before the shift, descending, within (0, 1]
   */
  public Schedule schedule(List<Double> sigmas, int imageSeqLen) {
    float mu = (float) mu(imageSeqLen);
    float exp = (float) Math.exp(mu(imageSeqLen));
    float[] shifted = new float[sigmas.size() + 1];
    for (int i = 0; i < sigmas.size(); i++) {
      float sigma = sigmas.get(i).floatValue();
      if (!useDynamicShifting) {
        shifted[i] = shift * sigma / (1 + (shift - 1) * sigma);
      } else {
        float factor = exponential ? exp : mu;
        shifted[i] = factor / (factor + (1 / sigma - 1));
      }
    }
    return new Schedule(shifted, numTrainTimesteps);
  }

  /** Noise levels of one call, one for each step and 0 at the end. Immutable. */
  public static final class Schedule {
    private final float[] sigmas;
    private final int numTrainTimesteps;

    private Schedule(float[] sigmas, int numTrainTimesteps) {
      this.sigmas = sigmas;
      this.numTrainTimesteps = numTrainTimesteps;
    }

    /** How many steps there are. */
    public int steps() {
      return sigmas.length - 1;
    }

    /** The noise level before step {@code i}, 0 after the last one. */
    public float sigma(int i) {
      return sigmas[i];
    }

    /** The same on the scale of training, 0 to 1000. */
    public float timestep(int i) {
      return sigmas[i] * numTrainTimesteps;
    }

    /**
     * The steps that are left where a strength gives up only a part of a picture.
     *
     * @param strength 0 to 1; 1 leaves all steps
     */
    public Schedule from(double strength) {
      double kept = Math.min(steps() * strength, steps());
      int first = (int) Math.max(steps() - kept, 0);
      return new Schedule(Arrays.copyOfRange(sigmas, first, sigmas.length), numTrainTimesteps);
    }

    /** A picture and noise, mixed as they are before step {@code i}, in their own precision. */
    public NDArray scaleNoise(NDArray sample, NDArray noise, int i) {
      Precision precision = Precision.of(sample);
      float sigma = precision.rounded(sigmas[i]);
      return noise.mul(sigma).add(sample.mul(precision.rounded(1 - sigma)));
    }

    /** One Euler step from noise level {@code i} to the next. */
    public NDArray step(NDArray modelOutput, int i, NDArray sample) {
      return sample.add(modelOutput.mul(sigmas[i + 1] - sigmas[i]));
    }
  }
}
