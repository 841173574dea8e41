package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.fal.platform.Analytics;
import dev.fluxbridge.providers.fal.platform.AnalyticsQuery;
import dev.fluxbridge.providers.fal.platform.Balance;
import dev.fluxbridge.providers.fal.platform.BillingEvent;
import dev.fluxbridge.providers.fal.platform.BillingQuery;
import dev.fluxbridge.providers.fal.platform.Bucket;
import dev.fluxbridge.providers.fal.platform.DeletedFile;
import dev.fluxbridge.providers.fal.platform.Estimate;
import dev.fluxbridge.providers.fal.platform.Model;
import dev.fluxbridge.providers.fal.platform.ModelQuery;
import dev.fluxbridge.providers.fal.platform.PastRequest;
import dev.fluxbridge.providers.fal.platform.Price;
import dev.fluxbridge.providers.fal.platform.RequestQuery;
import dev.fluxbridge.providers.fal.platform.Usage;
import dev.fluxbridge.providers.fal.platform.UsageQuery;
import dev.fluxbridge.providers.http.HttpRequest;
import java.math.BigDecimal;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * fal's platform API: what there is, what it costs, what was used, charged and run, and how to make
 * fal forget it.
 *
 * <p>Lists are streams that fetch a page when its first item is asked for; stop reading and no more
 * is fetched. Each page is a call of its own, with the deadline and the retries of the
 * configuration. A stream that ends is whole: whatever is missing or goes round in a circle is an
 * exception. Streams are read by one thread each; this itself is safe for use by several.
 *
 * <p>Every method throws {@link FalException}: {@code REFUSED} without a key that may do that
 * (usage, bills, balance and deletion need one of scope ADMIN), {@code INVALID} or {@code
 * UNSUPPORTED} for what fal does not take or know, {@code UNAVAILABLE} or {@code TIMEOUT} if it
 * does not answer within the deadline, {@code BAD_REPLY} if its answer makes no sense.
 *
 * <p>Source: the OpenAPI description of fal's platform API, version 1.
 */
public final class FalPlatform {
  private static final int MOST_IDS = 50;

  private final FalConfig config;
  private final PlatformExchange exchange;

  FalPlatform(FalConfig config, PlatformExchange exchange) {
    this.config = config;
    this.exchange = exchange;
  }

  /** The models of the catalogue. Needs no key, but is answered more often with one. */
  public Stream<Model> models(ModelQuery query) {
    PlatformQuery base =
        PlatformQuery.of("/models")
            .with("q", query.text())
            .with("category", query.category())
            .with("status", query.status().map(FalPlatform::lower))
            .with("expand", query.openApi() ? List.of("openapi-3.0") : List.of());
    return pages(
        batches(base, "endpoint_id", query.endpointIds()),
        FalAuthority.IF_THERE,
        "the list of models",
        "models",
        PlatformReader::model);
  }

  /**
   * What a unit of each endpoint costs this account.
   *
   * @param endpointIds more than 50 are asked for in several requests
   */
  public List<Price> prices(List<String> endpointIds) {
    List<String> ids = ModelQuery.ALL.of(endpointIds).endpointIds();
    if (ids.isEmpty()) {
      return List.of();
    }
    return pages(
            batches(PlatformQuery.of("/models/pricing"), "endpoint_id", ids),
            FalAuthority.NEEDED,
            "the list of prices",
            "prices",
            PlatformReader::price)
        .toList();
  }

  /**
   * What so many calls would cost, going by what calls cost before.
   *
   * @param calls how many calls of each endpoint, at least 1
   */
  public Estimate estimateCalls(Map<String, Integer> calls) {
    ObjectNode endpoints = Json.object();
    calls.forEach(
        (id, count) -> {
          if (count < 1) {
            throw new IllegalArgumentException("%s: at least 1 call, not %d".formatted(id, count));
          }
          endpoints.putObject(id).put("call_quantity", count);
        });
    return estimate("historical_api_price", endpoints);
  }

  /**
   * What so many units would cost.
   *
   * @param units how many units of each endpoint, at least 0.000001
   */
  public Estimate estimateUnits(Map<String, BigDecimal> units) {
    BigDecimal least = BigDecimal.ONE.movePointLeft(6);
    ObjectNode endpoints = Json.object();
    units.forEach(
        (id, count) -> {
          if (count.compareTo(least) < 0) {
            throw new IllegalArgumentException(
                "%s: at least 0.000001 units, not %s".formatted(id, count));
          }
          endpoints.putObject(id).put("unit_quantity", count);
        });
    return estimate("unit_price", endpoints);
  }

  private Estimate estimate(String type, ObjectNode endpoints) {
    List<String> ids = new ArrayList<>();
    endpoints.fieldNames().forEachRemaining(ids::add);
    if (ModelQuery.ALL.of(ids).endpointIds().isEmpty()) {
      throw new IllegalArgumentException("an estimate needs an endpoint at least");
    }
    ObjectNode body = Json.object().put("estimate_type", type);
    body.set("endpoints", endpoints);
    HttpRequest request =
        HttpRequest.postJson(
            at(PlatformQuery.of("/models/pricing/estimate")), Json.write(body).getBytes(UTF_8));
    return exchange.ask(
        look(request, FalAuthority.NEEDED, "the estimate of a price"), PlatformReader::estimate);
  }

  /** What was used, bucket by bucket. */
  public Stream<Bucket<Usage>> usage(UsageQuery query) {
    return pages(
        List.of(query(query).with("expand", "time_series")),
        FalAuthority.NEEDED,
        "the list of usage",
        "time_series",
        node -> PlatformReader.bucket(node, PlatformReader::usage));
  }

