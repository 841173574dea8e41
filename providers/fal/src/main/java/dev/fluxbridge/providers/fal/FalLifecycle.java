package dev.fluxbridge.providers.fal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How long fal keeps a file, and who may read it. Immutable.
 *
 * <p>With the options of a call it is for the files that the call makes, not for those uploaded
 * before; an upload has one of its own. What is not set here is as the fal account says.
 *
 * <p>Source: the object lifecycle preference of fal's clients and documentation.
 *
 * @param expiration how long it is kept; whole seconds, at least 1
 * @param access what everybody may do
 * @param rules what single users may do, in this order
 */
public record FalLifecycle(
    Optional<Duration> expiration, Optional<Access> access, List<Rule> rules) {

  /** As the account says. */
  public static final FalLifecycle DEFAULT =
      new FalLifecycle(Optional.empty(), Optional.empty(), List.of());

  /** Who asks for a file is answered in one of these ways. The owner may always read. */
  public enum Access {
    /** With the file. */
    ALLOW("allow"),
    /** With 403. */
    FORBID("forbid"),
    /** With 404. */
    HIDE("hide");

    private final String text;

    Access(String text) {
      this.text = text;
    }
  }

  /**
   * What one user may do. fal drops a user that it does not know without a word.
   *
   * @param user the nickname at fal
   * @param access what that user may do
   */
  public record Rule(String user, Access access) {
    /**
     * @throws IllegalArgumentException if the nickname is blank or not printable ASCII
     */
    public Rule {
      if (user.isBlank() || !FalOptions.printable(user)) {
        throw new IllegalArgumentException("a user of fal has a nickname in printable ASCII");
      }
    }
  }

  /**
   * @throws IllegalArgumentException if the expiration is not a whole number of seconds above 0
   */
  public FalLifecycle {
    expiration.ifPresent(FalLifecycle::check);
    rules = List.copyOf(rules);
  }

  private static void check(Duration expiration) {
    if (expiration.toSeconds() < 1
        || !expiration.equals(Duration.ofSeconds(expiration.toSeconds()))) {
      throw new IllegalArgumentException(
          "a file expires after a whole number of seconds, at least 1, and not after "
              + expiration
              + "; leave it out to keep the file as long as the account says");
    }
  }

  /** Kept for so long; a minute is what fal's clients call "immediate". */
  public static FalLifecycle expiringAfter(Duration time) {
    return DEFAULT.withExpiration(time);
  }

  /** The same, kept for so long. */
  public FalLifecycle withExpiration(Duration time) {
    return new FalLifecycle(Optional.of(time), access, rules);
  }

  /** The same, with this for everybody who has no rule. */
  public FalLifecycle withAccess(Access everybody) {
    return new FalLifecycle(expiration, Optional.of(everybody), rules);
  }

  /** The same, and this for one user. */
  public FalLifecycle withRule(String user, Access theirs) {
    List<Rule> more = new ArrayList<>(rules);
    more.add(new Rule(user, theirs));
    return new FalLifecycle(expiration, access, more);
  }

  /** The value of the header, a JSON object; empty if nothing is set. */
  public Optional<String> json() {
    ObjectNode whole = Json.object();
    expiration.ifPresent(time -> whole.put("expiration_duration_seconds", time.toSeconds()));
    if (access.isPresent() || !rules.isEmpty()) {
      ObjectNode acl = whole.putObject("initial_acl");
      access.ifPresent(everybody -> acl.put("default", everybody.text));
      for (Rule rule : rules) {
        acl.withArray("/rules")
            .addObject()
            .put("user", rule.user)
            .put("decision", rule.access.text);
      }
    }
    return whole.isEmpty() ? Optional.empty() : Optional.of(Json.write(whole));
  }
}
