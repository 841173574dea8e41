package dev.fluxbridge.legacy.flux;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.autoencoder.Autoencoder;
import dev.fluxbridge.legacy.controlnet.FluxControlNet;
import dev.fluxbridge.legacy.kernels.Placement;
import dev.fluxbridge.legacy.scheduler.FlowMatchEulerScheduler;
import dev.fluxbridge.legacy.text.TextEncoders;
import dev.fluxbridge.legacy.transformer.FluxTransformer;
import java.util.List;
import java.util.stream.LongStream;

/** The parts of a checkpoint, loaded. Whoever loaded them frees them. */
record Parts(
    Placement placement,
    TextEncoders text,
    FluxTransformer transformer,
    Autoencoder autoencoder,
    FlowMatchEulerScheduler scheduler,
    List<FluxControlNet> controlNets) {

  Parts with(List<FluxControlNet> others) {
    return new Parts(placement, text, transformer, autoencoder, scheduler, List.copyOf(others));
  }

  /** A caller's numbers in the precision in which the models compute. */
  NDArray array(NDManager owner, Floats numbers) {
    long[] sides = numbers.shape().stream().mapToLong(Integer::longValue).toArray();
    return placement.array(owner, numbers.values(), new Shape(sides));
  }

  /** The numbers of an array, whatever its precision, for the caller. */
  Floats floats(NDArray array) {
    int[] sides = LongStream.of(array.getShape().getShape()).mapToInt(Math::toIntExact).toArray();
    return Floats.of(placement.kernels().floats(array), sides);
  }
}
