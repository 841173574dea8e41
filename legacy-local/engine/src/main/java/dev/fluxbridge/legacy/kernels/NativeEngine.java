package dev.fluxbridge.legacy.kernels;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.cuda.CudaUtils;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts DJL's PyTorch engine, on the CPU, from the class path alone.
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
    if (System.getProperty(OFFLINE) == null) {
      System.setProperty(OFFLINE, "true");
      LOG.info(
          "Set the system property {}=true: DJL takes its libraries from the class path", OFFLINE);
    }
    try {
      return CompletableFuture.supplyAsync(
              () -> NDManager.newBaseManager(Device.cpu(), "PyTorch"), NativeEngine::onItsOwnThread)
          .join();
    } catch (CompletionException e) {
      throw new IllegalStateException(
          "DJL's PyTorch engine does not start here: "
              + e.getCause()
              + ". "
              + EngineParts.found(NativeEngine.class.getClassLoader(), System.getenv())
                  .advice(CudaUtils::getGpuCount),
          e);
    }
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
