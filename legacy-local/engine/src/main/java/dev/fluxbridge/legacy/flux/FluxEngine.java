package dev.fluxbridge.legacy.flux;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import dev.fluxbridge.legacy.autoencoder.Autoencoder;
import dev.fluxbridge.legacy.autoencoder.MemorySaving;
import dev.fluxbridge.legacy.checkpoint.Checkpoint;
import dev.fluxbridge.legacy.checkpoint.CheckpointException;
import dev.fluxbridge.legacy.controlnet.FluxControlNet;
import dev.fluxbridge.legacy.kernels.DeviceMemoryException;
import dev.fluxbridge.legacy.kernels.Kernels;
import dev.fluxbridge.legacy.kernels.NativeEngine;
import dev.fluxbridge.legacy.kernels.Placement;
import dev.fluxbridge.legacy.kernels.Residency;
import dev.fluxbridge.legacy.lora.LoraAdapters;
import dev.fluxbridge.legacy.scheduler.FlowMatchEulerScheduler;
import dev.fluxbridge.legacy.text.TextEncoders;
import dev.fluxbridge.legacy.transformer.FluxTransformer;
import dev.fluxbridge.legacy.transformer.FluxTransformerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One checkpoint, loaded, and the old FLUX pipelines that draw with it in this process: the same
 * seed gives the same picture as diffusers gives with a generator of the CPU.
 *
 * <p>It knows nothing of IP adapters. Safe for use by several threads: calls wait for one another.
 * A call that runs when the engine is closed is cancelled at its next step. All native memory of a
 * call is freed when it returns, all other when the engine is closed. The checkpoint's files stay
 * mapped into memory meanwhile and must not be cut short.
 *
 * <p>Source: diffusers 0.35, pipelines/flux.
 */
public final class FluxEngine implements AutoCloseable {
  /**
   * The system property that sets how many native threads draw. Unset: one for a small model, else
   * as many as libtorch takes by itself, a thread for each core. Set it lower than the cores that
   * are free: threads that wait for a busy core make drawing many times slower.
   */
  public static final String THREADS_PROPERTY = "fluxbridge.local.threads";

  /**
   * Up to this width one thread draws: matrices are too small to gain from a second one, and
   * OpenMP's waiting threads made a drawing 35 times slower where another process took one of two
   * cores.
   */
  private static final int SMALL_MODEL = 256;

  private final ReentrantLock oneAtATime = new ReentrantLock(true);
  private final NDManager manager;
  private final LoraAdapters adapters;
  private volatile Parts parts;
  private @Nullable NDManager controlNetWeights;
  private final int threads;
  private volatile boolean slicing;
  private volatile boolean tiling;
  private volatile boolean closing;
  private boolean freed;

  private FluxEngine(NDManager manager, Parts parts, LoraAdapters adapters) {
    this.manager = manager;
    this.parts = parts;
    this.adapters = adapters;
    threads = threads(parts.transformer().config());
  }

  private static int threads(FluxTransformerConfig model) {
    Integer asked = Integer.getInteger(THREADS_PROPERTY);
    if (asked != null) {
      return Math.max(1, asked);
    }
    return model.innerDim() <= SMALL_MODEL ? 1 : NativeEngine.threads();
  }

  /**
   * Loads a checkpoint folder in diffusers' layout.
   *
   * @throws CheckpointException if something is missing, damaged or of a kind that cannot be drawn
   * @throws DrawingCancelledException if this thread is interrupted already
   * @throws IllegalStateException if the native engine does not start on this machine
   */
  public static FluxEngine load(Path checkpoint) {
    return load(checkpoint, EngineOptions.DEFAULT);
  }

  /**
   * Loads a checkpoint folder in diffusers' layout, onto a device.
   *
   * @throws CheckpointException as {@link #load(Path)} does
   * @throws DrawingCancelledException if this thread is interrupted already
   * @throws IllegalStateException if the native engine does not start on this machine, or not with
   *     that device
   */
  public static FluxEngine load(Path checkpoint, EngineOptions options) {
    return load(checkpoint, options, options.modelCpuOffload());
  }

