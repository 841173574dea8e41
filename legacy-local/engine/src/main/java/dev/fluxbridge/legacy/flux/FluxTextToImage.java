package dev.fluxbridge.legacy.flux;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.autoencoder.Autoencoder;
import dev.fluxbridge.legacy.autoencoder.MemorySaving;
import dev.fluxbridge.legacy.checkpoint.Checkpoint;
import dev.fluxbridge.legacy.checkpoint.CheckpointException;
import dev.fluxbridge.legacy.kernels.Kernels;
import dev.fluxbridge.legacy.kernels.NativeEngine;
import dev.fluxbridge.legacy.kernels.Placement;
import dev.fluxbridge.legacy.random.TorchGenerator;
import dev.fluxbridge.legacy.scheduler.FlowMatchEulerScheduler;
import dev.fluxbridge.legacy.text.TextEncoders;
import dev.fluxbridge.legacy.transformer.FluxTransformer;
import dev.fluxbridge.legacy.transformer.FluxTransformerConfig;
import dev.fluxbridge.legacy.transformer.RotaryEmbedding;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * FluxPipeline of diffusers, drawn in this process in float32 on the CPU: the same seed gives the
 * same picture.
 *
 * <p>It edits no pictures, and knows nothing of LoRA, ControlNets and IP adapters; weights in half
 * precision are widened when they are loaded. Safe for use by several threads: calls wait for one
 * another. A call that runs when the engine is closed is cancelled at its next step. All native
 * memory of a call is freed when it returns, all other when the engine is closed. The checkpoint's
 * files stay mapped into memory meanwhile and must not be cut short.
 *
 * <p>Source: diffusers 0.35, pipelines/flux/pipeline_flux.py.
 */
public final class FluxTextToImage implements AutoCloseable {
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
  private final Kernels kernels;
  private final TextEncoders text;
  private final FluxTransformer transformer;
  private final Autoencoder autoencoder;
  private final FlowMatchEulerScheduler scheduler;
  private final int threads;
  private volatile boolean closing;
  private boolean freed;

  private FluxTextToImage(
      NDManager manager,
      Kernels kernels,
      TextEncoders text,
      FluxTransformer transformer,
      Autoencoder autoencoder,
      FlowMatchEulerScheduler scheduler) {
    this.manager = manager;
    this.kernels = kernels;
    this.text = text;
    this.transformer = transformer;
    this.autoencoder = autoencoder;
    this.scheduler = scheduler;
    threads = threads(transformer.config());
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
  public static FluxTextToImage load(Path checkpoint) {
    if (Thread.currentThread().isInterrupted()) {
      throw new DrawingCancelledException("the thread was interrupted before loading began");
    }
    Checkpoint parts = Checkpoint.open(checkpoint);
    FlowMatchEulerScheduler scheduler =
        FlowMatchEulerScheduler.load(parts.part("scheduler", "FlowMatchEulerDiscreteScheduler"));
    NDManager manager = NativeEngine.newManager();
    @Nullable Kernels kernels = null;
    @Nullable TextEncoders text = null;
    @Nullable FluxTransformer transformer = null;
    try {
      kernels = new Kernels(manager);
      Placement placement = Placement.float32(manager, kernels);
      text = TextEncoders.load(parts, placement);
      transformer =
          FluxTransformer.load(parts.part("transformer", "FluxTransformer2DModel"), placement);
      Autoencoder autoencoder = Autoencoder.load(parts.part("vae", "AutoencoderKL"), placement);
      refuseMisfits(checkpoint, transformer.config(), text, autoencoder);
      return new FluxTextToImage(manager, kernels, text, transformer, autoencoder, scheduler);
    } catch (RuntimeException | Error e) {
      free(transformer, text, kernels, manager);
      throw e;
    }
  }

  private static void refuseMisfits(
      Path checkpoint, FluxTransformerConfig config, TextEncoders text, Autoencoder autoencoder) {
    refuseMisfit(checkpoint, "text_encoder", text.pooledWidth(), config.pooledProjectionDim());
    refuseMisfit(checkpoint, "text_encoder_2", text.width(), config.jointAttentionDim());
    refuseMisfit(checkpoint, "vae", 4 * autoencoder.latentChannels(), config.inChannels());
    refuseMisfit(checkpoint, "vae", 4 * autoencoder.latentChannels(), config.outChannels());
  }

  private static void refuseMisfit(Path checkpoint, String part, int width, int wanted) {
    if (width != wanted) {
      throw new CheckpointException(
          "the transformer works with a width of " + wanted + ", but " + part + " with " + width,
          checkpoint,
          "Take all parts from the same text-to-image checkpoint.");
    }
  }

  /**
   * Draws pictures.
   *
   * @param watcher is told of every step, on this thread
   * @throws IllegalArgumentException if the call asks for what cannot be drawn
   * @throws DrawingCancelledException if this thread is interrupted or the engine closed meanwhile
   * @throws IllegalStateException if the engine was closed before
   */
  public Drawing draw(TextToImage call, StepWatcher watcher) {
    CallCheck check = CallCheck.of(call, transformer.config(), autoencoder);
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
      try (NDManager own = manager.newSubManager()) {
        return NativeEngine.withThreads(
            threads, () -> draw(own, call, check.grid(), check.batch(), watcher));
      }
    } finally {
      if (closing && oneAtATime.getHoldCount() == 1) {
        free();
      }
      oneAtATime.unlock();
    }
  }

