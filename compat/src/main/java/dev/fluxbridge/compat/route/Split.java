package dev.fluxbridge.compat.route;

import dev.fluxbridge.compat.route.Ceilings.Ceiling;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.Decision.Cause;
import dev.fluxbridge.providers.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Some roads with shares of their own, and one that takes the rest.
 *
 * <p>Places are given out in one order, whatever the flag's: fal from the lower end on, OpenAI from
 * the upper, and local between them. So a hosted road that grows keeps all its keys, and local does
 * unless another road grows with it.
 *
 * <p>All its decisions are made once for the ceilings of the moment; choosing one of them costs no
 * allocation.
 */
final class Split implements Rule {
  private static final String FROM_ABOVE = "openai";
  private static final List<String> PLACES = List.of("fal", "local", FROM_ABOVE);

  private final Task task;
  private final Flag flag;
  private final String rest;
  private final Map<String, Long> shares;
  private final boolean ramp;
  private volatile Deal deal;

  /**
   * @param rest the road that is named first, which gets what another may not have
   * @param shares of the others
   * @param ramp whether their shares are the steps of a ramp, which the ceilings tell
   */
  Split(Task task, Flag flag, String rest, Map<String, Long> shares, boolean ramp) {
    this.task = task;
    this.flag = flag;
    this.rest = rest;
    this.shares = shares;
    this.ramp = ramp;
    this.deal = deal(Ceilings.NONE);
  }

  @Override
  public List<Lane> lanes() {
    List<Lane> lanes = new ArrayList<>();
    shares.forEach((to, share) -> lanes.add(new Lane(task, rest, to, ramp, share)));
    return List.copyOf(lanes);
  }

  /** The decision for a place, from 0 to below {@link Shares#WHOLE}. */
  Decision choose(long place, boolean hasKey, Ceilings ceilings) {
    Deal known = deal;
    if (known.ceilings != ceilings) {
      known = deal(ceilings);
      deal = known;
    }
    for (Part part : known.parts) {
      if (place < part.end) {
        return hasKey ? part.withKey : part.without;
      }
    }
    throw new IllegalArgumentException("a place is less than " + Shares.WHOLE + ", not " + place);
  }

  private Deal deal(Ceilings ceilings) {
    List<Part> parts = new ArrayList<>();
    long start = 0;
    for (String backend : PLACES) {
      long end = start + share(backend);
      if (backend.equals(rest)) {
        parts.add(part(end, rest, ramp ? Cause.RAMP : Cause.SPLIT, ""));
      } else {
        add(parts, backend, start, end, ceilings);
      }
      start = end;
    }
    return new Deal(ceilings, List.copyOf(parts));
  }

  private long share(String backend) {
    if (!backend.equals(rest)) {
      return shares.getOrDefault(backend, 0L);
    }
    return Shares.WHOLE - shares.values().stream().mapToLong(share -> share).sum();
  }

  /** Under its ceiling a road is cut from the end that it grows towards. */
  private void add(List<Part> parts, String backend, long start, long end, Ceilings ceilings) {
    Ceiling ceiling = ceilings.of(task, backend);
    long most = ceiling != null ? ceiling.share() : ramp ? 0 : end - start;
    long under = Math.min(most, end - start);
    Cause cause = ramp ? Cause.RAMP : Cause.SPLIT;
    String step = ramp ? ", now at " + Shares.percent(most) : "";
    boolean held = ceiling != null && ceiling.held();
    Cause cut = held ? Cause.HELD : cause;
    String why =
        ceiling != null && held
            ? ", but %s is held at %s: %s"
                .formatted(backend, Shares.percent(most), ceiling.because())
            : step;
    if (backend.equals(FROM_ABOVE)) {
      parts.add(part(end - under, rest, cut, why));
      parts.add(part(end, backend, cause, step));
    } else {
      parts.add(part(start + under, backend, cause, step));
      parts.add(part(end, rest, cut, why));
    }
  }

  private Part part(long end, String backend, Cause cause, String more) {
    String because = flag.origin() + " says " + flag.value().strip() + more;
    return new Part(
        end,
        new Decision(task, backend, cause, because),
        new Decision(
            task,
            backend,
            cause,
            because + "; without a routing key each call is dealt by itself"));
  }

  /** Who gets which places. */
  private record Deal(Ceilings ceilings, List<Part> parts) {}

  /**
   * Some places that go to one road.
   *
   * @param end the first place that is not among them
   */
  private record Part(long end, Decision withKey, Decision without) {}
}