  static FluxEngine load(Path checkpoint, EngineOptions options, boolean offload) {
    if (Thread.currentThread().isInterrupted()) {
      throw new DrawingCancelledException("the thread was interrupted before loading began");
    }
    Checkpoint files = Checkpoint.open(checkpoint);
    FlowMatchEulerScheduler scheduler =
        FlowMatchEulerScheduler.load(files.part("scheduler", "FlowMatchEulerDiscreteScheduler"));
    NDManager manager = NativeEngine.newManager(options.gpu());
    @Nullable Kernels kernels = null;
    @Nullable TextEncoders text = null;
    @Nullable FluxTransformer transformer = null;
    try {
      kernels = new Kernels(manager);
      Placement placement =
          offload
              ? new Placement(
                  NativeEngine.onHost(manager),
                  kernels,
                  options.dtype(),
                  Residency.inTurn(manager, kernels))
              : new Placement(manager, kernels, options.dtype());
      text = TextEncoders.load(files, placement);
      transformer =
          FluxTransformer.load(files.part("transformer", "FluxTransformer2DModel"), placement);
      Autoencoder autoencoder = Autoencoder.load(files.part("vae", "AutoencoderKL"), placement);
      refuseMisfits(checkpoint, transformer.config(), text, autoencoder);
      return new FluxEngine(
          manager,
          new Parts(placement, text, transformer, autoencoder, scheduler, List.of()),
          new LoraAdapters(placement, transformer, text.textEncoder()));
    } catch (RuntimeException | Error e) {
      free(transformer, text, kernels, manager);
      throw e;
    }
  }

  private static void refuseMisfits(
      Path checkpoint, FluxTransformerConfig config, TextEncoders text, Autoencoder autoencoder) {
    int latents = 4 * autoencoder.latentChannels();
    refuseMisfit(checkpoint, "text_encoder", text.pooledWidth(), config.pooledProjectionDim());
    refuseMisfit(checkpoint, "text_encoder_2", text.width(), config.jointAttentionDim());
    refuseMisfit(checkpoint, "vae", latents, config.outChannels());
    // More input channels are a picture, a mask or a drawing beside the latents: each call checks.
    refuseMisfit(checkpoint, "vae", latents, Math.min(config.inChannels(), latents));
  }

  private static void refuseMisfit(Path checkpoint, String part, int width, int wanted) {
    if (width != wanted) {
      throw new CheckpointException(
          "the transformer works with a width of " + wanted + ", but " + part + " with " + width,
          checkpoint,
          "Take all parts from the same checkpoint.");
    }
  }

  /**
   * Loads ControlNets for the calls that come, instead of all that were loaded before, which are
   * freed. If one cannot be loaded, those before stay. Waits for a call that runs.
   *
   * @param folders diffusers' folders, in the order in which the calls name their control pictures;
   *     none to free all
   * @throws CheckpointException if one is missing, damaged or no net for this checkpoint
   * @throws DrawingCancelledException if this thread is interrupted
   * @throws IllegalStateException if the engine is closed, or from inside a watcher's method
   */
  public void loadControlNets(List<Path> folders) {
    try {
      oneAtATime.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DrawingCancelledException("the thread was interrupted before loading began");
    }
    try {
      if (closing) {
        throw new IllegalStateException("the engine is closed; load it again");
      }
      if (oneAtATime.getHoldCount() > 1) {
        throw new IllegalStateException("a call is running; load ControlNets before or after it");
      }
      NDManager weights = parts.placement().manager().newSubManager();
      List<FluxControlNet> loaded = new ArrayList<>();
      try {
        for (Path folder : folders) {
          FluxControlNet net = FluxControlNet.load(folder, parts.placement().of(weights));
          loaded.add(net);
          refuseMisfits(folder, net.config().sizes());
        }
      } catch (RuntimeException | Error e) {
        loaded.forEach(FluxControlNet::close);
        weights.close();
        throw e;
      }
      freeControlNets();
      parts = parts.with(loaded);
      controlNetWeights = weights;
    } finally {
      if (closing && oneAtATime.getHoldCount() == 1) {
        free();
      }
      oneAtATime.unlock();
    }
  }

