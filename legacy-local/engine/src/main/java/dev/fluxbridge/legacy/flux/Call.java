package dev.fluxbridge.legacy.flux;

/** One call of one of the old pipelines: a record for each of them, with the old arguments. */
public sealed interface Call
    permits TextToImage,
        DeDistilled,
        ImageToImage,
        Inpaint,
        Fill,
        Control,
        ControlImageToImage,
        ControlInpaint,
        Kontext,
        KontextInpaint,
        ControlNetTextToImage,
        ControlNetImageToImage,
        ControlNetInpaint,
        Flex {

  /** What every old pipeline takes. */
  Sampling sampling();
}
