package dev.fluxbridge.providers.fal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.fal.platform.Analytics;
import dev.fluxbridge.providers.fal.platform.Balance;
import dev.fluxbridge.providers.fal.platform.BillingEvent;
import dev.fluxbridge.providers.fal.platform.Bucket;
import dev.fluxbridge.providers.fal.platform.DeletedFile;
import dev.fluxbridge.providers.fal.platform.Estimate;
import dev.fluxbridge.providers.fal.platform.Model;
import dev.fluxbridge.providers.fal.platform.PastRequest;
import dev.fluxbridge.providers.fal.platform.Price;
import dev.fluxbridge.providers.fal.platform.Usage;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * Reads what the platform API answers. Pure. What is unknown is passed over and what is missing is
 * empty, except for the field that makes a row what it is.
 *
 * <p>Source: the OpenAPI description of fal's platform API, version 1.
 */
final class PlatformReader {
  private PlatformReader() {}

  /**
   * A page of rows.
   *
   * @throws NoSuchElementException if the list is not there, or a row lacks its id, or there is
   *     more and no word of where
   */
  static <T> PlatformPages.Page<T> page(
      ObjectNode body, String field, Function<JsonNode, T> reader) {
    Optional<String> next = Json.text(body, "next_cursor");
    JsonNode more = body.path("has_more");
    if (more.isBoolean() && !more.booleanValue()) {
      next = Optional.empty();
    } else if (more.asBoolean() && next.isEmpty()) {
      throw new NoSuchElementException("next_cursor");
    }
    return new PlatformPages.Page<>(list(body, field, reader), next);
  }

  static <T> List<T> list(JsonNode node, String field, Function<JsonNode, T> reader) {
    JsonNode array = node.path(field);
    if (!array.isArray()) {
      throw new NoSuchElementException(field);
    }
    List<T> items = new ArrayList<>();
    array.forEach(item -> items.add(reader.apply(item)));
    return items;
  }

  static Model model(JsonNode node) {
    JsonNode about = node.path("metadata");
    JsonNode openApi = node.path("openapi");
    boolean failed = openApi.path("error").isObject() && !openApi.has("openapi");
    List<String> tags = new ArrayList<>();
    about.path("tags").forEach(tag -> tags.add(tag.asText()));
    return new Model(
        needed(node, "endpoint_id"),
        Json.text(about, "display_name"),
        Json.text(about, "category"),
        Json.text(about, "description"),
        Json.text(about, "status"),
        Json.text(about, "kind"),
        tags,
        Json.text(about, "license_type"),
        instant(about, "date"),
        instant(about, "updated_at"),
        number(about, "duration_estimate"),
        Json.text(about, "model_url"),
        openApi.isObject() && !failed ? Optional.of(Json.write(openApi)) : Optional.empty(),
        failed
            ? Optional.of(Json.text(openApi.path("error"), "message").orElse("no reason given"))
            : Optional.empty());
  }

  static Price price(JsonNode node) {
    return new Price(
        needed(node, "endpoint_id"),
        number(node, "unit_price"),
        Json.text(node, "unit"),
        Json.text(node, "currency"));
  }

  static Estimate estimate(JsonNode node) {
    BigDecimal total =
        number(node, "total_cost").orElseThrow(() -> new NoSuchElementException("total_cost"));
    return new Estimate(total, Json.text(node, "currency"));
  }

  static <T> Bucket<T> bucket(JsonNode node, Function<JsonNode, T> reader) {
    return new Bucket<>(instant(node, "bucket"), list(node, "results", reader));
  }

  static Usage usage(JsonNode node) {
    return new Usage(
        needed(node, "endpoint_id"),
        Json.text(node, "unit"),
        number(node, "quantity"),
        number(node, "unit_price"),
        number(node, "percent_discount"),
        number(node, "cost_subtotal"),
        number(node, "cost_discount"),
        number(node, "cost_total").or(() -> number(node, "cost")),
        Json.text(node, "currency"));
  }

  static BillingEvent billingEvent(JsonNode node) {
    return new BillingEvent(
        needed(node, "request_id"),
        Json.text(node, "endpoint_id"),
        instant(node, "timestamp"),
        number(node, "output_units"),
        number(node, "unit_price"),
        number(node, "percent_discount"),
        number(node, "cost_subtotal"),
        number(node, "cost_discount"),
        number(node, "cost_total")
            .or(() -> number(node, "cost_estimate_nano_usd").map(n -> n.movePointLeft(9))));
  }

  static PastRequest pastRequest(JsonNode node) {
    JsonNode status = node.path("status_code");
    return new PastRequest(
        needed(node, "request_id"),
        Json.text(node, "endpoint_id"),
        instant(node, "sent_at"),
        instant(node, "started_at"),
        instant(node, "ended_at"),
        status.isInt() ? OptionalInt.of(status.intValue()) : OptionalInt.empty(),
        number(node, "duration")
            .filter(seconds -> seconds.precision() - seconds.scale() < 10)
            .map(seconds -> Duration.ofNanos(seconds.movePointRight(9).longValue())),
        json(node, "json_input"),
        json(node, "json_output"));
  }

  static Analytics analytics(JsonNode node) {
    Map<String, BigDecimal> metrics = new HashMap<>();
    node.fieldNames()
        .forEachRemaining(name -> number(node, name).ifPresent(value -> metrics.put(name, value)));
    return new Analytics(needed(node, "endpoint_id"), metrics);
  }

  static DeletedFile deletedFile(JsonNode node) {
    return new DeletedFile(needed(node, "link"), Json.text(node, "exception"));
  }

  static Balance balance(JsonNode node) {
    JsonNode credits = node.path("credits");
    return new Balance(
        Json.text(node, "username"),
        number(credits, "current_balance"),
        Json.text(credits, "currency"));
  }

  private static String needed(JsonNode node, String field) {
    return Json.text(node, field).orElseThrow(() -> new NoSuchElementException(field));
  }

  private static Optional<String> json(JsonNode node, String field) {
    return node.hasNonNull(field) ? Optional.of(Json.write(node.get(field))) : Optional.empty();
  }

  private static Optional<BigDecimal> number(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isNumber() ? Optional.of(value.decimalValue()) : Optional.empty();
  }

  private static Optional<Instant> instant(JsonNode node, String field) {
    return Json.text(node, field).flatMap(PlatformReader::instant);
  }

  /** ISO 8601, whole or a day alone; without an offset it is UTC. */
  static Optional<Instant> instant(String text) {
    try {
      if (!text.contains("T")) {
        return Optional.of(LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
      }
      boolean offset =
          text.endsWith("Z") || text.lastIndexOf('+') > 10 || text.lastIndexOf('-') > 10;
      return Optional.of(
          offset
              ? OffsetDateTime.parse(text).toInstant()
              : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC));
    } catch (DateTimeException noMoment) {
      return Optional.empty();
    }
  }
}