  private void refuseMisfits(Path folder, FluxTransformerConfig net) {
    FluxTransformerConfig model = parts.transformer().config();
    int latents = 4 * parts.autoencoder().latentChannels();
    refuseMisfit(folder, "the ControlNet's model", net.innerDim(), model.innerDim());
    refuseMisfit(folder, "the ControlNet's latents", net.inChannels(), latents);
    refuseMisfit(
        folder, "the ControlNet's text", net.jointAttentionDim(), model.jointAttentionDim());
    refuseMisfit(
        folder,
        "the ControlNet's pooled text",
        net.pooledProjectionDim(),
        model.pooledProjectionDim());
  }

  private void freeControlNets() {
    parts.controlNets().forEach(FluxControlNet::close);
    parts = parts.with(List.of());
    if (controlNetWeights != null) {
      controlNetWeights.close();
      controlNetWeights = null;
    }
  }

  /**
   * Draws pictures.
   *
   * @param watcher is told of every step, on this thread
   * @throws IllegalArgumentException if the call asks for what cannot be drawn
   * @throws DeviceMemoryException if the device has too little memory for it
   * @throws DrawingCancelledException if this thread is interrupted or the engine closed meanwhile
   * @throws IllegalStateException if the engine was closed before
   */
  public Drawing draw(Call call, StepWatcher watcher) {
    MemorySaving saving = new MemorySaving(slicing, tiling);
    FluxTransformerConfig model = parts.transformer().config();
    CallCheck early = CallCheck.of(call, model, parts.autoencoder(), saving);
    try {
      oneAtATime.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DrawingCancelledException("the thread was interrupted before drawing began");
    }
    try {
      if (closing) {
        throw new IllegalStateException("the engine is closed; load it again");
      }
      // While this call waited, an adapter may have given the transformer another input.
      FluxTransformerConfig now = parts.transformer().config();
      CallCheck check =
          now.equals(model) ? early : CallCheck.of(call, now, parts.autoencoder(), saving);
      adapters.scale(call.sampling().loraScale());
      try (NDManager own = manager.newSubManager()) {
        Session session =
            new Session(parts, own, call.sampling(), check.grid(), check.batch(), saving);
        Denoising denoising = new Denoising(session, watcher, this::refuseCancelled);
        return NativeEngine.withThreads(threads, () -> denoising.draw(call));
      } catch (EngineException e) {
        throw DeviceMemoryException.explaining(e);
      } finally {
        if (oneAtATime.getHoldCount() == 1) {
          parts.placement().residency().clear();
        }
      }
    } finally {
      if (closing && oneAtATime.getHoldCount() == 1) {
        free();
      }
      oneAtATime.unlock();
    }
  }

  private void refuseCancelled() {
    if (Thread.currentThread().isInterrupted()) {
      throw new DrawingCancelledException("the thread was interrupted while drawing");
    }
    if (closing) {
      throw new DrawingCancelledException("the engine was closed while drawing");
    }
  }

  /**
   * load_lora_weights: loads a LoRA file and makes it the only active adapter of the models that it
   * changes. As all methods for adapters it waits for the calls before it, and holds from the next
   * one on; from inside a watcher's method it holds from the next step on.
   *
   * @param adapterName its name; none: {@code default_0}, {@code default_1} and so on
   * @return the name
   * @throws IllegalArgumentException if the name is in use
   * @throws CheckpointException if the file is no LoRA, or not one for this checkpoint
   */
  public String loadLoraWeights(Path file, Optional<String> adapterName) {
    return adapting(lora -> lora.load(file, adapterName));
  }

  /**
   * set_adapters: makes these adapters the active ones.
   *
   * @param weights one for each; empty: 1 for all
   * @throws IllegalArgumentException if a name is unknown or the weights are not as many
   */
  public void setAdapters(List<String> names, List<Double> weights) {
    adapt(lora -> lora.set(names, weights));
  }

