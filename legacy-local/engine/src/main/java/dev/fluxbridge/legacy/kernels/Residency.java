package dev.fluxbridge.legacy.kernels;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the models' tensors are while they compute: where they were loaded, or, to save a device's
 * memory, there in turn only, as copies of what stays with the host.
 *
 * <p>Not safe for use by several threads: the engine's lock stands around all models.
 *
 * <p>Source: enable_model_cpu_offload and maybe_free_model_hooks of diffusers 0.35.
 */
public final class Residency {
  private record Visit(NDManager device, Kernels kernels) {}

  private final Optional<Visit> visit;
  private final List<Guest> guests = new ArrayList<>();

  private Residency(Optional<Visit> visit) {
    this.visit = visit;
  }

  /** All models compute where they were loaded. */
  public static Residency permanent() {
    return new Residency(Optional.empty());
  }

  /** Each model is copied to the device when it computes, and leaves when another one does. */
  public static Residency inTurn(NDManager device, Kernels kernels) {
    return new Residency(Optional.of(new Visit(device, kernels)));
  }

  /**
   * A place for one model.
   *
   * @param yields whether it leaves when another one comes that also yields; else it stays until
   *     {@link #clear()}
   * @param leaving is told when its tensors on the device are about to go
   */
  public Guest guest(boolean yields, Runnable leaving) {
    Guest guest = new Guest(yields, leaving);
    guests.add(guest);
    return guest;
  }

  /** Frees whatever is on the device in turn only. */
  public void clear() {
    guests.forEach(Guest::leave);
  }

  /** One model's place. */
  public final class Guest {
    private final boolean yields;
    private final Runnable leaving;
    private @Nullable NDManager there;
    private final IdentityHashMap<NDArray, NDArray> copies = new IdentityHashMap<>();

    private Guest(boolean yields, Runnable leaving) {
      this.yields = yields;
      this.leaving = leaving;
    }

    /** The tensors to compute with, by the same names. Those that yield make room. */
    public Map<String, NDArray> here(Map<String, NDArray> tensors) {
      if (visit.isEmpty()) {
        return tensors;
      }
      arrive();
      NDManager owner = there == null ? visit.get().device.newSubManager() : there;
      there = owner;
      Map<String, NDArray> own = new LinkedHashMap<>();
      tensors.forEach(
          (name, tensor) ->
              own.put(
                  name, copies.computeIfAbsent(tensor, t -> visit.get().kernels.copied(owner, t))));
      return own;
    }

    /** Makes room: to be called before each use of what {@link #here} gave. */
    public void arrive() {
      if (visit.isPresent() && yields) {
        for (Guest other : guests) {
          if (other != this && other.yields) {
            other.leave();
          }
        }
      }
    }

    /** Frees the tensors on the device, if it has any in turn only. */
    public void leave() {
      if (there != null) {
        leaving.run();
        copies.clear();
        there.close();
        there = null;
      }
    }

    /** It is not coming again. */
    public void forget() {
      leave();
      guests.remove(this);
    }
  }
}
