package dev.fluxbridge.legacy.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.fluxbridge.legacy.checkpoint.CheckpointException;
import dev.fluxbridge.legacy.checkpoint.SafetensorsFile;
import dev.fluxbridge.legacy.checkpoint.Weights;
import dev.fluxbridge.legacy.kernels.Placement;
import dev.fluxbridge.legacy.kernels.Precision;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a LoRA file of any of the formats, and holds it to the model that it is for.
 *
 * <p>Source: diffusers 0.35, loaders/lora_pipeline.py FluxLoraLoaderMixin.
 */
final class LoraFile {
  private static final String TRANSFORMER = "transformer.";
  private static final String TEXT_ENCODER = "text_encoder.";
  private static final String OTHER_MODEL = "It was made for another model.";

  private final Path file;
  private final Weights transformer;
  private final Weights textEncoder;

  private LoraFile(Path file, Weights transformer, Weights textEncoder) {
    this.file = file;
    this.transformer = transformer;
    this.textEncoder = textEncoder;
  }

  /**
   * Reads a file.
   *
   * @param placement who will own the factors
   * @throws CheckpointException if it is no LoRA, or not one for this model
   */
  static Lora read(Path file, Placement placement, Weights transformer, Weights textEncoder) {
    return new LoraFile(file, transformer, textEncoder).read(placement);
  }

  private Lora read(Placement placement) {
    SafetensorsFile stored = SafetensorsFile.open(file);
    // The factors are computed with in float32 until they are laid out for the model.
    Placement own =
        new Placement(placement.manager().newSubManager(), placement.kernels(), Precision.FLOAT32);
    try {
      Map<String, NDArray> tensors = new LinkedHashMap<>();
      for (String name : stored.names()) {
        tensors.put(name, stored.load(name, own));
      }
      Conversion conversion = new Conversion(file, transformer, tensors);
      Map<String, Double> alphas = convert(conversion);
      Map<String, NDArray> made = conversion.made();
      Map<String, NDArray> norms = norms(made);
      Map<String, Factors> forTransformer = factors(made, TRANSFORMER, transformer, alphas, stored);
      Map<String, Factors> forText = factors(made, TEXT_ENCODER, textEncoder, alphas, stored);
      if (!made.isEmpty()) {
        throw unfit(made.keySet().iterator().next(), "belongs to no layer");
      }
      if (forTransformer.isEmpty() && forText.isEmpty() && norms.isEmpty()) {
        throw new CheckpointException(
            "no tensor of it fits the transformer or the text encoder", file, OTHER_MODEL);
      }
      return new Lora(forTransformer, forText, norms, own.manager());
    } catch (RuntimeException | Error e) {
      own.manager().close();
      throw e;
    }
  }

  /** Brings the names into diffusers' form, and returns the alphas that stand beside them. */
  static Map<String, Double> convert(Conversion conversion) {
    conversion.drop(
        name -> name.contains("dora_scale"),
        "DoRA's magnitudes are not applied, as diffusers does not for FLUX");
    Map<String, Double> alphas = new LinkedHashMap<>();
    if (conversion.any(name -> name.contains(".lora_down.weight"))) {
      KohyaKeys.convert(conversion);
    } else if (conversion.any(name -> name.contains("processor"))) {
      BflKeys.convertXlabs(conversion);
    } else if (conversion.any(name -> name.contains("query_norm.scale"))) {
      BflKeys.convert(conversion, "");
    } else if (conversion.any(name -> name.contains("base_model"))) {
      BflKeys.convert(conversion, "base_model.model.");
    } else {
      alphas.putAll(diffusers(conversion));
    }
    conversion.refuseLeftovers("these tensors have names that FLUX.1 does not have:");
    return alphas;
  }

  private static Map<String, Double> diffusers(Conversion conversion) {
    conversion.refuseWithoutLora();
    Map<String, Double> alphas = new LinkedHashMap<>();
    for (String name : List.copyOf(conversion.left().keySet())) {
      String full =
          name.startsWith(TRANSFORMER) || name.startsWith(TEXT_ENCODER) ? name : TRANSFORMER + name;
      if (full.endsWith(".alpha")) {
        alphas.put(
            full.substring(0, full.length() - ".alpha".length()),
            (double) conversion.take(name).toFloatArray()[0]);
      } else {
        conversion.move(name, modern(full));
      }
    }
    return alphas;
  }

