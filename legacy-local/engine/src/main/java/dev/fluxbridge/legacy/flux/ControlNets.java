package dev.fluxbridge.legacy.flux;

import ai.djl.ndarray.NDArray;
import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.controlnet.FluxControlNet;
import dev.fluxbridge.legacy.transformer.Residuals;
import dev.fluxbridge.legacy.transformer.RotaryEmbedding;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * The ControlNets of one call, with what each of them looks at: says what the transformer shall add
 * at a step.
 *
 * <p>Source: diffusers 0.35, FluxMultiControlNetModel and the loops of the ControlNet pipelines.
 */
final class ControlNets {
  private final List<Pass> passes;

  private ControlNets(List<Pass> passes) {
    this.passes = passes;
  }

  /** One net that looks at one picture. The text is embedded at its first step. */
  private static final class Pass {
    final FluxControlNet net;
    final ControlNetInput input;
    final Shown control;
    final NDArray rotary;
    List<NDArray> promptAndContext = List.of();

    Pass(FluxControlNet net, ControlNetInput input, Shown control, NDArray rotary) {
      this.net = net;
      this.input = input;
      this.control = control;
      this.rotary = rotary;
    }

    NDArray context(NDArray prompt) {
      if (promptAndContext.isEmpty() || promptAndContext.get(0) != prompt) {
        if (!promptAndContext.isEmpty()) {
          promptAndContext.get(1).close();
        }
        promptAndContext = List.of(prompt, net.contextEmbedder(prompt, mode(input)));
      }
      return promptAndContext.get(1);
    }
  }

  /** Encodes the control pictures: draws a posterior of each, in their order. */
  static ControlNets of(Session s, List<ControlNetInput> inputs) {
    List<FluxControlNet> nets = s.parts().controlNets();
    refuse(nets.isEmpty(), "no ControlNet is loaded; load some with loadControlNets");
    refuse(
        inputs.isEmpty() || (nets.size() > 1 && inputs.size() != nets.size()),
        "For Multi-ControlNet there must be a control picture for each net: there are %d for %d."
            .formatted(inputs.size(), nets.size()));
    for (int i = 0; i < inputs.size(); i++) {
      ControlNetInput input = inputs.get(i);
      refuse(
          !Double.isFinite(input.conditioningScale()),
          "controlnet_conditioning_scale must be a number");
      refuse(
          Double.isNaN(input.start()) || Double.isNaN(input.end()),
          "control_guidance_start and control_guidance_end must be numbers");
      net(nets, i).refuseMode(mode(input));
    }
    RotaryEmbedding.Grid grid = new RotaryEmbedding.Grid(0, s.grid().rows(), s.grid().columns());
    List<Pass> passes = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      FluxControlNet net = net(nets, i);
      NDArray control = LatentGrid.pack(s.sampledPixels(pixels(s, inputs.get(i))));
      NDArray rotary = RotaryEmbedding.of(s.own(), net.config().sizes().axesDimsRope(), grid);
      passes.add(new Pass(net, inputs.get(i), new Shown(control), rotary));
    }
    return new ControlNets(passes);
  }

  /** Of a single net every picture is its own pass. */
  private static FluxControlNet net(List<FluxControlNet> nets, int input) {
    return nets.get(nets.size() == 1 ? 0 : input);
  }

  private static OptionalInt mode(ControlNetInput input) {
    return input.mode().map(OptionalInt::of).orElseGet(OptionalInt::empty);
  }

  private static Floats pixels(Session s, ControlNetInput input) {
    Floats pixels = s.control(input.image());
    List<Integer> wanted = List.of(s.batch(), 3, s.height(), s.width());
    refuse(
        !pixels.shape().equals(wanted),
        "a control picture must be one for all prompts or one for each, and as large as what is"
            + " drawn: it comes to the shape %s instead of %s".formatted(pixels.shape(), wanted));
    return pixels;
  }

  /** The control pictures as the nets see them, shape (B, S, 64) each. */
  List<Shown> controls() {
    return passes.stream().map(pass -> pass.control).toList();
  }

  /**
   * What is added at a step. Nets are not run where they add nothing.
   *
   * @param latents shape (B, S, 64)
   * @param timestep noise level, 0 to 1
   */
  Residuals at(
      int step,
      int steps,
      NDArray latents,
      float timestep,
      float guidanceScale,
      Conditioning conditioning) {
    List<Residuals> added = new ArrayList<>();
    for (Pass pass : passes) {
      if (pass.input.acts(step, steps)) {
        added.add(
            pass.net.forward(
                latents,
                pass.control.now(),
                pass.context(conditioning.prompt()),
                conditioning.pooled(),
                timestep,
                guidanceScale,
                pass.rotary,
                pass.input.conditioningScale()));
      }
    }
    return new Residuals(
        summed(added, Residuals::doubles, samples(net -> net.config().sizes().numLayers())),
        summed(added, Residuals::singles, samples(net -> net.config().sizes().numSingleLayers())));
  }

  /**
   * How many samples are left of nets of different depths: none if the first net has none, else as
   * many as each net has that has any. Nets that add nothing at a step count too.
   */
  private int samples(ToIntFunction<FluxControlNet> layers) {
    int first = layers.applyAsInt(passes.get(0).net);
    return first == 0
        ? 0
        : passes.stream()
            .mapToInt(pass -> layers.applyAsInt(pass.net))
            .filter(n -> n > 0)
            .min()
            .orElse(0);
  }

  private static List<NDArray> summed(
      List<Residuals> added, Function<Residuals, List<NDArray>> kind, int count) {
    List<NDArray> sums = new ArrayList<>();
    for (Residuals residuals : added) {
      List<NDArray> samples = kind.apply(residuals);
      for (int i = 0; i < Math.min(count, samples.size()); i++) {
        if (i < sums.size()) {
          sums.set(i, sums.get(i).add(samples.get(i)));
        } else {
          sums.add(samples.get(i));
        }
      }
    }
    return sums;
  }

  private static void refuse(boolean wrong, String message) {
    if (wrong) {
      throw new IllegalArgumentException(message);
    }
  }
}
