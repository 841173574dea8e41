package dev.fluxbridge.providers.fal;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.havingExactly;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.fal.platform.AnalyticsQuery;
import dev.fluxbridge.providers.fal.platform.BillingEvent;
import dev.fluxbridge.providers.fal.platform.BillingQuery;
import dev.fluxbridge.providers.fal.platform.Bucket;
import dev.fluxbridge.providers.fal.platform.DeletedFile;
import dev.fluxbridge.providers.fal.platform.Model;
import dev.fluxbridge.providers.fal.platform.ModelQuery;
import dev.fluxbridge.providers.fal.platform.PastRequest;
import dev.fluxbridge.providers.fal.platform.Period;
import dev.fluxbridge.providers.fal.platform.Price;
import dev.fluxbridge.providers.fal.platform.RequestQuery;
import dev.fluxbridge.providers.fal.platform.Usage;
import dev.fluxbridge.providers.fal.platform.UsageQuery;
import dev.fluxbridge.providers.http.Retry;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FalPlatformTest {
  private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
  private static final Period WEEK = new Period(START, START.plus(Duration.ofDays(7)));

  private final FalServer fal = new FalServer();
  private final FakeTime time = new FakeTime();
  private final FalClient client = new FalClient(fal.config(), time.effects());
  private final FalPlatform platform = client.platform();

  @AfterEach
  void stop() {
    client.close();
    fal.close();
  }

  private void answers(String path, ResponseDefinitionBuilder reply) {
    fal.wire.stubFor(get(urlPathEqualTo(path)).willReturn(reply));
  }

  /** A list of models whose pages are called a, b, c and so on. */
  private void pagesOfModels(String... pages) {
    for (int i = 0; i < pages.length; i++) {
      boolean last = i == pages.length - 1;
      var request = get(urlPathEqualTo("/models"));
      fal.wire.stubFor(
          (i == 0 ? request : request.withQueryParam("cursor", equalTo("page " + i + "/=")))
              .atPriority(pages.length - i)
              .willReturn(
                  okJson(
                      "{\"models\":[%s],\"next_cursor\":%s,\"has_more\":%s}"
                          .formatted(
                              pages[i], last ? "null" : "\"page " + (i + 1) + "/=\"", !last))));
    }
  }

  private static String model(String id) {
    return "{\"endpoint_id\":\"" + id + "\"}";
  }

  private List<String> ids(Stream<Model> models) {
    return models.map(Model::endpointId).toList();
  }

  private int asked(String path) {
    return fal.wire.countRequestsMatching(getRequestedFor(urlPathEqualTo(path)).build()).getCount();
  }

  @Test
  void readsModelsAndTheirDescriptions() {
    answers(
        "/models",
        okJson(
            """
            {"models":[
              {"endpoint_id":"fal-ai/flux/dev","metadata":{"display_name":"FLUX.1 [dev]",
               "category":"text-to-image","description":"fast","status":"active",
               "tags":["new","pro"],"updated_at":"2025-01-15T12:00:00Z","is_favorited":null,
               "thumbnail_url":"x","model_url":"https://fal.run/fal-ai/flux/dev",
               "date":"2024-08-01T02:00:00+02:00","license_type":"commercial","kind":"inference",
               "duration_estimate":0.1,"group":{"key":"k","label":"l"},"later":{}},
               "openapi":{"openapi":"3.0.4","paths":{},"x":1.10},"enterprise_status":"ready"},
              {"endpoint_id":"a/b","openapi":{"error":{"code":"expansion_failed","message":"no"}}},
              {"endpoint_id":"a/c","metadata":null,"openapi":null}],
             "next_cursor":null,"has_more":false}"""));

    List<Model> models =
        platform
            .models(
                ModelQuery.ALL
                    .matching("text to image & more")
                    .in("text-to-image")
                    .with(ModelQuery.Status.ACTIVE)
                    .withOpenApi())
            .toList();

    assertThat(models.get(0))
        .isEqualTo(
            new Model(
                "fal-ai/flux/dev",
                Optional.of("FLUX.1 [dev]"),
                Optional.of("text-to-image"),
                Optional.of("fast"),
                Optional.of("active"),
                Optional.of("inference"),
                List.of("new", "pro"),
                Optional.of("commercial"),
                Optional.of(Instant.parse("2024-08-01T00:00:00Z")),
                Optional.of(Instant.parse("2025-01-15T12:00:00Z")),
                Optional.of(new BigDecimal("0.1")),
                Optional.of("https://fal.run/fal-ai/flux/dev"),
                Optional.of("{\"openapi\":\"3.0.4\",\"paths\":{},\"x\":1.10}"),
                Optional.empty()));
    assertThat(models.get(1).openApi()).isEmpty();
    assertThat(models.get(1).openApiError()).contains("no");
    assertThat(models.get(2).displayName()).isEmpty();
    fal.wire.verify(
        getRequestedFor(urlPathEqualTo("/models"))
            .withQueryParam("q", equalTo("text to image & more"))
            .withQueryParam("category", equalTo("text-to-image"))
            .withQueryParam("status", equalTo("active"))
            .withQueryParam("expand", equalTo("openapi-3.0"))
            .withHeader("Authorization", equalTo("Key " + FalServer.KEY)));
  }

  @Test
  void listsModelsWithoutAKey() {
    pagesOfModels(model("a/b"));
    FalConfig keyless = fal.config().with(FalCredentials.fromEnvironment(name -> null));
    try (FalClient anyone = new FalClient(keyless, time.effects())) {
      assertThat(ids(anyone.platform().models(ModelQuery.ALL))).containsExactly("a/b");
      fal.wire.verify(getRequestedFor(urlPathEqualTo("/models")).withoutHeader("Authorization"));

      FalException failure =
          catchThrowableOfType(FalException.class, () -> anyone.platform().prices(List.of("a/b")));
      assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
      assertThat(failure).hasMessageContaining("FAL_KEY");
      assertThat(asked("/models/pricing")).isZero();
    }
  }

  @Test
  void fetchesAPageOnlyWhenItsFirstItemIsAskedFor() {
    pagesOfModels(model("a/1") + "," + model("a/2"), "", model("a/3"), model("a/4"));

    assertThat(platform.models(ModelQuery.ALL)).isNotNull();
    assertThat(asked("/models")).as("nothing was asked for yet").isZero();
    assertThat(ids(platform.models(ModelQuery.ALL).limit(2))).containsExactly("a/1", "a/2");
    assertThat(asked("/models")).isEqualTo(1);
    var some = platform.models(ModelQuery.ALL).iterator();
    some.next();
    some.next();
    assertThat(asked("/models")).isEqualTo(2);
    assertThat(some.next().endpointId()).as("behind an empty page").isEqualTo("a/3");
    assertThat(asked("/models")).isEqualTo(4);
    assertThat(ids(platform.models(ModelQuery.ALL).parallel()))
        .containsExactly("a/1", "a/2", "a/3", "a/4");
  }

  @Test
  void stopsWhereThePagesGoRoundInACircle() {
    answers("/models", okJson("{\"models\":[%s],\"next_cursor\":\"x\"}".formatted(model("a/b"))));

    FalException failure =
        catchThrowableOfType(
            FalException.class, () -> platform.models(ModelQuery.ALL).forEach(model -> {}));

    assertThat(failure.reason()).isEqualTo(Reason.BAD_REPLY);
    assertThat(failure).hasMessageContaining("circle");
    assertThat(asked("/models")).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|lacks models",
        "{\"models\":{}}|lacks models",
        "{\"models\":[{}]}|lacks endpoint_id",
        "{\"models\":[null]}|lacks endpoint_id",
        "{\"models\":[],\"has_more\":true}|lacks next_cursor",
        "[]|is no JSON object",
        "<html>|is no JSON object"
      })
  void doesNotTakeHalfAListForAWholeOne(String body, String problem) {
    answers("/models", okJson(body));

    FalException failure =
        catchThrowableOfType(FalException.class, () -> platform.models(ModelQuery.ALL).toList());

    assertThat(failure.reason()).isEqualTo(Reason.BAD_REPLY);
    assertThat(failure).hasMessageContaining(problem);
  }

  @Test
  void asksForFiftyEndpointsAtATime() {
    List<String> ids = IntStream.range(0, 120).mapToObj(i -> "owner/m" + i).toList();
    answers("/models/pricing", okJson("{\"prices\":[{\"endpoint_id\":\"x/y\"}]}"));

    assertThat(platform.prices(ids)).hasSize(3);
    fal.wire.verify(
        1,
        getRequestedFor(urlPathEqualTo("/models/pricing"))
            .withQueryParam(
                "endpoint_id", havingExactly(ids.subList(100, 120).toArray(new String[0]))));
    assertThat(asked("/models/pricing")).isEqualTo(3);
    assertThat(platform.prices(List.of())).isEmpty();
    assertThat(asked("/models/pricing")).as("nothing to ask").isEqualTo(3);
    assertThatThrownBy(() -> UsageQuery.of(WEEK).of(ids))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 50");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a,b", "", "a b", "a\n", "ü/x", "a?b", "a&b=c"})
  void refusesIdsThatWouldAskForSomethingElse(String id) {
    assertThatThrownBy(() -> platform.prices(List.of(id)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not an endpoint id");
    assertThatThrownBy(() -> platform.deletePayloads(id))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(fal.wire.getAllServeEvents()).isEmpty();
  }

  @Test
  void readsPricesToTheLastDigit() {
    answers(
        "/models/pricing",
        okJson(
            """
            {"prices":[{"endpoint_id":"fal-ai/flux/dev","unit_price":0.0250000000000000000001,
              "unit":"megapixels","currency":"USD"},{"endpoint_id":"a/b","unit_price":3}]}"""));

    assertThat(platform.prices(List.of("fal-ai/flux/dev", "a/b")))
        .containsExactly(
            new Price(
                "fal-ai/flux/dev",
                Optional.of(new BigDecimal("0.0250000000000000000001")),
                Optional.of("megapixels"),
                Optional.of("USD")),
            new Price("a/b", Optional.of(new BigDecimal("3")), Optional.empty(), Optional.empty()));
  }

  @Test
  void estimatesCallsAndUnits() {
    fal.wire.stubFor(
        post(urlPathEqualTo("/models/pricing/estimate"))
            .willReturn(
                okJson(
                    "{\"estimate_type\":\"unit_price\",\"total_cost\":1.88,\"currency\":\"USD\"}")));

    assertThat(platform.estimateCalls(Map.of("fal-ai/flux/dev", 100)).totalCost())
        .isEqualTo(new BigDecimal("1.88"));
    platform.estimateUnits(Map.of("a/b", new BigDecimal("0.5")));

    fal.wire.verify(
        postRequestedFor(urlPathEqualTo("/models/pricing/estimate"))
            .withRequestBody(
                equalToJson(
                    """
                    {"estimate_type":"historical_api_price",
                     "endpoints":{"fal-ai/flux/dev":{"call_quantity":100}}}""")));
    fal.wire.verify(
        postRequestedFor(urlPathEqualTo("/models/pricing/estimate"))
            .withRequestBody(
                equalToJson(
                    "{\"estimate_type\":\"unit_price\",\"endpoints\":{\"a/b\":{\"unit_quantity\":0.5}}}")));
    assertThatThrownBy(() -> platform.estimateCalls(Map.of("a/b", 0)))
        .hasMessage("a/b: at least 1 call, not 0");
    assertThatThrownBy(() -> platform.estimateUnits(Map.of("a/b", BigDecimal.ZERO)))
        .hasMessageContaining("0.000001");
    assertThatThrownBy(() -> platform.estimateCalls(Map.of()))
        .hasMessageContaining("needs an endpoint");
  }

  @Test
  void addsUpUsage() {
    String row =
        """
        {"endpoint_id":"a/b","unit":"image","quantity":4,"unit_price":0.1,"percent_discount":20,
         "cost_subtotal":0.4,"cost_discount":0.08,"cost_total":0.32,"cost":9,"currency":"USD"}""";
    answers(
        "/models/usage",
        okJson(
            """
            {"time_series":[{"bucket":"2026-11-01T00:00:00-05:00","results":[%s]}],
             "summary":[%s,{"endpoint_id":"c/d","cost":0.1,"percent_discount":null}],
             "next_cursor":null,"has_more":false}"""
                .formatted(row, row)));
    UsageQuery query =
        UsageQuery.of(WEEK)
            .of(List.of("a/b", "c/d"))
            .byKeys(List.of("k1"))
            .byUsers(List.of("me"))
            .in(UsageQuery.Timeframe.DAY, ZoneId.of("America/New_York"));

    Bucket<Usage> bucket = platform.usage(query).findFirst().orElseThrow();
    List<Usage> summary = platform.usageSummary(query).toList();

    assertThat(bucket.start()).contains(Instant.parse("2026-11-01T05:00:00Z"));
    assertThat(bucket.rows().get(0).total()).contains(new BigDecimal("0.32"));
    assertThat(bucket.rows().get(0).percentDiscount()).contains(new BigDecimal("20"));
    assertThat(summary).hasSize(2);
    assertThat(summary.get(1).total()).as("by its old name").contains(new BigDecimal("0.1"));
    assertThat(summary.get(1).percentDiscount()).isEmpty();
    fal.wire.verify(
        getRequestedFor(urlPathEqualTo("/models/usage"))
            .withQueryParam("start", equalTo("2026-11-01T00:00:00Z"))
            .withQueryParam("end", equalTo("2026-11-08T00:00:00Z"))
            .withQueryParam("timezone", equalTo("America/New_York"))
            .withQueryParam("timeframe", equalTo("day"))
            .withQueryParam("endpoint_id", havingExactly("a/b", "c/d"))
            .withQueryParam("api_key_id", equalTo("k1"))
            .withQueryParam("login_username", equalTo("me"))
            .withQueryParam("expand", equalTo("time_series")));
  }

  @Test
  void listsWhatWasCharged() {
    answers(
        "/models/billing-events",
        okJson(
            """
            {"billing_events":[
              {"request_id":"abc123","endpoint_id":"a/b","timestamp":"2025-01-15T10:30:45.123Z",
               "output_units":1.5,"unit_price":0.025,"percent_discount":null,"cost_subtotal":0.0375,
               "cost_discount":0,"cost_total":0.0375,"cost_estimate_nano_usd":37500000},
              {"request_id":"old","cost_estimate_nano_usd":37500001}],
             "next_cursor":null,"has_more":false}"""));

    List<BillingEvent> events =
        platform
            .billingEvents(BillingQuery.of(WEEK).forRequests(List.of("abc123", "old")))
            .toList();

    assertThat(events.get(0).total()).contains(new BigDecimal("0.0375"));
    assertThat(events.get(0).time()).contains(Instant.parse("2025-01-15T10:30:45.123Z"));
    assertThat(events.get(0).percentDiscount()).isEmpty();
    assertThat(events.get(1).total()).contains(new BigDecimal("0.037500001"));
    fal.wire.verify(
        getRequestedFor(urlPathEqualTo("/models/billing-events"))
            .withQueryParam("request_id", havingExactly("abc123", "old")));
    assertThatThrownBy(() -> BillingQuery.of(new Period(START, START.plus(Duration.ofDays(91)))))
        .hasMessageContaining("90 days");
    assertThatThrownBy(() -> new Period(START, START)).hasMessageContaining("after its start");
  }

  @Test
  void listsPastRequestsAndKeepsWhatWentInOutOfTexts() {
    answers(
        "/models/requests/by-endpoint",
        okJson(
            """
            {"items":[{"request_id":"a1b2","endpoint_id":"a/b","started_at":"2025-01-01T00:00:05Z",
              "sent_at":"2025-01-01T00:00:01Z","ended_at":null,"status_code":200,"duration":7.85,
              "json_input":{"prompt":"a canary prompt about a fox"},"json_output":[1.0]},
              {"request_id":"c3","status_code":null,"duration":null}]}"""));

    List<PastRequest> requests =
        platform
            .requests(
                RequestQuery.of(List.of("a/b"), WEEK)
                    .with(RequestQuery.Outcome.USER_ERROR)
                    .withPayloads()
                    .byDuration())
            .toList();

    PastRequest first = requests.get(0);
    assertThat(first.input()).contains("{\"prompt\":\"a canary prompt about a fox\"}");
    assertThat(first.output()).contains("[1.0]");
    assertThat(first.duration()).contains(Duration.ofMillis(7850));
    assertThat(first.status()).isEqualTo(OptionalInt.of(200));
    assertThat(first.ended()).isEmpty();
    assertThat(first).hasToString("PastRequest[a1b2 of a/b, 200]");
    assertThat(requests.get(1).duration()).isEmpty();
    fal.wire.verify(
        getRequestedFor(urlPathEqualTo("/models/requests/by-endpoint"))
            .withQueryParam("status", equalTo("user_error"))
            .withQueryParam("expand", equalTo("payloads"))
            .withQueryParam("sort_by", equalTo("duration")));

    assertThat(platform.requests(RequestQuery.of("a/b", "a1b2"))).hasSize(2);
    fal.wire.verify(
        getRequestedFor(urlPathEqualTo("/models/requests/by-endpoint"))
            .withQueryParam("request_id", equalTo("a1b2"))
            .withoutQueryParam("start"));
    assertThatThrownBy(() -> RequestQuery.of(List.of(), WEEK)).hasMessageContaining("at least one");
  }

  @Test
  void deletesOnceHoweverOftenItHasToAsk() {
    String path = "/models/requests/a1b2/payloads";
    fal.wire.stubFor(
        delete(urlPathEqualTo(path))
            .inScenario("deletion")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(aResponse().withStatus(500))
            .willSetStateTo("then"));
    fal.wire.stubFor(
        delete(urlPathEqualTo(path))
            .inScenario("deletion")
            .whenScenarioStateIs("then")
            .willReturn(
                okJson(
                    """
                    {"cdn_delete_results":[{"link":"https://v3.fal.media/a?sig=1","exception":null},
                     {"link":"https://v3.fal.media/b","exception":"busy"}]}""")));

    List<DeletedFile> files = platform.deletePayloads("a1b2");

    assertThat(files)
        .containsExactly(
            new DeletedFile("https://v3.fal.media/a?sig=1", Optional.empty()),
            new DeletedFile("https://v3.fal.media/b", Optional.of("busy")));
    assertThat(files.toString()).doesNotContain("fal.media");
    List<String> keys =
        fal.wire.findAll(deleteRequestedFor(urlPathEqualTo(path))).stream()
            .map(request -> request.getHeader("Idempotency-Key"))
            .toList();
    assertThat(keys).hasSize(2).doesNotContainNull();
    assertThat(keys.get(0)).isEqualTo(keys.get(1));
    platform.deletePayloads("a1b2", "mine");
    fal.wire.verify(
        deleteRequestedFor(urlPathEqualTo(path)).withHeader("Idempotency-Key", equalTo("mine")));
  }

  @Test
  void readsAnalyticsByTheirNames() {
    answers(
        "/models/analytics",
        okJson(
            """
            {"time_series":[{"bucket":"2025-01-15T12:00:00-05:00","results":[
              {"endpoint_id":"a/b","request_count":1500,"p90_duration":4.8,"new":"x"}]}]}"""));

    var bucket =
        platform
            .analytics(
                AnalyticsQuery.of(List.of("a/b"), WEEK, List.of("request_count", "p90_duration")))
            .findFirst()
            .orElseThrow();

    assertThat(bucket.rows().get(0).metrics())
        .isEqualTo(
            Map.of("request_count", new BigDecimal("1500"), "p90_duration", new BigDecimal("4.8")));
    fal.wire.verify(
        getRequestedFor(urlPathEqualTo("/models/analytics"))
            .withQueryParam(
                "expand", havingExactly("time_series", "request_count", "p90_duration")));
  }

  @Test
  void tellsTheBalanceAndWhereWebhooksComeFrom() {
    answers(
        "/account/billing",
        okJson(
            "{\"username\":\"me\",\"credits\":{\"current_balance\":24.50,\"currency\":\"USD\"}}"));
    answers("/meta", okJson("{\"webhook_ip_ranges\":[\"34.123.59.101/32\",\"2600::/64\"]}"));

    assertThat(platform.balance().credits()).contains(new BigDecimal("24.50"));
    assertThat(platform.webhookIpRanges()).containsExactly("34.123.59.101/32", "2600::/64");
    fal.wire.verify(getRequestedFor(urlPathEqualTo("/meta")).withoutHeader("Authorization"));
  }

  @ParameterizedTest
  @CsvSource({
    "400, validation_error, INVALID",
    "401, authorization_error, REFUSED",
    "403, authorization_error, REFUSED",
    "404, not_found, UNSUPPORTED"
  })
  void turnsAnErrorOfThePlatformIntoTheOneException(int status, String type, Reason reason) {
    answers(
        "/models/usage",
        aResponse()
            .withStatus(status)
            .withBody(
                "{\"error\":{\"type\":\"%s\",\"message\":\"because of Key %s\"}}"
                    .formatted(type, FalServer.KEY)));

    FalException failure =
        catchThrowableOfType(
            FalException.class, () -> platform.usage(UsageQuery.of(WEEK)).toList());

    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.errorType()).isEqualTo(type);
    assertThat(failure.status()).hasValue(status);
    assertThat(failure)
        .hasMessageContaining("because of")
        .hasMessageContaining("the list of usage")
        .message()
        .doesNotContain("canary-secret");
    assertThat(asked("/models/usage")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308})
  void followsNoRedirectBecauseTheKeyWouldGoAlong(int status) {
    try (FalServer elsewhere = new FalServer()) {
      answers(
          "/models/usage",
          aResponse()
              .withStatus(status)
              .withHeader("Location", elsewhere.base() + "/models/usage"));

      FalException failure =
          catchThrowableOfType(
              FalException.class, () -> platform.usage(UsageQuery.of(WEEK)).toList());

      assertThat(failure.status()).hasValue(status);
      assertThat(elsewhere.wire.getAllServeEvents()).isEmpty();
    }
  }

  @Test
  void sendsNothingWithoutAKeyWhereOneIsNeeded() {
    try (FalClient keyless = new FalClient(fal.config().with(FalCredentials.none()))) {
      FalException failure =
          catchThrowableOfType(FalException.class, () -> keyless.platform().balance());

      assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
      assertThat(failure).hasMessageContaining("FAL_KEY").hasMessageContaining("nothing was sent");
    }
    assertThat(fal.wire.getAllServeEvents()).isEmpty();
  }

  @Test
  void endsWhatStillWaitsWhenTheClientIsClosed() {
    answers("/models/usage", okJson("{}").withFixedDelay(4_000));
    FalClient closing = new FalClient(fal.config());
    fal.onRequest = () -> new Thread(closing::close).start();

    FalException failure =
        catchThrowableOfType(
            FalException.class, () -> closing.platform().usage(UsageQuery.of(WEEK)).toList());

    assertThat(failure.reason()).isEqualTo(Reason.CANCELLED);
    assertThat(failure).hasMessageContaining("the client was closed");
  }

  @Test
  void waitsAsLongAsItIsToldWhenItAskedTooOften() {
    answers(
        "/models/usage",
        aResponse()
            .withStatus(429)
            .withHeader("x-ratelimit-reset", "30")
            .withBody("{\"error\":{\"type\":\"rate_limited\",\"message\":\"slow down\"}}"));

    FalException failure =
        catchThrowableOfType(
            FalException.class, () -> platform.usage(UsageQuery.of(WEEK)).toList());

    assertThat(failure.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(failure.retryable()).isTrue();
    assertThat(time.pauses).hasSize(5).containsOnly(Duration.ofSeconds(30));
  }

  @Test
  void givesUpAtTheDeadlineOfEachPage() {
    FalConfig hurried =
        fal.config()
            .withDeadline(Duration.ofSeconds(20))
            .with(new Retry(100, Duration.ofSeconds(6), Duration.ofSeconds(6), 0));
    fal.wire.stubFor(get(anyUrl()).willReturn(aResponse().withStatus(500)));
    try (FalClient late = new FalClient(hurried, time.effects())) {
      assertThatThrownBy(() -> late.platform().models(ModelQuery.ALL).toList())
          .isInstanceOf(FalException.class);
    }
    assertThat(time.pauses).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({
    "2025-01-01, 2025-01-01T00:00:00Z",
    "2025-01-01T02:00:00, 2025-01-01T02:00:00Z",
    "2025-01-01T02:00:00.5+02:00, 2025-01-01T00:00:00.500Z",
    "yesterday, ",
    "Txx, "
  })
  void readsMomentsAsFalWritesThem(String text, Instant expected) {
    assertThat(PlatformReader.instant(text)).isEqualTo(Optional.ofNullable(expected));
  }
}
