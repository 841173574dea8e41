package dev.fluxbridge.legacy.flux;

import dev.fluxbridge.legacy.kernels.Precision;
import java.util.Optional;

/**
 * Where an engine computes, and in which precision. Immutable.
 *
 * @param device {@code cpu}, {@code cuda} or {@code cuda:1} and so on, as torch names them
 * @param dtype the precision of weights and of all that is computed: {@code float32} on a CPU; a
 *     GPU's own are {@code bfloat16} and {@code float16}. CPUs without instructions for these two
 *     compute in them many times slower
 * @param modelCpuOffload enable_model_cpu_offload: keeps the weights in the host's memory and lets
 *     one model at a time be on the device while it computes
 */
public record EngineOptions(String device, Precision dtype, boolean modelCpuOffload) {
  /** On the CPU in float32. */
  public static final EngineOptions DEFAULT = new EngineOptions("cpu", Precision.FLOAT32, false);

  /**
   * @throws IllegalArgumentException if the device has no such name, or there is nothing to offload
   *     from
   */
  public EngineOptions {
    if (!device.matches("cpu|cuda(:\\d{1,3})?")) {
      throw new IllegalArgumentException(
          "device must be cpu, cuda or cuda: and a number, but is " + device);
    }
    if (modelCpuOffload && device.equals("cpu")) {
      throw new IllegalArgumentException(
          "enable_model_cpu_offload requires accelerator, but not found: the device is cpu");
    }
  }

  /**
   * By the names that torch gives to devices and precisions.
   *
   * @param dtype none: float32 on a CPU and bfloat16 on a GPU
   * @throws IllegalArgumentException if one is no such name, or there is nothing to offload from
   */
  public static EngineOptions of(String device, Optional<String> dtype, boolean modelCpuOffload) {
    Precision own = device.equals(DEFAULT.device) ? Precision.FLOAT32 : Precision.BFLOAT16;
    return new EngineOptions(device, dtype.map(Precision::named).orElse(own), modelCpuOffload);
  }

  /** The number of the GPU; none for the CPU. */
  public Optional<Integer> gpu() {
    if (device.equals("cpu")) {
      return Optional.empty();
    }
    int colon = device.indexOf(':');
    return Optional.of(colon < 0 ? 0 : Integer.parseInt(device.substring(colon + 1)));
  }
}
