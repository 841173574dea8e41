package dev.fluxbridge.legacy.kernels;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.Utils;
import ai.djl.util.cuda.CudaUtils;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts DJL's PyTorch engine from the class path alone.
 *
 * <p>Unless the system property {@code ai.djl.offline} is set already, it is set to {@code true}
 * before DJL starts, so that nothing is ever downloaded: the native libraries are dependencies.
 */
public final class NativeEngine {
  private static final Logger LOG = LoggerFactory.getLogger(NativeEngine.class);
  private static final String OFFLINE = "ai.djl.offline";

  private NativeEngine() {}

  /**
   * A manager of native arrays that knows no other, for its caller to close.
   *
   * @throws IllegalStateException if the native engine cannot start on this machine
   */
  public static NDManager newManager() {
    return newManager(Optional.empty());
  }

  /**
   * The same on a GPU.
   *
   * @param gpu its number; none for the CPU
   * @throws IllegalStateException if the native engine cannot start on this machine, or sees no
   *     such GPU
   */
  public static NDManager newManager(Optional<Integer> gpu) {
    if (System.getProperty(OFFLINE) == null) {
      System.setProperty(OFFLINE, "true");
      LOG.info(
          "Set the system property {}=true: DJL takes its libraries from the class path", OFFLINE);
    }
    try {
      return CompletableFuture.supplyAsync(() -> started(gpu), NativeEngine::onItsOwnThread).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof MissingGpuException missing) {
        throw missing;
      }
      throw new IllegalStateException(
          "DJL's PyTorch engine does not start here: "
              + EngineParts.root(e)
              + ". "
              + EngineParts.found(
                      NativeEngine.class.getClassLoader(), Utils::getEnvOrSystemProperty)
                  .advice(CudaUtils::getGpuCount),
          e);
    }
  }

  private static NDManager started(Optional<Integer> gpu) {
    int gpus = gpu.isPresent() ? Engine.getEngine("PyTorch").getGpuCount() : 0;
    if (gpu.isPresent() && gpu.get() >= gpus) {
      throw new MissingGpuException(
          "the device cuda:"
              + gpu.get()
              + " is asked for, but DJL's PyTorch engine sees "
              + (gpus == 0 ? "no NVIDIA GPU" : gpus + " NVIDIA GPUs, numbered from 0")
              + ". It needs native libraries built for CUDA on the class path (pytorch-native-cu"
              + " and a version, not pytorch-native-cpu), NVIDIA's driver, and the CUDA runtime"
              + " (libcudart) in a folder of LD_LIBRARY_PATH.");
    }
    return NDManager.newBaseManager(gpu.map(Device::gpu).orElse(Device.cpu()), "PyTorch");
  }

  private static final class MissingGpuException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    MissingGpuException(String message) {
      super(message);
    }
  }

  /** A manager of arrays in the host's memory, which goes with {@code manager}. */
  public static NDManager onHost(NDManager manager) {
    return manager.newSubManager(Device.cpu());
  }

  /** DJL swallows an interrupt while it starts, so it must not see the caller's. */
  private static void onItsOwnThread(Runnable start) {
    Thread starter = new Thread(start, "fluxbridge-djl-start");
    starter.setDaemon(true);
    starter.start();
  }

  /**
   * Runs something with that many native threads, on this thread, and sets them back.
   *
   * @param threads at least 1
   */
  public static <T> T withThreads(int threads, Supplier<T> body) {
    int before = JniUtils.getNumThreads();
    JniUtils.setNumThreads(threads);
    try {
      return body.get();
    } finally {
      JniUtils.setNumThreads(before);
    }
  }

  /** How many native threads this process would use by itself. */
  public static int threads() {
    return JniUtils.getNumThreads();
  }
}
