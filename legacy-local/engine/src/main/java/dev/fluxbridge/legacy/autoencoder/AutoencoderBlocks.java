package dev.fluxbridge.legacy.autoencoder;

/**
 * The autoencoder in TorchScript, one native call for an encoding or a decoding: so every array is
 * freed at its last use, which DJL's managers cannot know. {@code w} holds all tensors by
 * diffusers' names.
 *
 * <p>It takes less memory than diffusers' layers and gives the same numbers: sums and activations
 * are written over their inputs, a residual layer's shortcut is computed before the rest, and
 * arrays lie in memory as (B, H, W, C), which spares oneDNN a copy before and after each
 * convolution.
 *
 * <p>Source: diffusers 0.35, models/autoencoders/autoencoder_kl.py, models/autoencoders/vae.py,
 * models/resnet.py and models/attention_processor.py.
 */
final class AutoencoderBlocks {
  private static final String SIZES =
      """
      def blocks(self) -> int:
        return %d
      def layers(self) -> int:
        return %d
      def groups(self) -> int:
        return %d
      """;

  private static final String LAYERS =
      """
      def channels_last(self, x: Tensor) -> Tensor:
        return torch.contiguous(x, memory_format=2)

      def conv(self, w: Dict[str, Tensor], name: str, x: Tensor) -> Tensor:
        weight = w[name + ".weight"]
        padding = torch.floordiv(int(weight.size(2)), 2)
        return torch.conv2d(x, weight, w[name + ".bias"], [1, 1], [padding, padding])

      def group_norm(self, w: Dict[str, Tensor], name: str, x: Tensor) -> Tensor:
        return torch.group_norm(x, self.groups(), w[name + ".weight"], w[name + ".bias"], 1e-6)

      def linear(self, w: Dict[str, Tensor], name: str, x: Tensor) -> Tensor:
        return torch.linear(x, w[name + ".weight"], w[name + ".bias"])

      def norm_conv(self, w: Dict[str, Tensor], norm: str, name: str, x: Tensor) -> Tensor:
        return self.conv(w, name, torch.silu_(self.group_norm(w, norm, x)))

      def resnet(self, w: Dict[str, Tensor], name: str, x: Tensor) -> Tensor:
        shortcut = x
        if torch.__contains__(w, name + ".conv_shortcut.weight"):
          shortcut = self.conv(w, name + ".conv_shortcut", x)
        x = self.norm_conv(w, name + ".norm1", name + ".conv1", x)
        x = self.norm_conv(w, name + ".norm2", name + ".conv2", x)
        return torch.add_(x, shortcut)

      def attention(self, w: Dict[str, Tensor], name: str, x: Tensor) -> Tensor:
        y = torch.transpose(self.group_norm(w, name + ".group_norm", torch.flatten(x, 2)), 1, 2)
        y = torch.unsqueeze(y, 1)
        y = torch.scaled_dot_product_attention(
            self.linear(w, name + ".to_q", y), self.linear(w, name + ".to_k", y),
            self.linear(w, name + ".to_v", y))
        y = self.linear(w, name + ".to_out.0", torch.squeeze(y, 1))
        return x + torch.reshape(torch.transpose(y, 1, 2), torch.size(x))

      def mid_block(self, w: Dict[str, Tensor], name: str, x: Tensor) -> Tensor:
        x = self.resnet(w, name + ".resnets.0", x)
        if torch.__contains__(w, name + ".attentions.0.to_q.weight"):
          x = self.attention(w, name + ".attentions.0", x)
        return self.resnet(w, name + ".resnets.1", x)

      def upsample(self, w: Dict[str, Tensor], name: str, x: Tensor) -> Tensor:
        x = torch.upsample_nearest2d(x, [int(x.size(2)) * 2, int(x.size(3)) * 2])
        return self.conv(w, name, x)

      def downsample(self, w: Dict[str, Tensor], name: str, x: Tensor) -> Tensor:
        x = torch.constant_pad_nd(x, [0, 1, 0, 1])
        return torch.conv2d(x, w[name + ".weight"], w[name + ".bias"], [2, 2], [0, 0])

      def encoder(self, w: Dict[str, Tensor], x: Tensor) -> Tensor:
        x = self.conv(w, "encoder.conv_in", self.channels_last(x))
        for i in range(self.blocks()):
          block = "encoder.down_blocks." + str(i)
          for j in range(self.layers()):
            x = self.resnet(w, block + ".resnets." + str(j), x)
          if i + 1 < self.blocks():
            x = self.downsample(w, block + ".downsamplers.0.conv", x)
        x = self.mid_block(w, "encoder.mid_block", x)
        x = self.norm_conv(w, "encoder.conv_norm_out", "encoder.conv_out", x)
        if torch.__contains__(w, "quant_conv.weight"):
          x = self.conv(w, "quant_conv", x)
        return x

      def decoder(self, w: Dict[str, Tensor], x: Tensor) -> Tensor:
        if torch.__contains__(w, "post_quant_conv.weight"):
          x = self.conv(w, "post_quant_conv", x)
        x = self.conv(w, "decoder.conv_in", self.channels_last(x))
        x = self.mid_block(w, "decoder.mid_block", x)
        for i in range(self.blocks()):
          block = "decoder.up_blocks." + str(i)
          for j in range(self.layers() + 1):
            x = self.resnet(w, block + ".resnets." + str(j), x)
          if i + 1 < self.blocks():
            x = self.upsample(w, block + ".upsamplers.0.conv", x)
        return self.norm_conv(w, "decoder.conv_norm_out", "decoder.conv_out", x)

      def half(self, w: Dict[str, Tensor], encode: bool, x: Tensor) -> Tensor:
        if encode:
          y = self.encoder(w, x)
        else:
          y = self.decoder(w, x)
        return y
      """;

