package dev.fluxbridge.legacy.autoencoder;

import dev.fluxbridge.legacy.checkpoint.ExpectedTensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Names and shapes of the decoder's tensors, as they follow from its configuration. */
final class DecoderTensors {
  private DecoderTensors() {}

  static ExpectedTensors of(
      List<Integer> channels,
      int layersPerBlock,
      int latentChannels,
      boolean midBlockAddAttention,
      boolean usePostQuantConv) {
    ExpectedTensors tensors = new ExpectedTensors();
    if (usePostQuantConv) {
      tensors.conv("post_quant_conv", latentChannels, latentChannels, 1);
    }
    List<Integer> widths = new ArrayList<>(channels);
    Collections.reverse(widths);
    int top = widths.get(0);
    tensors.conv("decoder.conv_in", top, latentChannels, 3);
    for (int i = 0; i < 2; i++) {
      resnet(tensors, "decoder.mid_block.resnets." + i, top, top);
    }
    if (midBlockAddAttention) {
      String attention = "decoder.mid_block.attentions.0.";
      tensors.norm(attention + "group_norm", top);
      for (String projection : List.of("to_q", "to_k", "to_v", "to_out.0")) {
        tensors.linear(attention + projection, top, top);
      }
    }
    int in = top;
    for (int i = 0; i < widths.size(); i++) {
      int out = widths.get(i);
      for (int j = 0; j <= layersPerBlock; j++) {
        resnet(tensors, "decoder.up_blocks." + i + ".resnets." + j, out, j == 0 ? in : out);
      }
      if (i < widths.size() - 1) {
        tensors.conv("decoder.up_blocks." + i + ".upsamplers.0.conv", out, out, 3);
      }
      in = out;
    }
    return tensors.norm("decoder.conv_norm_out", in).conv("decoder.conv_out", 3, in, 3);
  }

  private static void resnet(ExpectedTensors tensors, String name, int out, int in) {
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
