package dev.fluxbridge.legacy.transformer;

/**
 * The transformer's blocks in TorchScript, one native call each: composed from single operators
 * they take twice the time at small sizes. {@code w} holds a block's tensors by diffusers' names,
 * and for a layer with LoRA its stacked factors too.
 *
 * <p>They compute in the precision of the weights; angles of places and of noise levels are float32
 * in any case, and in float16 sums are bounded, all as diffusers does.
 *
 * <p>Two things differ from diffusers and change no number: text tokens have position 0 and are
 * therefore not rotated, and the last single block computes the image tokens only, since the text
 * is dropped behind it.
 *
 * <p>Immutable.
 *
 * <p>Source: diffusers 0.35, models/transformers/transformer_flux.py and models/embeddings.py.
 */
public final class FluxBlocks {
  /** Functions for {@link dev.fluxbridge.legacy.kernels.TorchScript#compile}. */
  public static final String FUNCTIONS =
      """
      def linear(self, w: Dict[str, Tensor], name: str, x: Tensor) -> Tensor:
        y = torch.linear(x, w[name + ".weight"], w[name + ".bias"])
        if torch.__contains__(w, name + ".lora_A"):
          y = y + torch.linear(torch.linear(x, w[name + ".lora_A"]), w[name + ".lora_B"])
        if torch.__contains__(w, name + ".lora_bias"):
          y = y + w[name + ".lora_bias"]
        return y

      def mlp(self, w: Dict[str, Tensor], name: str, x: Tensor) -> Tensor:
        x = torch.silu(self.linear(w, name + ".linear_1", x))
        return self.linear(w, name + ".linear_2", x)

      def sinusoid(self, level: float, like: Tensor) -> Tensor:
        places = torch.arange(0, 128, dtype=6, device=ops.prim.device(like))
        timestep = torch.type_as(torch.full([1, 1], level, dtype=6), like) * 1000
        argument = torch.type_as(timestep, places) * torch.exp(-9.210340371976184 * places / 128.0)
        return torch.type_as(torch.cat([torch.cos(argument), torch.sin(argument)], -1), like)

      def time_text_embed(
          self, w: Dict[str, Tensor], timestep: float, guidance: float, guided: bool,
          pooled_projections: Tensor) -> Tensor:
        time = self.sinusoid(timestep, pooled_projections)
        temb = self.mlp(w, "time_text_embed.timestep_embedder", time)
        if guided:
          strength = self.sinusoid(guidance, pooled_projections)
          temb = temb + self.mlp(w, "time_text_embed.guidance_embedder", strength)
        return torch.silu(temb + self.mlp(w, "time_text_embed.text_embedder", pooled_projections))

      def modulation(
          self, w: Dict[str, Tensor], name: str, temb: Tensor, parts: int) -> List[Tensor]:
        return torch.chunk(torch.unsqueeze(self.linear(w, name, temb), 1), parts, -1)

      def modulated(self, x: Tensor, shift: Tensor, scale: Tensor) -> Tensor:
        return torch.layer_norm(x, [int(x.size(-1))], None, None, 1e-6) * (1 + scale) + shift

      def split(self, x: Tensor, heads: int) -> Tensor:
        return torch.unflatten(x, 2, [heads, -1])

      def normed(self, w: Dict[str, Tensor], name: str, x: Tensor) -> Tensor:
        return torch.rms_norm(x, [int(x.size(-1))], w[name + ".weight"], 1e-6)

      def rotated(self, x: Tensor, image_rotary_emb: Tensor) -> Tensor:
        pairs = torch.view_as_complex(torch.unflatten(torch.to(x, 6), 3, [-1, 2]))
        turned = torch.view_as_real(pairs * torch.view_as_complex(image_rotary_emb))
        return torch.type_as(torch.flatten(turned, 3), x)

      def bounded(self, x: Tensor) -> Tensor:
        if ops.prim.dtype(x) == 5:
          y = torch.clamp(x, -65504., 65504.)
        else:
          y = x
        return y

      def attention(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        x = torch.scaled_dot_product_attention(
            torch.transpose(q, 1, 2), torch.transpose(k, 1, 2), torch.transpose(v, 1, 2))
        return torch.flatten(torch.transpose(x, 1, 2), 2)

      def feed_forward(self, w: Dict[str, Tensor], name: str, x: Tensor) -> Tensor:
        x = torch.gelu(self.linear(w, name + ".net.0.proj", x), approximate="tanh")
        return self.linear(w, name + ".net.2", x)

      def double_block(
          self, w: Dict[str, Tensor], hidden_states: Tensor, encoder_hidden_states: Tensor,
          temb: Tensor, image_rotary_emb: Tensor, heads: int) -> List[Tensor]:
        shift_msa, scale_msa, gate_msa, shift_mlp, scale_mlp, gate_mlp = self.modulation(
            w, "norm1.linear", temb, 6)
        c_shift_msa, c_scale_msa, c_gate_msa, c_shift_mlp, c_scale_mlp, c_gate_mlp = self.modulation(
            w, "norm1_context.linear", temb, 6)
        x = self.modulated(hidden_states, shift_msa, scale_msa)
        c = self.modulated(encoder_hidden_states, c_shift_msa, c_scale_msa)

        q = self.normed(w, "attn.norm_q", self.split(self.linear(w, "attn.to_q", x), heads))
        k = self.normed(w, "attn.norm_k", self.split(self.linear(w, "attn.to_k", x), heads))
        v = self.split(self.linear(w, "attn.to_v", x), heads)
        c_q = self.normed(
            w, "attn.norm_added_q", self.split(self.linear(w, "attn.add_q_proj", c), heads))
        c_k = self.normed(
            w, "attn.norm_added_k", self.split(self.linear(w, "attn.add_k_proj", c), heads))
        c_v = self.split(self.linear(w, "attn.add_v_proj", c), heads)
        q = torch.cat([c_q, self.rotated(q, image_rotary_emb)], 1)
        k = torch.cat([c_k, self.rotated(k, image_rotary_emb)], 1)
        v = torch.cat([c_v, v], 1)
        attn = self.attention(q, k, v)
        text = int(c.size(1))
        c_attn = self.linear(w, "attn.to_add_out", torch.slice(attn, 1, 0, text))
        attn = self.linear(w, "attn.to_out.0", torch.slice(attn, 1, text))

        hidden_states = hidden_states + gate_msa * attn
        x = self.modulated(hidden_states, shift_mlp, scale_mlp)
        hidden_states = hidden_states + gate_mlp * self.feed_forward(w, "ff", x)
        encoder_hidden_states = encoder_hidden_states + c_gate_msa * c_attn
        c = self.modulated(encoder_hidden_states, c_shift_mlp, c_scale_mlp)
        encoder_hidden_states = encoder_hidden_states + c_gate_mlp * self.feed_forward(
            w, "ff_context", c)
        return [hidden_states, self.bounded(encoder_hidden_states)]

      def joined(self, encoder_hidden_states: Tensor, hidden_states: Tensor) -> Tensor:
        return torch.cat([encoder_hidden_states, hidden_states], 1)

      def single_block(
          self, w: Dict[str, Tensor], hidden_states: Tensor, temb: Tensor, image_rotary_emb: Tensor,
          heads: int, text: int, first: int) -> Tensor:
        shift, scale, gate = self.modulation(w, "norm.linear", temb, 3)
        x = self.modulated(hidden_states, shift, scale)
        k = self.normed(w, "attn.norm_k", self.split(self.linear(w, "attn.to_k", x), heads))
        v = self.split(self.linear(w, "attn.to_v", x), heads)
        x = torch.slice(x, 1, first)
        q = self.normed(w, "attn.norm_q", self.split(self.linear(w, "attn.to_q", x), heads))
        self.rotate_image(q, image_rotary_emb, text - first)
        self.rotate_image(k, image_rotary_emb, text)
        mlp = torch.gelu(self.linear(w, "proj_mlp", x), approximate="tanh")
        x = self.linear(w, "proj_out", torch.cat([self.attention(q, k, v), mlp], 2))
        return self.bounded(torch.slice(hidden_states, 1, first) + gate * x)

      def rotate_image(self, x: Tensor, image_rotary_emb: Tensor, text: int) -> None:
        image = torch.slice(x, 1, text)
        torch.copy_(image, self.rotated(image, image_rotary_emb))

      def steered(self, x: Tensor, residual: Tensor, first: int) -> Tensor:
        image = torch.slice(x, 1, first)
        torch.add_(image, residual)
        return x

      def output(self, w: Dict[str, Tensor], hidden_states: Tensor, temb: Tensor) -> Tensor:
        scale, shift = self.modulation(w, "norm_out.linear", temb, 2)
        return self.linear(w, "proj_out", self.modulated(hidden_states, shift, scale))
      """;

  private FluxBlocks() {}
}