  /** A tile is blended with neighbours that are blended already, first upwards, then leftwards. */
  private static final String SAVING =
      """
      def blend(self, a: Tensor, b: Tensor, axis: int, most: int) -> None:
        extent = ops.prim.min(ops.prim.min(int(a.size(axis)), int(b.size(axis))), most)
        for i in range(extent):
          share = i / extent
          target = torch.select(b, axis, i)
          torch.mul_(target, share)
          torch.add_(target, torch.select(a, axis, i - extent) * (1 - share))

      def tiled(
          self, w: Dict[str, Tensor], encode: bool, x: Tensor, tile: int, stride: int, extent: int,
          kept: int) -> Tensor:
        rows = annotate(List[Tensor], [])
        above = annotate(List[Tensor], [])
        for top in range(0, int(x.size(2)), stride):
          row = annotate(List[Tensor], [])
          below = annotate(List[Tensor], [])
          for left in range(0, int(x.size(3)), stride):
            part = torch.slice(torch.slice(x, 2, top, top + tile), 3, left, left + tile)
            part = self.half(w, encode, part)
            if top > 0:
              self.blend(above[torch.len(below)], part, 2, extent)
            if left > 0:
              self.blend(below[-1], part, 3, extent)
            _ = torch.append(below, part)
            _ = torch.append(row, torch.slice(torch.slice(part, 2, 0, kept), 3, 0, kept))
          above = below
          _ = torch.append(rows, torch.cat(row, 3))
        return torch.cat(rows, 2)

      def one(
          self, w: Dict[str, Tensor], encode: bool, x: Tensor, tiling: bool, tile: int, stride: int,
          extent: int, kept: int) -> Tensor:
        if tiling and (int(x.size(2)) > tile or int(x.size(3)) > tile):
          y = self.tiled(w, encode, x, tile, stride, extent, kept)
        else:
          y = self.half(w, encode, x)
        return y

      def run(
          self, w: Dict[str, Tensor], encode: bool, x: Tensor, slicing: bool, tiling: bool, tile: int,
          stride: int, extent: int, kept: int) -> Tensor:
        parts = annotate(List[Tensor], [x])
        if slicing:
          parts = torch.split(x, 1)
        done = annotate(List[Tensor], [])
        for part in parts:
          _ = torch.append(done, self.one(w, encode, part, tiling, tile, stride, extent, kept))
        return torch.cat(done)

      def encode(
          self, w: Dict[str, Tensor], x: Tensor, slicing: bool, tiling: bool, tile: int, stride: int,
          extent: int, kept: int) -> List[Tensor]:
        moments = self.run(w, True, x, slicing, tiling, tile, stride, extent, kept)
        mean, logvar = torch.chunk(moments, 2, 1)
        std = torch.exp(0.5 * torch.clamp(logvar, -30., 20.))
        return [torch.contiguous(mean), torch.contiguous(std)]

      def decode(
          self, w: Dict[str, Tensor], x: Tensor, scaling: float, shift: float, slicing: bool,
          tiling: bool, tile: int, stride: int, extent: int, kept: int) -> Tensor:
        x = x / scaling + shift
        x = self.run(w, False, x, slicing, tiling, tile, stride, extent, kept)
        return torch.contiguous(x)

      def scaled(self, z: Tensor, scaling: float, shift: float) -> Tensor:
        return (z - shift) * scaling
      """;

  private AutoencoderBlocks() {}

  static String functions(AutoencoderConfig config) {
    return SIZES.formatted(config.blocks(), config.layersPerBlock(), config.normNumGroups())
        + LAYERS
        + SAVING;
  }
}