  /** The names of all loaded adapters. */
  public List<String> loadedAdapters() {
    return adapting(LoraAdapters::names);
  }

  /** get_active_adapters: the names of the adapters that act on the transformer. */
  public List<String> activeAdapters() {
    return adapting(LoraAdapters::active);
  }

  /** disable_lora and enable_lora: whether adapters act at all. Disabling unfuses, as in peft. */
  public void enableLora(boolean on) {
    adapt(on ? LoraAdapters::enable : LoraAdapters::disable);
  }

  /**
   * fuse_lora: puts adapters into the weights, so that they cost nothing at each step.
   *
   * @param scale multiplies the weights of the active adapters, for good
   * @param names which ones; none: the active ones
   * @param textEncoderToo whether in CLIP too; diffusers by itself fuses in the transformer only
   * @throws IllegalArgumentException if a name is unknown
   * @throws IllegalStateException if the adapters are disabled
   */
  public void fuseLora(double scale, Optional<List<String>> names, boolean textEncoderToo) {
    adapt(lora -> lora.fuse(scale, names, textEncoderToo));
  }

  /** unfuse_lora: takes all fused adapters out of the weights again. */
  public void unfuseLora() {
    adapt(LoraAdapters::unfuse);
  }

  /**
   * unload_lora_weights: forgets all adapters. What is fused stays in the weights.
   *
   * @param resetToOverwrittenParams whether a transformer that a control LoRA has made to read
   *     wider image tokens is made to read its own ones again
   */
  public void unloadLoraWeights(boolean resetToOverwrittenParams) {
    adapt(lora -> lora.unload(resetToOverwrittenParams));
  }

  /**
   * delete_adapters: forgets these adapters.
   *
   * @throws IllegalArgumentException if a name is unknown
   * @throws IllegalStateException if one is fused
   */
  public void deleteAdapters(List<String> names) {
    adapt(lora -> lora.delete(names));
  }

  private void adapt(Consumer<LoraAdapters> change) {
    adapting(
        lora -> {
          change.accept(lora);
          return lora;
        });
  }

  private <T> T adapting(Function<LoraAdapters, T> change) {
    oneAtATime.lock();
    try {
      if (closing) {
        throw new IllegalStateException("the engine is closed; load it again");
      }
      return change.apply(adapters);
    } finally {
      oneAtATime.unlock();
    }
  }

  /**
   * enable_vae_slicing and disable_vae_slicing: encode the pictures of a batch one after the other.
   * Decoding always does. Holds from the next call on.
   */
  public void vaeSlicing(boolean on) {
    slicing = on;
  }

  /**
   * enable_vae_tiling and disable_vae_tiling: work on large pictures tile by tile, in less memory;
   * tiles are blended where they meet. Holds from the next call on.
   */
  public void vaeTiling(boolean on) {
    tiling = on;
  }

  /**
   * Frees all native memory. A call that runs on another thread is cancelled and waited for; from
   * inside a watcher's method the memory is freed when that call has ended.
   */
  @Override
  public void close() {
    closing = true;
    oneAtATime.lock();
    try {
      if (oneAtATime.getHoldCount() == 1) {
        free();
      }
    } finally {
      oneAtATime.unlock();
    }
  }

  private void free() {
    if (!freed) {
      freed = true;
      adapters.close();
      freeControlNets();
      free(parts.transformer(), parts.text(), parts.placement().kernels(), manager);
    }
  }

  private static void free(
      @Nullable FluxTransformer transformer,
      @Nullable TextEncoders text,
      @Nullable Kernels kernels,
      NDManager manager) {
    if (transformer != null) {
      transformer.close();
    }
    if (text != null) {
      text.close();
    }
    if (kernels != null) {
      kernels.close();
    }
    manager.close();
  }

  /** For tests: who owns all native arrays. */
  NDManager manager() {
    return manager;
  }
}