  /** What was used in all, a row for each endpoint and unit. */
  public Stream<Usage> usageSummary(UsageQuery query) {
    return pages(
        List.of(query(query).with("expand", "summary")),
        FalAuthority.NEEDED,
        "the summary of usage",
        "summary",
        PlatformReader::usage);
  }

  private static PlatformQuery query(UsageQuery query) {
    return PlatformQuery.of("/models/usage")
        .within(query.period())
        .with("timezone", query.zone().getId().equals("Z") ? "UTC" : query.zone().getId())
        .with("timeframe", query.timeframe().map(FalPlatform::lower))
        .with("endpoint_id", query.endpointIds())
        .with("api_key_id", query.apiKeyIds())
        .with("login_username", query.usernames());
  }

  /** What was charged, request by request. */
  public Stream<BillingEvent> billingEvents(BillingQuery query) {
    PlatformQuery base =
        PlatformQuery.of("/models/billing-events")
            .within(query.period())
            .with("endpoint_id", query.endpointIds())
            .with("api_key_id", query.apiKeyIds())
            .with("login_username", query.usernames());
    return pages(
        batches(base, "request_id", query.requestIds()),
        FalAuthority.NEEDED,
        "the list of charges",
        "billing_events",
        PlatformReader::billingEvent);
  }

  /** How endpoints did, bucket by bucket. */
  public Stream<Bucket<Analytics>> analytics(AnalyticsQuery query) {
    PlatformQuery base =
        PlatformQuery.of("/models/analytics")
            .within(query.period())
            .with("timeframe", query.timeframe().map(FalPlatform::lower))
            .with("endpoint_id", query.endpointIds())
            .with("expand", "time_series")
            .with("expand", query.metrics());
    return pages(
        List.of(base),
        FalAuthority.NEEDED,
        "the list of analytics",
        "time_series",
        node -> PlatformReader.bucket(node, PlatformReader::analytics));
  }

  /** The requests that were made. */
  public Stream<PastRequest> requests(RequestQuery query) {
    PlatformQuery base = PlatformQuery.of("/models/requests/by-endpoint").with("limit", "100");
    if (query.period().isPresent()) {
      base = base.within(query.period().get());
    }
    base =
        base.with("endpoint_id", query.endpointIds())
            .with("status", query.outcome().map(FalPlatform::lower))
            .with("request_id", query.requestId())
            .with("expand", query.payloads() ? List.of("payloads") : List.of())
            .with("sort_by", query.longestFirst() ? List.of("duration") : List.of());
    return pages(
        List.of(base),
        FalAuthority.NEEDED,
        "the list of past requests",
        "items",
        PlatformReader::pastRequest);
  }

  /**
   * Makes fal forget what went into a request and what came out of it, its files included; files
   * that were uploaded for it stay. Asking twice does no harm.
   *
   * @return what became of each file
   */
  public List<DeletedFile> deletePayloads(String requestId) {
    return deletePayloads(requestId, UUID.randomUUID().toString());
  }

  /**
   * The same under an idempotency key of yours: for ten minutes fal answers the same key with the
   * same answer.
   */
  public List<DeletedFile> deletePayloads(String requestId, String idempotencyKey) {
    if (!requestId.matches("[A-Za-z0-9_-]{1,200}")) {
      throw new IllegalArgumentException("that is not a request id of fal's");
    }
    HttpRequest request =
        HttpRequest.delete(at(PlatformQuery.of("/models/requests/" + requestId + "/payloads")))
            .with("Idempotency-Key", idempotencyKey);
    String what = "the deletion of what request " + requestId + " left";
    return exchange.ask(
        new FalAsk(FalVerb.DELETION, request, what, null).with(FalAuthority.NEEDED),
        body -> PlatformReader.list(body, "cdn_delete_results", PlatformReader::deletedFile));
  }

  /** What the account has left. */
  public Balance balance() {
    HttpRequest request =
        HttpRequest.get(at(PlatformQuery.of("/account/billing").with("expand", "credits")));
    return exchange.ask(
        look(request, FalAuthority.NEEDED, "the look at the balance"), PlatformReader::balance);
  }

  /**
   * Where webhooks come from, in CIDR notation. It changes, so do not keep it for long, and do not
   * trust it alone. Needs no key.
   */
  public List<String> webhookIpRanges() {
    HttpRequest request = HttpRequest.get(at(PlatformQuery.of("/meta")));
    return exchange.ask(
        look(request, FalAuthority.NEVER, "the list of webhook addresses"),
        body -> PlatformReader.list(body, "webhook_ip_ranges", JsonNode::asText));
  }

  private <T> Stream<T> pages(
      List<PlatformQuery> queries,
      FalAuthority authority,
      String what,
      String field,
      Function<JsonNode, T> reader) {
    List<PlatformPages.Source<T>> sources = new ArrayList<>();
    for (PlatformQuery query : queries) {
      sources.add(
          cursor ->
              exchange.ask(
                  look(HttpRequest.get(at(query.from(cursor))), authority, what),
                  body -> PlatformReader.page(body, field, reader)));
    }
    return PlatformPages.stream(sources);
  }

  private static FalAsk look(HttpRequest request, FalAuthority authority, String what) {
    return new FalAsk(FalVerb.PLATFORM, request, what, null).with(authority);
  }

  /** One query for each fifty ids, which are as many as fal takes at once. */
  private static List<PlatformQuery> batches(PlatformQuery base, String name, List<String> ids) {
    List<PlatformQuery> queries = new ArrayList<>();
    for (int at = 0; at == 0 || at < ids.size(); at += MOST_IDS) {
      queries.add(base.with(name, ids.subList(at, Math.min(ids.size(), at + MOST_IDS))));
    }
    return queries;
  }

  private URI at(PlatformQuery query) {
    return query.at(config.hosts().api());
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
