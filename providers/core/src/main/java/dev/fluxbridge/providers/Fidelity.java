package dev.fluxbridge.providers;

/** How near a backend comes to what an argument asks for. */
public enum Fidelity {
  /** Just that. */
  EXACT,
  /** The same outcome by other means, for example two requests where one would exceed a limit. */
  EMULATED,
  /** Something near it. */
  APPROXIMATED,
  /**
   * It has no effect. Only for arguments that tune how a picture is computed, never for what it
   * shows.
   */
  IGNORED,
  /** The call is not made. */
  REFUSED
}
