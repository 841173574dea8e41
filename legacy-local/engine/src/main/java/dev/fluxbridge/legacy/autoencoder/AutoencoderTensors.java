package dev.fluxbridge.legacy.autoencoder;

import dev.fluxbridge.legacy.checkpoint.ExpectedTensors;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Names and shapes of the autoencoder's tensors, as they follow from its configuration. */
final class AutoencoderTensors {
  /** What old files call the attention's layers, by today's names. */
  private static final Map<String, String> OLD_ATTENTION =
      Map.of("to_q", "query", "to_k", "key", "to_v", "value", "to_out.0", "proj_attn");

  private final AutoencoderConfig config;
  private final ExpectedTensors tensors = new ExpectedTensors();

  private AutoencoderTensors(AutoencoderConfig config) {
    this.config = config;
  }

  static ExpectedTensors of(AutoencoderConfig config, boolean withEncoder) {
    AutoencoderTensors all = new AutoencoderTensors(config);
    all.decoder();
    if (withEncoder) {
      all.encoder();
    }
    return all.tensors;
  }

  /** Old names by new ones. */
  static Map<String, String> aliases() {
    Map<String, String> aliases = new HashMap<>();
    for (String half : List.of("encoder", "decoder")) {
      String attention = half + ".mid_block.attentions.0.";
      OLD_ATTENTION.forEach(
          (name, old) -> {
            for (String kind : List.of(".weight", ".bias")) {
              aliases.put(attention + name + kind, attention + old + kind);
            }
          });
    }
    return aliases;
  }

  private void encoder() {
    List<Integer> widths = config.blockOutChannels();
    int moments = 2 * config.latentChannels();
    int in = widths.get(0);
    tensors.conv("encoder.conv_in", in, 3, 3);
    for (int i = 0; i < widths.size(); i++) {
      String block = "encoder.down_blocks." + i;
      int out = widths.get(i);
      for (int j = 0; j < config.layersPerBlock(); j++) {
        resnet(block + ".resnets." + j, out, j == 0 ? in : out);
      }
      if (i < widths.size() - 1) {
        tensors.conv(block + ".downsamplers.0.conv", out, out, 3);
      }
      in = out;
    }
    midBlock("encoder.mid_block", in);
    tensors.norm("encoder.conv_norm_out", in).conv("encoder.conv_out", moments, in, 3);
    if (config.useQuantConv()) {
      tensors.conv("quant_conv", moments, moments, 1);
    }
  }

  private void decoder() {
    List<Integer> widths = config.blockOutChannels();
    int blocks = widths.size();
    int in = widths.get(blocks - 1);
    if (config.usePostQuantConv()) {
      tensors.conv("post_quant_conv", config.latentChannels(), config.latentChannels(), 1);
    }
    tensors.conv("decoder.conv_in", in, config.latentChannels(), 3);
    midBlock("decoder.mid_block", in);
    for (int i = 0; i < blocks; i++) {
      String block = "decoder.up_blocks." + i;
      int out = widths.get(blocks - 1 - i);
      for (int j = 0; j <= config.layersPerBlock(); j++) {
        resnet(block + ".resnets." + j, out, j == 0 ? in : out);
      }
      if (i < blocks - 1) {
        tensors.conv(block + ".upsamplers.0.conv", out, out, 3);
      }
      in = out;
    }
    tensors.norm("decoder.conv_norm_out", in).conv("decoder.conv_out", 3, in, 3);
  }

  private void midBlock(String name, int width) {
    resnet(name + ".resnets.0", width, width);
    if (config.midBlockAddAttention()) {
      String attention = name + ".attentions.0.";
      tensors.norm(attention + "group_norm", width);
      for (String projection : List.of("to_q", "to_k", "to_v", "to_out.0")) {
        tensors.linear(attention + projection, width, width);
      }
    }
    resnet(name + ".resnets.1", width, width);
  }

  private void resnet(String name, int out, int in) {
    tensors
        .norm(name + ".norm1", in)
        .conv(name + ".conv1", out, in, 3)
        .norm(name + ".norm2", out)
        .conv(name + ".conv2", out, out, 3);
    if (in != out) {
      tensors.conv(name + ".conv_shortcut", out, in, 1);
    }
  }
}
