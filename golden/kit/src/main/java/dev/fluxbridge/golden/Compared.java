package dev.fluxbridge.golden;

import java.util.List;
import java.util.Optional;

/**
 * One picture, or one tensor of latents, held to its golden.
 *
 * @param index from 1
 * @param verdicts of each measure, those that failed first
 * @param changed where it differs visibly; empty where it does not, and for latents
 * @param findings what may be at fault; empty if it passed
 */
public record Compared(
    int index, List<Verdict> verdicts, Optional<Changed> changed, List<Finding> findings) {
  public Compared {
    verdicts = List.copyOf(verdicts);
    findings = List.copyOf(findings);
  }

  /** Whether every measure passed, and nothing kept it from being measured. */
  public boolean passed() {
    return findings.isEmpty() && verdicts.stream().allMatch(Verdict::passed);
  }
}
