package dev.fluxbridge.legacy.kernels;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.core.Linear;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The operators that the models are written with, as plain functions over arrays.
 *
 * <p>Safe for use by several threads; {@link #close()} must come after the last call.
 */
public final class Kernels implements AutoCloseable {
  private static final String FUNCTIONS =
      """
      def embedding(self, ids: Tensor, weight: Tensor) -> Tensor:
        return torch.embedding(weight, ids)
      def causal_attention(self, q: Tensor, k: Tensor, v: Tensor, scale: float) -> Tensor:
        return torch.scaled_dot_product_attention(q, k, v, is_causal=True, scale=scale)
      def biased_attention(self, q: Tensor, k: Tensor, v: Tensor, bias: Tensor, scale: float) -> Tensor:
        return torch.scaled_dot_product_attention(q, k, v, attn_mask=bias, scale=scale)
      def rms_norm(self, x: Tensor, weight: Tensor, eps: float) -> Tensor:
        wide = torch.to(x, 6)
        variance = torch.mean(torch.pow(wide, 2), [-1], True)
        return weight * torch.type_as(wide * torch.rsqrt(variance + eps), weight)
      def layer_norm(self, x: Tensor, weight: Tensor, bias: Tensor, eps: float) -> Tensor:
        return torch.layer_norm(x, [int(x.size(-1))], weight, bias, eps)
      def gelu_tanh(self, x: Tensor) -> Tensor:
        return torch.gelu(x, approximate="tanh")
      def gelu(self, x: Tensor) -> Tensor:
        return torch.gelu(x)
      def quick_gelu(self, x: Tensor) -> Tensor:
        return x * torch.sigmoid(1.702 * x)
      def reinterpreted(self, bits: Tensor, dtype: int) -> Tensor:
        return torch.set_(torch.empty([0], dtype=dtype), bits)
      def converted(self, bits: Tensor, dtype: int, wanted: int) -> Tensor:
        return torch.to(self.reinterpreted(bits, dtype), wanted)
      def moved(self, bits: Tensor, dtype: int, device: str, wanted: int) -> Tensor:
        there = torch.to(self.reinterpreted(bits, dtype), torch.device(device), dtype, False, True)
        return torch.to(there, wanted)
      def to(self, x: Tensor, wanted: int) -> Tensor:
        return torch.to(x, wanted)
      def copied(self, x: Tensor, device: str) -> Tensor:
        return torch.to(x, torch.device(device), ops.prim.dtype(x), False, True)
      """;

  private final TorchScript script;

  /** Compiles the operators; {@code manager} stays the owner of the compiled code. */
  public Kernels(NDManager manager) {
    script = TorchScript.compile(manager, FUNCTIONS);
  }

  /** The rows of {@code weight} that the ids name. */
  public NDArray embedding(NDArray ids, NDArray weight) {
    return script.call(ids.getManager(), "embedding", ids, weight);
  }

  /**
   * softmax(q kᵀ · scale) v, in which no token sees a later one.
   *
   * @param q shape (B, H, L, D), as are {@code k} and {@code v}
   */
  public NDArray causalAttention(NDArray q, NDArray k, NDArray v, double scale) {
    return script.call(q.getManager(), "causal_attention", q, k, v, scale);
  }

  /**
   * Attention with something added to the scores.
   *
   * @param bias shape (1, H, L, L)
   */
  public NDArray biasedAttention(NDArray q, NDArray k, NDArray v, NDArray bias, double scale) {
    return script.call(q.getManager(), "biased_attention", q, k, v, bias, scale);
  }

  /**
   * Divides by the root of the mean square over the last axis, computed in float32, and multiplies
   * in the precision of {@code weight}, as T5 does.
   */
  public NDArray rmsNorm(NDArray x, NDArray weight, double eps) {
    return script.call(x.getManager(), "rms_norm", x, weight, eps);
  }

  /** Layer normalisation over the last axis. */
  public NDArray layerNorm(NDArray x, NDArray weight, NDArray bias, double eps) {
    return script.call(x.getManager(), "layer_norm", x, weight, bias, eps);
  }

  /** GELU by its tanh approximation. */
  public NDArray geluTanh(NDArray x) {
    return script.call(x.getManager(), "gelu_tanh", x);
  }

  /** GELU by the error function. */
  public NDArray gelu(NDArray x) {
    return script.call(x.getManager(), "gelu", x);
  }

  /** x · sigmoid(1.702 x), CLIP's own GELU. */
  public NDArray quickGelu(NDArray x) {
    return script.call(x.getManager(), "quick_gelu", x);
  }

  /** The same numbers in another precision; {@code x} itself where it has that already. */
  public NDArray to(NDArray x, Precision precision) {
    return Precision.of(x) == precision
        ? x
        : script.call(x.getManager(), "to", x, precision.scalarType());
  }

  /** An array's numbers, whatever its precision and device. */
  public float[] floats(NDArray x) {
    NDArray wide = to(x, Precision.FLOAT32);
    try {
      return wide.toFloatArray();
    } finally {
      if (wide != x) {
        wide.close();
      }
    }
  }

  /**
   * Bits as what they are, without a copy.
   *
   * @param bits carried as {@link Precision#carrier}
   */
  NDArray reinterpreted(NDManager manager, NDArray bits, Precision stored) {
    return script.call(manager, "reinterpreted", bits, stored.scalarType());
  }

  /** Bits in another precision: a copy. */
  NDArray converted(NDManager manager, NDArray bits, Precision stored, Precision wanted) {
    return script.call(manager, "converted", bits, stored.scalarType(), wanted.scalarType());
  }

  /** Bits on a device, in a precision: a copy there. */
  NDArray moved(
      NDManager manager, NDArray bits, Precision stored, Device device, Precision wanted) {
    return script.call(
        manager, "moved", bits, stored.scalarType(), torchName(device), wanted.scalarType());
  }

  /** A copy on the manager's device. */
  NDArray copied(NDManager manager, NDArray x) {
    return script.call(manager, "copied", x, torchName(manager.getDevice()));
  }

  private static String torchName(Device device) {
    return device.isGpu() ? "cuda:" + device.getDeviceId() : device.getDeviceType();
  }

  /** x Wᵀ + b. */
  public static NDArray linear(NDArray x, NDArray weight, @Nullable NDArray bias) {
    return Linear.linear(x, weight, bias).singletonOrThrow();
  }

  /** Runs {@code body} on {@code x}, and frees all that it made, and {@code x}, but its result. */
  public static NDArray freeing(NDArray x, UnaryOperator<NDArray> body) {
    NDManager owner = x.getManager();
    try (NDManager inner = owner.newSubManager()) {
      x.attach(inner);
      NDArray result = body.apply(x);
      result.attach(owner);
      return result;
    }
  }

  @Override
  public void close() {
    script.close();
  }
}
