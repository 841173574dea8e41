package dev.fluxbridge.cli.doctor;

/**
 * One thing that the doctor looked at.
 *
 * @param state how it is
 * @param text what it is, and what to do where it is not right
 */
record Finding(State state, String text) {

  static Finding ok(String text) {
    return new Finding(State.OK, text);
  }

  static Finding warning(String text) {
    return new Finding(State.WARNING, text);
  }

  static Finding problem(String text) {
    return new Finding(State.PROBLEM, text);
  }

  /** Right, or the one thing or the other. */
  static Finding of(boolean right, String isRight, Finding otherwise) {
    return right ? ok(isRight) : otherwise;
  }

  /** How it is. */
  enum State {
    OK("ok"),
    /** Nothing that keeps the phase from working. */
    WARNING("warning"),
    PROBLEM("PROBLEM");

    private final String label;

    State(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }
}
