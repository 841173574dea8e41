package dev.fluxbridge.compat.rollout;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what happened: in the log, and to the listener. */
final class Announcer {
  private static final Logger log = LoggerFactory.getLogger(Rollout.class);

  private final Consumer<RolloutEvent> listener;

  Announcer(Consumer<RolloutEvent> listener) {
    this.listener = listener;
  }

  void tell(RolloutEvent event) {
    if (event instanceof RolloutEvent.RolledBack
        || event instanceof RolloutEvent.StoreLost
        || event instanceof RolloutEvent.BudgetSpent) {
      log.warn("{}", event.text());
    } else {
      log.info("{}", event.text());
    }
    try {
      listener.accept(event);
    } catch (RuntimeException e) {
      log.warn("The listener of the rollout failed; the rollout goes on", e);
    }
  }
}
