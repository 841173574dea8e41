package dev.fluxbridge.legacy.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Map;

/**
 * One loaded LoRA file, by the names of the layers that it changes.
 *
 * @param transformer for layers of the transformer
 * @param textEncoder for layers of CLIP
 * @param norms tensors of the transformer that it replaces
 * @param owner who owns the tensors
 */
record Lora(
    Map<String, Factors> transformer,
    Map<String, Factors> textEncoder,
    Map<String, NDArray> norms,
    NDManager owner) {}
