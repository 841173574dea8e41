package dev.fluxbridge.legacy.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import dev.fluxbridge.legacy.checkpoint.CheckpointException;
import dev.fluxbridge.legacy.checkpoint.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A LoRA file while its names are turned into diffusers' own: what is left of it, and what was
 * made.
 */
final class Conversion {
  static final String A = ".lora_A.weight";
  static final String B = ".lora_B.weight";
  static final String BIAS = ".lora_B.bias";

  private static final Logger LOG = LoggerFactory.getLogger(Conversion.class);

  private final Path file;
  private final Weights transformer;
  private final NavigableMap<String, NDArray> left = new TreeMap<>();
  private final Map<String, NDArray> made = new LinkedHashMap<>();

  /**
   * @param transformer the model, whose layers say where fused factors are cut
   */
  Conversion(Path file, Weights transformer, Map<String, NDArray> tensors) {
    this.file = file;
    this.transformer = transformer;
    left.putAll(tensors);
  }

  /** What is not converted yet, by the file's names in their order. */
  NavigableMap<String, NDArray> left() {
    return left;
  }

  /** What is converted, by diffusers' names in diffusers' order, which decides some scales. */
  Map<String, NDArray> made() {
    return made;
  }

  boolean any(Predicate<String> name) {
    return left.keySet().stream().anyMatch(name);
  }

  /** Forgets tensors that diffusers forgets too, and says so. */
  void drop(Predicate<String> name, String because) {
    List<String> dropped = left.keySet().stream().filter(name).toList();
    if (!dropped.isEmpty()) {
      LOG.warn(
          "{}: {} tensors are ignored, the first is {}: {}",
          file,
          dropped.size(),
          dropped.get(0),
          because);
      dropped.forEach(left::remove);
    }
  }

  /** Takes one tensor under its new name. */
  void move(String from, String to) {
    NDArray tensor = left.remove(from);
    if (tensor != null) {
      made.put(to, tensor);
    }
  }

  NDArray take(String name) {
    NDArray tensor = left.remove(name);
    if (tensor == null) {
      throw new CheckpointException(
          "the tensor " + name + " is missing", file, "A LoRA's factors come in pairs.");
    }
    return tensor;
  }

  /**
   * The two factors of a layer that may be several of diffusers' layers in one: A is the same for
   * all, and B's rows are cut. Does nothing where the file has no such layer.
   */
  void pair(String down, String up, List<String> targets) {
    if (left.containsKey(down)) {
      NDArray a = take(down);
      NDArray b = take(up);
      put(targets, a, b, cut(up, b, targets));
    }
  }

  /**
   * The same for kohya's names: alpha is folded into the factors, and where a layer holds a factor
   * pair for each of its parts, with zeros elsewhere, each part gets only its own.
   */
  void kohyaPair(String module, List<String> targets) {
    String up = module + ".lora_up.weight";
    if (!left.containsKey(module + ".lora_down.weight")) {
      return;
    }
    NDArray a = take(module + ".lora_down.weight");
    NDArray b = take(up);
    NDArray alpha = left.remove(module + ".alpha");
    if (alpha != null) {
      double down = alpha.toFloatArray()[0] / (double) a.getShape().get(0);
      double rest = 1;
      while (down * 2 < rest) {
        down *= 2;
        rest /= 2;
      }
      a = a.mul((float) down);
      b = b.mul((float) rest);
    }
    long[] ends = cut(up, b, targets);
    if (targets.size() > 1 && a.getShape().get(0) % targets.size() == 0 && sparse(b, ends)) {
      long rank = a.getShape().get(0) / targets.size();
      for (int i = 0; i < targets.size(); i++) {
        String columns = i * rank + ":" + (i + 1) * rank;
        made.put(targets.get(i) + A, a.get(columns));
        made.put(targets.get(i) + B, b.get(rows(ends, i) + ", " + columns).duplicate());
      }
      return;
    }
    put(targets, a, b, ends);
  }

  private void put(List<String> targets, NDArray a, NDArray b, long[] ends) {
    targets.forEach(target -> made.put(target + A, a));
    for (int i = 0; i < targets.size(); i++) {
      made.put(targets.get(i) + B, targets.size() == 1 ? b : b.get(rows(ends, i)));
    }
  }

  /** A bias of B that may be several layers' in one. */
  void bias(String name, List<String> targets) {
    if (left.containsKey(name)) {
      NDArray bias = take(name);
      long[] ends = cut(name, bias, targets);
      for (int i = 0; i < targets.size(); i++) {
        made.put(targets.get(i) + BIAS, bias.get(rows(ends, i)));
      }
    }
  }

  /** Swaps the halves of the rows: BFL has shift before scale, diffusers scale before shift. */
  void swapHalves(String name) {
    NDArray tensor = made.get(name);
    if (tensor != null && tensor.getShape().get(0) > 1) {
      long half = (tensor.getShape().get(0) + 1) / 2;
      made.put(name, NDArrays.concat(new NDList(tensor.get(half + ":"), tensor.get(":" + half))));
    }
  }

  private static String rows(long[] ends, int part) {
    return (part == 0 ? 0 : ends[part - 1]) + ":" + ends[part];
  }

  /** Where the rows of each target end. */
  private long[] cut(String name, NDArray tensor, List<String> targets) {
    long[] ends = new long[targets.size()];
    long end = 0;
    for (int i = 0; i < ends.length; i++) {
      String layer = targets.get(i).replaceFirst("^transformer\\.", "") + ".weight";
      if (targets.size() == 1 || !transformer.has(layer)) {
        // A layer that the model lacks is refused later, by its name.
        end += tensor.getShape().get(0) / ends.length;
      } else {
        end += transformer.get(layer).getShape().get(0);
      }
      ends[i] = end;
    }
    if (targets.size() > 1 && end != tensor.getShape().get(0)) {
      throw new CheckpointException(
          name
              + " has the shape "
              + tensor.getShape()
              + ", but the model's layers there have "
              + end
              + " rows together",
          file,
          "It was made for another model.");
    }
    return ends;
  }

  private static boolean sparse(NDArray b, long[] ends) {
    long rank = b.getShape().get(1) / ends.length;
    for (int i = 0; i < ends.length; i++) {
      for (int j = 0; j < ends.length; j++) {
        String part = rows(ends, i) + ", " + j * rank + ":" + (j + 1) * rank;
        if (i != j && b.get(part).abs().max().getFloat() != 0) {
          return false;
        }
      }
    }
    return true;
  }

  /** All that must not be there when a conversion is done. */
  void refuseLeftovers(String what) {
    if (!left.isEmpty()) {
      throw new CheckpointException(
          what
              + " "
              + left.firstKey()
              + (left.size() == 1 ? "" : " and " + (left.size() - 1) + " more"),
          file,
          "Load a LoRA that was made for FLUX.1.");
    }
  }

  /** Refuses a file that is not a LoRA at all, in the words of the old pipelines. */
  void refuseWithoutLora() {
    if (!any(name -> name.contains("lora"))) {
      throw new CheckpointException(
          "Invalid LoRA checkpoint",
          file,
          "Make sure all LoRA param names contain `'lora'` substring."
              + (left.isEmpty() ? " It has no tensors." : " It has " + left.firstKey() + "."));
    }
  }

  static List<String> list(List<String> suffixes, String prefix) {
    List<String> names = new ArrayList<>();
    suffixes.forEach(suffix -> names.add(prefix + suffix));
    return names;
  }
}
