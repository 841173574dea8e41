package dev.fluxbridge.golden;

/** What may be at fault where a picture differs from its golden. */
public enum Suspect {
  /** An argument is another than the golden's. */
  CALL,
  /** It has another size. */
  SIZE,
  /** There are more or fewer pictures. */
  COUNT,
  /** Red, green and blue stand in another order. */
  CHANNELS,
  /** The mask was dropped or turned around. */
  MASK,
  /** It was compressed and lost detail. */
  COMPRESSION,
  /** The same picture but for noise: another device, library or precision. */
  NOISE,
  /** The same things in the same colours, but elsewhere: another seed or scheduler. */
  SEED,
  /** Other things or colours: the prompt, the model or its weights. */
  PROMPT
}
