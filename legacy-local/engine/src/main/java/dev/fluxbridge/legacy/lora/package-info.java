/**
 * LoRA: small factors that change a loaded model, read in the five key formats that diffusers
 * reads, and switched, weighted and fused as diffusers and peft do. Start at {@link
 * dev.fluxbridge.legacy.lora.LoraAdapters}.
 *
 * <p>Shapes: R rank, I and O the width of what goes into a layer and comes out.
 *
 * <p>An inner part of the engine: its public types are public for the sister packages only.
 */
@NullMarked
package dev.fluxbridge.legacy.lora;

import org.jspecify.annotations.NullMarked;
