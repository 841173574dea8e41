package dev.fluxbridge.providers;

/** The old pipeline that a call came through: it decides what the arguments mean. */
public enum Pipeline {
  FLUX("FluxPipeline"),
  DE_DISTILLED("FluxDeDistilledPipeline"),
  IMG2IMG("FluxImg2ImgPipeline"),
  INPAINT("FluxInpaintPipeline"),
  FILL("FluxFillPipeline"),
  CONTROL("FluxControlPipeline"),
  CONTROL_IMG2IMG("FluxControlImg2ImgPipeline"),
  CONTROL_INPAINT("FluxControlInpaintPipeline"),
  CONTROLNET("FluxControlNetPipeline"),
  CONTROLNET_IMG2IMG("FluxControlNetImg2ImgPipeline"),
  CONTROLNET_INPAINT("FluxControlNetInpaintPipeline"),
  KONTEXT("FluxKontextPipeline"),
  KONTEXT_INPAINT("FluxKontextInpaintPipeline"),
  FLEX("FlexPipeline");

  private final String facade;

  Pipeline(String facade) {
    this.facade = facade;
  }

  /** The class that old callers know, for messages and tables. */
  public String facade() {
    return facade;
  }

  /** Whether height and width only give a ratio, and the pipeline chooses the size. */
  public boolean choosesSize() {
    return this == KONTEXT || this == KONTEXT_INPAINT;
  }
}
