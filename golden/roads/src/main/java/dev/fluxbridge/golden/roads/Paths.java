package dev.fluxbridge.golden.roads;

/** The addresses of this machine that stand in for those of providers. */
final class Paths {
  /** Stands for the server's own address in a recording. A name that no resolver knows. */
  static final String HERE = "http://recorded.invalid";

  static final String FAL_QUEUE = "/fal-queue";
  static final String FAL_REST = "/fal-rest";
  static final String OPENAI = "/openai";

  /** Of what a reply links to, with a number behind it. */
  static final String LINK = "/link/";

  /** Where a file is uploaded to, with a number behind it. */
  static final String SLOT = "/slot/";

  /** Where it lies then: the number's slot with this behind it. */
  static final String FILE = "/file";

  private Paths() {}
}