  private Drawing draw(
      NDManager own, TextToImage call, LatentGrid grid, int batch, StepWatcher watcher) {
    Conditioning positive = positive(own, call);
    Optional<Conditioning> negative =
        call.trueCfgScale() > 1 ? negative(own, call) : Optional.empty();

    List<TorchGenerator> generators = generators(call.noise());
    float[] noise =
        call.latents().map(Floats::values).orElseGet(() -> noise(generators, grid, batch));
    NDArray latents = own.create(noise, new Shape(batch, grid.tokens(), grid.features()));
    FlowMatchEulerScheduler.Schedule schedule =
        scheduler.schedule(
            call.sigmas().isEmpty()
                ? FlowMatchEulerScheduler.evenSigmas(call.steps())
                : call.sigmas(),
            grid.tokens());
    NDArray rotary =
        RotaryEmbedding.of(own, transformer.config().axesDimsRope(), grid.rows(), grid.columns());

    for (int i = 0; i < schedule.steps() && !watcher.interrupted(); i++) {
      refuseCancelled();
      float timestep = schedule.timestep(i) / 1000;
      float guidance = (float) call.guidanceScale();
      try (NDManager step = own.newSubManager()) {
        latents.attach(step);
        NDArray velocity = positive.velocity(transformer, latents, timestep, guidance, rotary);
        if (negative.isPresent()) {
          NDArray other = negative.get().velocity(transformer, latents, timestep, guidance, rotary);
          velocity = other.add(velocity.sub(other).mul(call.trueCfgScale()));
        }
        latents = schedule.step(velocity, i, latents);
        latents.attach(own);
      }
      latents = watched(watcher, own, latents, i, schedule);
    }
    refuseCancelled();
    List<Long> drawn = new ArrayList<>();
    for (int i = 0; i < call.noise().size(); i++) {
      drawn.add(generators.get(i).drawn() - call.noise().get(i).drawn());
    }
    return new Drawing(pictures(latents, grid, call.decode()), call.decode(), drawn);
  }

  private Conditioning positive(NDManager own, TextToImage call) {
    Optional<TextToImage.Embeddings> given = call.embeddings();
    if (given.isPresent()) {
      return Conditioning.of(own, given.get().prompt(), given.get().pooled(), transformer)
          .repeated(call.imagesPerPrompt());
    }
    return Conditioning.of(own, call.prompts(), call.maxSequenceLength(), text, transformer)
        .repeated(call.imagesPerPrompt());
  }

  private Optional<Conditioning> negative(NDManager own, TextToImage call) {
    Optional<Floats> prompt = call.embeddings().flatMap(TextToImage.Embeddings::negative);
    Optional<Floats> pooled = call.embeddings().flatMap(TextToImage.Embeddings::negativePooled);
    if (prompt.isPresent() && pooled.isPresent()) {
      return Optional.of(
          Conditioning.of(own, prompt.get(), pooled.get(), transformer)
              .repeated(call.imagesPerPrompt()));
    } else if (call.negativePrompts().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Conditioning.of(own, call.negativePrompts(), call.maxSequenceLength(), text, transformer)
            .repeated(call.imagesPerPrompt()));
  }

  private static List<TorchGenerator> generators(List<Noise> noise) {
    if (noise.isEmpty()) {
      return List.of(new TorchGenerator(new SecureRandom().nextLong(), 0));
    }
    return noise.stream().map(n -> new TorchGenerator(n.seed(), n.drawn())).toList();
  }

  /** One generator draws the whole batch at once, several draw a picture each. */
  private static float[] noise(List<TorchGenerator> generators, LatentGrid grid, int batch) {
    int each = batch / generators.size() * grid.size();
    float[] all = new float[batch * grid.size()];
    for (int i = 0; i < generators.size(); i++) {
      System.arraycopy(grid.pack(generators.get(i).randn(each)), 0, all, i * each, each);
    }
    return all;
  }

  private static NDArray watched(
      StepWatcher watcher,
      NDManager own,
      NDArray latents,
      int index,
      FlowMatchEulerScheduler.Schedule schedule) {
    SteppedLatents step = new SteppedLatents(index, schedule, latents);
    Optional<Floats> replacement = watcher.stepped(step);
    step.expire();
    if (replacement.isEmpty()) {
      return latents;
    }
    Shape shape = latents.getShape();
    CallCheck.refuseOtherShape("the latents that the watcher returned", replacement.get(), shape);
    latents.close();
    return own.create(replacement.get().values(), shape);
  }

  private void refuseCancelled() {
    if (Thread.currentThread().isInterrupted()) {
      throw new DrawingCancelledException("the thread was interrupted while drawing");
    }
    if (closing) {
      throw new DrawingCancelledException("the engine was closed while drawing");
    }
  }

  private List<Floats> pictures(NDArray latents, LatentGrid grid, boolean decode) {
    List<Floats> pictures = new ArrayList<>();
    for (int i = 0; i < latents.getShape().get(0); i++) {
      try (NDManager one = latents.getManager().newSubManager()) {
        NDArray picture = latents.get(i);
        picture.attach(one);
        if (!decode) {
          pictures.add(Floats.of(picture.toFloatArray(), grid.tokens(), grid.features()));
          continue;
        }
        refuseCancelled();
        NDArray pixels =
            autoencoder
                .decode(grid.unpack(picture), MemorySaving.NONE)
                .mul(0.5)
                .add(0.5)
                .clip(0, 1);
        Shape shape = pixels.getShape();
        pictures.add(Floats.of(pixels.toFloatArray(), 3, (int) shape.get(2), (int) shape.get(3)));
      }
    }
    return pictures;
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
      free(transformer, text, kernels, manager);
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
