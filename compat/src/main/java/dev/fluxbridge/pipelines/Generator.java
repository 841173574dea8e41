package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.Seed;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Where noise comes from: {@code torch.Generator}. A seed that gave a picture gives it again on the
 * local road.
 *
 * <p>As in torch it remembers: a second call with the same generator goes on where the first
 * stopped, and draws another picture. {@link #manualSeed} starts afresh. Safe for use by several
 * threads, though which of them draws first is then open.
 */
public final class Generator {
  private long seed;
  private long drawn;

  /** A generator with a random seed. */
  public Generator() {
    this.seed = ThreadLocalRandom.current().nextLong();
  }

  /**
   * Sets the seed and forgets what was drawn.
   *
   * @param seed any number; negative ones are normal
   * @return this generator, as in torch
   */
  public synchronized Generator manualSeed(long seed) {
    this.seed = seed;
    this.drawn = 0;
    return this;
  }

  /** The seed that was set, as {@code initial_seed()} gave it. */
  public synchronized long initialSeed() {
    return seed;
  }

  /**
   * Hands out the present state and moves on by that many normal numbers, of which torch takes 16
   * or more at a time.
   */
  synchronized Seed draw(long numbers) {
    Seed state = new Seed(seed, drawn);
    drawn += numbers;
    return state;
  }

  /** Takes back a draw that came to nothing, unless another followed it. */
  synchronized void giveBack(Seed state, long numbers) {
    if (seed == state.value() && drawn == state.drawn() + numbers) {
      drawn = state.drawn();
    }
  }

  /** Tells the seed. */
  @Override
  public synchronized String toString() {
    return "Generator[seed " + seed + "]";
  }
}
