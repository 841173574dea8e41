package dev.fluxbridge.legacy.flux;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fluxbridge.legacy.array.Floats;
import dev.fluxbridge.legacy.kernels.Precision;
import dev.fluxbridge.legacy.transformer.FluxTransformer;
import dev.fluxbridge.legacy.transformer.Residuals;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The loop that all pipelines share: from a plan, step by step, to pictures. */
final class Denoising {
  private final Session session;
  private final StepWatcher watcher;
  private final Runnable refuseCancelled;

  /**
   * @param refuseCancelled throws if the call was cancelled
   */
  Denoising(Session session, StepWatcher watcher, Runnable refuseCancelled) {
    this.session = session;
    this.watcher = watcher;
    this.refuseCancelled = refuseCancelled;
  }

  Drawing draw(Call call) {
    Plan plan = Pipelines.plan(session, call);
    Conditioning conditioning = session.positive();
    if (plan.guidance().isPresent() && plan.guidance().get().together()) {
      conditioning = plan.guidance().get().negative().and(conditioning);
    }
    float guidance = (float) call.sampling().guidanceScale();
    NDManager own = session.own();
    NDArray latents = plan.latents();
    for (int i = 0; i < plan.schedule().steps() && !watcher.interrupted(); i++) {
      refuseCancelled.run();
      try (NDManager step = own.newSubManager()) {
        latents.attach(step);
        NDArray velocity = velocity(plan, conditioning, latents, i, guidance);
        latents = plan.schedule().step(velocity, i, latents);
        if (plan.blend().isPresent()) {
          latents = plan.blend().get().apply(latents, plan.schedule(), i);
        }
        latents.attach(own);
      }
      WatchedStep seen = new WatchedStep(session.parts(), i, plan, latents, conditioning.prompt());
      Map<String, Floats> replaced = watcher.stepped(seen);
      seen.expire();
      if (replaced.containsKey(WatchedStep.PROMPT_EMBEDS)) {
        conditioning =
            conditioning.withPrompt(seen.replacement(replaced, WatchedStep.PROMPT_EMBEDS));
      }
      plan.tensors()
          .forEach(
              (name, shown) -> {
                if (replaced.containsKey(name)) {
                  shown.replace(session.array(seen.replacement(replaced, name)));
                }
              });
      if (replaced.containsKey(WatchedStep.LATENTS)) {
        Floats other = seen.replacement(replaced, WatchedStep.LATENTS);
        latents.close();
        latents = session.array(other);
      }
    }
    refuseCancelled.run();
    return new Drawing(
        pictures(plan, latents, call.sampling().decode()),
        call.sampling().decode(),
        session.dice().drawn());
  }

  private NDArray velocity(
      Plan plan, Conditioning conditioning, NDArray latents, int i, float guidanceScale) {
    Precision precision = session.parts().placement().precision();
    float timestep = precision.rounded(precision.rounded(plan.schedule().timestep(i)) / 1000);
    NDArray shown = latents;
    if (plan.features().isPresent()) {
      shown = shown.concat(plan.features().get().apply(i), 2);
    }
    if (plan.tokens().isPresent()) {
      shown = shown.concat(plan.tokens().get(), 1);
    }
    Residuals added =
        plan.controlNets()
            .map(
                nets ->
                    nets.at(
                        i, plan.schedule().steps(), latents, timestep, guidanceScale, conditioning))
            .orElse(Residuals.NONE);
    if (plan.guidance().isEmpty()) {
      return velocity(plan, conditioning, shown, latents, timestep, guidanceScale, added);
    }
    Guidance guidance = plan.guidance().get();
    if (guidance.together()) {
      return guidance.apply(
          velocity(
              plan,
              conditioning,
              shown.tile(new long[] {2, 1, 1}),
              latents,
              timestep,
              guidanceScale,
              added));
    }
    return guidance.apply(
        velocity(plan, conditioning, shown, latents, timestep, guidanceScale, added),
        velocity(plan, guidance.negative(), shown, latents, timestep, guidanceScale, added));
  }

  private NDArray velocity(
      Plan plan,
      Conditioning conditioning,
      NDArray shown,
      NDArray latents,
      float timestep,
      float guidanceScale,
      Residuals added) {
    FluxTransformer transformer = session.parts().transformer();
    NDArray all =
        transformer.forward(
            shown,
            conditioning.context(),
            conditioning.pooled(),
            timestep,
            guidanceScale,
            plan.rotary(),
            added);
    long tokens = latents.getShape().get(1);
    return plan.tokens().isPresent() ? all.get(":, :" + tokens) : all;
  }

  private List<Floats> pictures(Plan plan, NDArray latents, boolean decode) {
    LatentGrid grid = session.grid();
    List<Floats> pictures = new ArrayList<>();
    for (int i = 0; i < latents.getShape().get(0); i++) {
      try (NDManager one = latents.getManager().newSubManager()) {
        NDArray picture = latents.get(i);
        picture.attach(one);
        if (!decode) {
          pictures.add(session.parts().floats(picture));
          continue;
        }
        refuseCancelled.run();
        NDArray pixels = session.decode(grid.unpack(picture)).mul(0.5).add(0.5).clip(0, 1);
        pictures.add(plan.finish().apply(session.parts().floats(pixels.get(0))));
      }
    }
    return pictures;
  }
}
