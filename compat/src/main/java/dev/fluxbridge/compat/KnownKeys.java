package dev.fluxbridge.compat;

import dev.fluxbridge.compat.rollout.Prices;
import dev.fluxbridge.compat.rollout.RolloutRules;
import dev.fluxbridge.compat.route.Fallback;
import dev.fluxbridge.compat.route.Router;
import dev.fluxbridge.compat.shadow.ShadowRules;
import dev.fluxbridge.providers.Task;
import java.util.LinkedHashMap;
import java.util.Map;

/** What each key of the settings does, as the guide's table says it. Stateless. */
final class KnownKeys {
  private KnownKeys() {}

  /** In the order of the guide. */
  static Map<String, String> described() {
    Map<String, String> keys = new LinkedHashMap<>();
    for (Task task : Task.values()) {
      keys.put(
          Settings.ROUTE + task.label(),
          "the road of this task: `"
              + String.join("` or `", Router.KNOWN)
              + "`, a split (`local=75,fal=25`) or a ramp (`local->fal`); unset: the first of these that is installed");
    }
    keys.put(
        Settings.KILL_SWITCH,
        "`off` unless set; a backend's name sends every call there, whatever the flags say; `refuse` lets no call through");
    keys.put(
        Settings.PHASE,
        "the [phase](#the-phases): `1` unless set; with `2` an unset flag prefers hosted roads, and each place that still calls the local one is told once; read at the start");
    keys.putAll(RolloutRules.keys());
    keys.putAll(Fallback.keys());
    keys.putAll(ShadowRules.keys());
    keys.putAll(Prices.keys());
    keys.put(Settings.STRICT, "`true` turns every note into an error; `false` unless set");
    keys.put(
        Settings.LOCAL_CHECKPOINT,
        "the checkpoint folder of the local road, or `embedded`; unset: the model id must be a folder");
    keys.put(
        Settings.LOCAL_DEVICE,
        "where the local road computes: `cpu` unless set, `cuda`, `cuda:1` and so on");
    keys.put(
        Settings.LOCAL_DTYPE,
        "its precision: `float32`, `bfloat16` or `float16`; unset: float32 on the CPU, bfloat16 on a GPU");
    keys.put(
        Settings.LOCAL_OFFLOAD,
        "`true` keeps the weights in the host's memory and one model at a time on the GPU (`enable_model_cpu_offload`); `false` unless set");
    keys.put(Settings.FAL_QUEUE_URL, "base URL of fal's queue; `https://queue.fal.run` unless set");
    keys.put(
        Settings.FAL_REST_URL,
        "base URL of fal's REST host, where uploads begin; `https://rest.fal.ai` unless set");
    keys.put(
        Settings.FAL_INLINE_UP_TO,
        "pictures of up to so many bytes go along in the request instead of being uploaded; `0` unless set, up to `1048576`");
    keys.put(
        Settings.FAL_DEADLINE, "how long a call to fal may take, in ISO-8601; `PT10M` unless set");
    keys.put(
        Settings.FAL_LOOPBACK_MEDIA,
        "`true` lets pictures be fetched from this machine over plain HTTP, for tests; `false` unless set");
    keys.put(
        Settings.OPENAI_DEADLINE,
        "how long a call on the OpenAI road may take, in ISO-8601; `PT10M` unless set");
    keys.put(
        Settings.PROTECT,
        "after a hosted edit: `compare` tells in the result how the pixels changed that the mask protects, `composite` also puts them back; `compare` unless set");
    keys.put(
        Settings.PROTECT_FEATHER,
        "with `composite`, over how many pixels the repainted part is mixed in from its edge on; `0` unless set, a hard edge");
    return keys;
  }
}
