package dev.fluxbridge.golden;

import dev.fluxbridge.golden.metrics.Metric;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** golden.json: everything of a golden but its pictures. Stateless. */
final class ApprovedJson {
  private static final MathContext DIGITS = new MathContext(6);

  private ApprovedJson() {}

  /** The same golden always gives the same text. */
  static String write(Approved golden, Map<String, byte[]> files) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("schema", Approved.SCHEMA);
    json.put("call", golden.call().arguments());
    json.put("origin", origin(golden.origin()));
    Map<String, Object> hashes = new TreeMap<>();
    files.forEach((name, bytes) -> hashes.put(name, "sha256:" + Sha256.of(bytes)));
    json.put("files", hashes);
    if (!golden.limits().isEmpty()) {
      json.put("limits_hold_for_any_road", golden.anyRoad());
      Map<String, Object> limits = new TreeMap<>();
      golden.limits().byMeasure().forEach((name, limit) -> limits.put(name, limit(limit)));
      json.put("limits", limits);
    }
    return Json.pretty(json);
  }

  static Map<String, Object> origin(Origin origin) {
    Map<String, Object> json = new TreeMap<>();
    json.put("route", origin.route());
    json.put("model", origin.model());
    json.put("checkpoint", origin.checkpoint());
    json.put("device", origin.device());
    json.put("libraries", origin.libraries());
    json.put("request_ids", origin.requestIds());
    json.put("seeds", origin.seeds());
    json.put("cause", origin.cause());
    json.put("notes", origin.notes());
    return json;
  }

  private static Map<String, Object> limit(Limit limit) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("limit", rounded(limit.value()));
    json.put("from", limit.basis().name().toLowerCase(Locale.ROOT));
    limit
        .floor()
        .ifPresent(
            floor -> {
              json.put("runs", floor.runs());
              json.put("mean", rounded(floor.mean()));
              json.put("spread", rounded(floor.spread()));
              json.put("quantile_99", rounded(floor.quantile()));
            });
    return json;
  }

  /** Six digits that count; infinity, which JSON has not, as a text. */
  private static Object rounded(double value) {
    return Double.isFinite(value)
        ? new BigDecimal(value).round(DIGITS).stripTrailingZeros().doubleValue()
        : "infinite";
  }

  /** The files that a golden.json names, with their hashes. */
  static Map<String, String> files(Json.Fields json) {
    schema(json);
    Json.Fields files = json.object("files");
    Map<String, String> hashes = new TreeMap<>();
    files.names().forEach(name -> hashes.put(name, files.text(name).replace("sha256:", "")));
    return hashes;
  }

  static Approved read(Json.Fields json, Drawn drawn) {
    Json.Fields origin = json.object("origin");
    Map<String, String> libraries = new TreeMap<>();
    Json.Fields versions = origin.object("libraries");
    versions.names().forEach(name -> libraries.put(name, versions.text(name)));
    return new Approved(
        drawn,
        new Call(json.object("call").plain()),
        new Origin(
            origin.text("route"),
            origin.text("model"),
            origin.text("checkpoint"),
            origin.text("device"),
            libraries,
            origin.texts("request_ids"),
            origin.integers("seeds"),
            origin.text("cause"),
            origin.texts("notes")),
        json.has("limits") ? limits(json.object("limits")) : Limits.NONE,
        json.has("limits_hold_for_any_road") && json.flag("limits_hold_for_any_road"));
  }

  private static void schema(Json.Fields json) {
    int schema = json.integer("schema");
    if (schema != Approved.SCHEMA) {
      throw new GoldenException(
          "%s is of schema %d, and this version reads schema %d alone: %s"
              .formatted(
                  json.file(),
                  schema,
                  Approved.SCHEMA,
                  schema > Approved.SCHEMA
                      ? "use the version of fluxbridge-golden that wrote it, or a newer one"
                      : "look at the picture and approve it anew (-Dgolden.approve)"));
    }
  }

  private static Limits limits(Json.Fields json) {
    List<Limit> limits = new ArrayList<>();
    for (String measure : json.names()) {
      Json.Fields limit = json.object(measure);
      if (!isMeasure(measure)) {
        throw new GoldenException(
            "%s has a limit of '%s', which is no measure: %s and %s are"
                .formatted(
                    json.file(),
                    measure,
                    List.of(Metric.values()),
                    List.of(LatentMeasure.values())));
      }
      limits.add(
          new Limit(
              measure,
              number(limit, "limit"),
              basis(limit),
              limit.has("runs") ? floor(limit) : Optional.empty()));
    }
    return Limits.of(limits);
  }

  private static boolean isMeasure(String name) {
    if (Brought.isName(name)) {
      return true;
    }
    for (Metric metric : Metric.values()) {
      if (metric.name().equals(name)) {
        return true;
      }
    }
    for (LatentMeasure measure : LatentMeasure.values()) {
      if (measure.name().equals(name)) {
        return true;
      }
    }
    return false;
  }

  private static Limit.Basis basis(Json.Fields limit) {
    String from = limit.text("from");
    for (Limit.Basis basis : Limit.Basis.values()) {
      if (basis.name().toLowerCase(Locale.ROOT).equals(from)) {
        return basis;
      }
    }
    throw limit.wrong("from", "one of by_hand, learned, default");
  }

  private static Optional<Floor> floor(Json.Fields limit) {
    return Optional.of(
        new Floor(
            number(limit, "mean"),
            number(limit, "spread"),
            number(limit, "quantile_99"),
            limit.integer("runs")));
  }

  private static double number(Json.Fields json, String name) {
    return json.node().path(name).asText().equals("infinite")
        ? Double.POSITIVE_INFINITY
        : json.number(name);
  }
}
