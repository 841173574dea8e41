/**
 * A checkpoint folder as diffusers writes it: configurations, safetensors files read by mapping
 * them into memory, and the checkpoint that comes on the class path. Start at {@link
 * dev.fluxbridge.legacy.checkpoint.Checkpoint}.
 *
 * <p>Callers of the engine need {@link dev.fluxbridge.legacy.checkpoint.EmbeddedCheckpoint} and
 * {@link dev.fluxbridge.legacy.checkpoint.CheckpointException} only; the rest is public for the
 * sister packages.
 */
@NullMarked
package dev.fluxbridge.legacy.checkpoint;

import org.jspecify.annotations.NullMarked;
