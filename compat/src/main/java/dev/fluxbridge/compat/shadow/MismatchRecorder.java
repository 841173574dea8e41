package dev.fluxbridge.compat.shadow;

import dev.fluxbridge.compat.rollout.Mismatch;
import dev.fluxbridge.compat.rollout.RolloutEvent;
import dev.fluxbridge.compat.rollout.RolloutEvent.RecordsLost;
import dev.fluxbridge.providers.Decision;
import dev.fluxbridge.providers.ImageRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records mismatches where the rules say so. Safe for use by several threads. */
final class MismatchRecorder {
  private static final Logger log = LoggerFactory.getLogger(MismatchRecorder.class);
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final MismatchRecords records = new MismatchRecords();
  private final Consumer<RolloutEvent> events;
  private final AtomicBoolean lost = new AtomicBoolean();

  MismatchRecorder(Consumer<RolloutEvent> events) {
    this.events = events;
  }

  /** What to index; empty where nothing is recorded, or could not be, which is told once. */
  Optional<Mismatch> record(
      ShadowRules rules,
      ImageRequest request,
      Decision decision,
      Ended served,
      Ended shadow,
      Comparison comparison,
      List<Difference> unknown) {
    if (rules.records().isEmpty()) {
      return Optional.empty();
    }
    Instant at = Instant.now();
    String task = request.task().label();
    String id =
        "%s-%s-%s".formatted(NAME.format(at), task, UUID.randomUUID().toString().substring(0, 8));
    try {
      byte[] text =
          MismatchText.of(
              at, request, rules.recordPrompts(), decision, served, shadow, comparison, unknown);
      Path place =
          records.write(
              rules.records().get(),
              rules.recordBytes(),
              id,
              MismatchFiles.of(request, served, shadow, text));
      lost.set(false);
      return Optional.of(
          new Mismatch(
              id,
              at,
              request.task(),
              served.backend(),
              shadow.backend(),
              comparison.distance(),
              Difference.texts(unknown),
              place.toString()));
    } catch (IOException | RuntimeException e) {
      if (lost.compareAndSet(false, true)) {
        RecordsLost event = new RecordsLost(at, e.toString());
        log.warn("{}. Shadows go on; this is not said again", event.text());
        events.accept(event);
      }
      return Optional.empty();
    }
  }
}
