package dev.fluxbridge.legacy.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fluxbridge.legacy.Golden;
import dev.fluxbridge.legacy.Waves;
import dev.fluxbridge.legacy.checkpoint.Checkpoint;
import dev.fluxbridge.legacy.checkpoint.EmbeddedCheckpoint;
import dev.fluxbridge.legacy.kernels.Kernels;
import dev.fluxbridge.legacy.kernels.NativeEngine;
import dev.fluxbridge.legacy.kernels.Placement;
import dev.fluxbridge.legacy.kernels.Precision;
import dev.fluxbridge.legacy.scheduler.FlowMatchEulerScheduler;
import dev.fluxbridge.legacy.text.TextEncoders;
import dev.fluxbridge.legacy.transformer.FluxTransformer;
import dev.fluxbridge.legacy.transformer.RotaryEmbedding;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;

/** The embedded checkpoint's models with adapters, and the call that the goldens were made by. */
final class TinyModels implements AutoCloseable {
  private static final String PROMPT = "a large red circle at the left of a white background";

  final NDManager manager = NativeEngine.newManager();
  final Kernels kernels = new Kernels(manager);
  final Placement placement = new Placement(manager, kernels, Precision.FLOAT32);
  final TextEncoders text;
  final FluxTransformer transformer;
  final LoraAdapters adapters;
  private final FlowMatchEulerScheduler scheduler;

  TinyModels() {
    Checkpoint checkpoint = Checkpoint.open(EmbeddedCheckpoint.folder());
    text = TextEncoders.load(checkpoint, placement);
    transformer =
        FluxTransformer.load(checkpoint.part("transformer", "FluxTransformer2DModel"), placement);
    scheduler =
        FlowMatchEulerScheduler.load(
            checkpoint.part("scheduler", "FlowMatchEulerDiscreteScheduler"));
    adapters = new LoraAdapters(placement, transformer, text.textEncoder());
  }

  static Path file(String name) {
    URL file = Golden.class.getResource("/dev/fluxbridge/legacy/golden/lora/" + name);
    if (file == null) {
      throw new AssertionError("no LoRA " + name);
    }
    try {
      return Path.of(file.toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** Four steps at 64x64, the packed latents. */
  float[] draw() {
    return NativeEngine.withThreads(
        1,
        () -> {
          try (NDManager own = manager.newSubManager()) {
            NDArray pooled = text.pooled(own, List.of(PROMPT));
            NDArray context = transformer.contextEmbedder(text.encode(own, List.of(PROMPT), 64));
            NDArray rotary = RotaryEmbedding.of(own, transformer.config().axesDimsRope(), 4, 4);
            NDArray latents =
                own.create(Golden.tensor("lora.safetensors", "noise"), new Shape(1, 16, 64));
            FlowMatchEulerScheduler.Schedule schedule =
                scheduler.schedule(FlowMatchEulerScheduler.evenSigmas(4), 16);
            for (int i = 0; i < 4; i++) {
              float timestep = schedule.timestep(i) / 1000;
              NDArray velocity =
                  transformer.forward(latents, context, pooled, timestep, 3.5f, rotary);
              latents = schedule.step(velocity, i, latents);
            }
            return latents.toFloatArray();
          }
        });
  }

  /** The velocity for waves of the width that the transformer reads now. */
  float[] velocity() {
    return NativeEngine.withThreads(1, this::velocityOnThisThread);
  }

  private float[] velocityOnThisThread() {
    try (NDManager own = manager.newSubManager()) {
      int width = transformer.config().inChannels();
      NDArray context =
          transformer.contextEmbedder(Waves.of(own, j -> Math.sin(0.03 * j), 1, 8, 64));
      return transformer
          .forward(
              Waves.of(own, j -> Math.sin(0.05 * j), 1, 16, width),
              context,
              Waves.of(own, j -> Math.sin(0.2 * j), 1, 64),
              0.75f,
              3.5f,
              RotaryEmbedding.of(own, transformer.config().axesDimsRope(), 4, 4))
          .toFloatArray();
    }
  }

  static float difference(float[] found, float[] wanted) {
    if (found.length != wanted.length) {
      throw new AssertionError(found.length + " numbers, not " + wanted.length);
    }
    float worst = 0;
    for (int i = 0; i < wanted.length; i++) {
      // Written so that a NaN is the worst of all.
      worst = Math.abs(found[i] - wanted[i]) <= worst ? worst : Math.abs(found[i] - wanted[i]);
    }
    return worst;
  }

  @Override
  public void close() {
    adapters.close();
    transformer.close();
    text.close();
    kernels.close();
    manager.close();
  }
}