  /** The names of diffusers before it used peft. */
  private static String modern(String name) {
    String modern =
        name.replace(".lora_linear_layer.", ".lora.").replaceFirst("\\.processor\\.", ".");
    if (name.startsWith(TEXT_ENCODER)) {
      modern =
          modern
              .replaceFirst("\\.to_([qkv])_lora\\.", ".$1_proj.lora.")
              .replace(".to_out_lora.", ".out_proj.lora.");
    }
    return modern
        .replace(".lora.down.weight", Conversion.A)
        .replace(".lora.up.weight", Conversion.B);
  }

  /** Takes out what replaces a norm of the transformer. */
  private Map<String, NDArray> norms(Map<String, NDArray> made) {
    Map<String, NDArray> norms = new LinkedHashMap<>();
    for (String name : List.copyOf(made.keySet())) {
      String norm = name.substring(Math.min(name.length(), TRANSFORMER.length()));
      if (name.startsWith(TRANSFORMER)
          && norm.matches(".*\\.attn\\.norm_(added_)?[qk]\\.weight")
          && transformer.has(norm)) {
        NDArray tensor = made.remove(name);
        refuseOtherShape(name, tensor.getShape(), transformer.get(norm).getShape());
        norms.put(norm, tensor);
      }
    }
    return norms;
  }

  /** Takes out the pairs for one model. */
  private Map<String, Factors> factors(
      Map<String, NDArray> made,
      String prefix,
      Weights model,
      Map<String, Double> alphas,
      SafetensorsFile stored) {
    Map<String, Long> ranks = new LinkedHashMap<>();
    made.keySet().stream()
        .filter(name -> name.startsWith(prefix) && name.endsWith(Conversion.B))
        .sorted(Comparator.comparing(name -> prefix.equals(TEXT_ENCODER) ? inClip(name) : ""))
        .forEach(
            name ->
                ranks.put(
                    name.substring(prefix.length(), name.length() - Conversion.B.length()),
                    rank(made.get(name), name)));
    Scales scales = Scales.of(file, prefix, ranks, alphas, stored.metadata());
    Map<String, Factors> factors = new LinkedHashMap<>();
    ranks.forEach(
        (layer, rank) -> {
          String name = prefix + layer;
          NDArray a = made.remove(name + Conversion.A);
          NDArray b = made.remove(name + Conversion.B);
          NDArray bias = made.remove(name + Conversion.BIAS);
          if (a == null || b == null) {
            throw unfit(name + Conversion.B, "has no " + Conversion.A + " beside it");
          }
          if (!model.has(layer + ".weight") || !model.has(layer + ".bias")) {
            throw unfit(name + Conversion.B, "is for a layer that this model does not have");
          }
          Shape weight = model.get(layer + ".weight").getShape();
          boolean wider = layer.equals("x_embedder");
          if (a.getShape().dimension() != 2
              || a.getShape().get(0) != rank
              || (a.getShape().get(1) > weight.get(1) && !wider)) {
            throw mismatch(name + Conversion.A, a.getShape(), new Shape(rank, weight.get(1)));
          }
          refuseOtherShape(name + Conversion.B, b.getShape(), new Shape(weight.get(0), rank));
          if (bias != null) {
            refuseOtherShape(name + Conversion.BIAS, bias.getShape(), new Shape(weight.get(0)));
          }
          factors.put(layer, new Factors(a, b, Optional.ofNullable(bias), scales.of(layer, rank)));
        });
    return factors;
  }

  private long rank(@Nullable NDArray b, String name) {
    if (b == null || b.getShape().dimension() != 2) {
      throw unfit(name, "is no matrix");
    }
    return b.getShape().get(1);
  }

  /** Sorts CLIP's layers as its module does, where the first one's rank counts. */
  private static String inClip(String name) {
    return name.replace(".k_proj.", ".1.")
        .replace(".v_proj.", ".2.")
        .replace(".q_proj.", ".3.")
        .replace(".out_proj.", ".4.")
        .replace(".self_attn.", ".attn.")
        .replaceAll("\\.(\\d)\\.(attn|mlp)", ".0$1.$2");
  }

  private void refuseOtherShape(String name, Shape found, Shape wanted) {
    if (!found.equals(wanted)) {
      throw mismatch(name, found, wanted);
    }
  }

  private CheckpointException mismatch(String name, Shape found, Shape wanted) {
    return unfit(name, "has the shape " + found + ", but this model wants " + wanted);
  }

  private CheckpointException unfit(String name, String what) {
    return new CheckpointException(name + " " + what, file, OTHER_MODEL);
  }
}
