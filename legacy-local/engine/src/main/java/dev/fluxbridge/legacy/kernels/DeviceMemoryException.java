package dev.fluxbridge.legacy.kernels;

import ai.djl.engine.EngineException;
import java.util.Locale;

/** The device, or the host, had no memory for what was to be computed. */
public final class DeviceMemoryException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  private DeviceMemoryException(String message, Throwable cause) {
    super(message, cause);
  }

  /** A failure of the native engine as what it is: this, if memory was short, else itself. */
  public static RuntimeException explaining(EngineException failure) {
    String message = String.valueOf(failure.getMessage());
    String lower = message.toLowerCase(Locale.ROOT);
    if (!lower.contains("out of memory") && !lower.contains("can't allocate memory")) {
      return failure;
    }
    return new DeviceMemoryException(
        "there is not enough memory for this call: "
            + message.lines().findFirst().orElse("").strip()
            + ". What it had taken is free again. Draw smaller pictures or fewer at once, switch"
            + " VAE slicing and tiling on, or on a GPU enable_model_cpu_offload",
        failure);
  }
}
