package dev.fluxbridge.compat.rollout;

import dev.fluxbridge.providers.Task;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * Where a shadow differed from what was served, and where its record lies. Holds no prompt.
 *
 * @param id names it, unique for ever
 * @param at when
 * @param task of which task
 * @param served the road that was served
 * @param shadow the road that ran beside it
 * @param distance how far the pictures are apart, if both are there
 * @param text what differs, in words for people
 * @param place where the record lies: a folder or a file
 */
public record Mismatch(
    String id,
    Instant at,
    Task task,
    String served,
    String shadow,
    OptionalDouble distance,
    String text,
    String place) {}
