package dev.fluxbridge.compat.rollout;

/** Who holds a road where it is. */
public enum Hold {
  /** Nobody. */
  NONE,
  /** A person, until a person releases it. */
  PERSON,
  /** A broken rule, until a person or the cool-down releases it. */
  BREACH
}
