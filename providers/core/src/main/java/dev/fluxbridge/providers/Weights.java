package dev.fluxbridge.providers;

import java.util.List;

/**
 * What is to draw, in the caller's names. Nothing here is loaded or looked up yet.
 *
 * @param model an old model id or a checkpoint folder
 * @param loras the LoRA weights that are switched on, in the order of their loading
 * @param loraScale multiplies the weights of all of them in this call; 1 unless set
 * @param controlNets ids or folders of the ControlNets that were loaded beside the model
 */
public record Weights(String model, List<Lora> loras, double loraScale, List<String> controlNets) {
  public Weights {
    loras = List.copyOf(loras);
    controlNets = List.copyOf(controlNets);
  }

  /** A model by itself. */
  public static Weights of(String model) {
    return new Weights(model, List.of(), 1, List.of());
  }

  /**
   * LoRA weights that a caller loaded.
   *
   * @param source a file, a folder, an address or a model id
   * @param file the file in that folder or repository; empty if {@code source} is the file
   * @param adapter the name by which the caller switches it
   * @param weight how strongly it counts; 1 is as trained, negative ones are allowed
   */
  public record Lora(String source, String file, String adapter, double weight) {}
}
