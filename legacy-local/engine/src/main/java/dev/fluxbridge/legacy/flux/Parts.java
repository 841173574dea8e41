package dev.fluxbridge.legacy.flux;

import dev.fluxbridge.legacy.autoencoder.Autoencoder;
import dev.fluxbridge.legacy.controlnet.FluxControlNet;
import dev.fluxbridge.legacy.kernels.Kernels;
import dev.fluxbridge.legacy.scheduler.FlowMatchEulerScheduler;
import dev.fluxbridge.legacy.text.TextEncoders;
import dev.fluxbridge.legacy.transformer.FluxTransformer;
import java.util.List;

/** The parts of a checkpoint, loaded. Whoever loaded them frees them. */
record Parts(
    Kernels kernels,
    TextEncoders text,
    FluxTransformer transformer,
    Autoencoder autoencoder,
    FlowMatchEulerScheduler scheduler,
    List<FluxControlNet> controlNets) {

  Parts with(List<FluxControlNet> others) {
    return new Parts(kernels, text, transformer, autoencoder, scheduler, List.copyOf(others));
  }
}
