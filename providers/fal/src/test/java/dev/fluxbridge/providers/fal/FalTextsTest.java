package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Cost;
import dev.fluxbridge.providers.Size;
import dev.fluxbridge.providers.fal.image.FalImagePlan;
import dev.fluxbridge.providers.fal.image.FalImagePlanner;
import dev.fluxbridge.providers.fal.image.FalModels;
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
import dev.fluxbridge.providers.fal.platform.Period;
import dev.fluxbridge.providers.fal.platform.Price;
import dev.fluxbridge.providers.fal.platform.RequestQuery;
import dev.fluxbridge.providers.fal.platform.Usage;
import dev.fluxbridge.providers.fal.platform.UsageQuery;
import dev.fluxbridge.providers.fal.webhook.FalWebhook;
import dev.fluxbridge.providers.fal.webhook.SeenInMemory;
import dev.fluxbridge.providers.fal.webhook.WebhookCheck;
import dev.fluxbridge.providers.fal.webhook.WebhookVerifier;
import dev.fluxbridge.providers.http.HttpHeaders;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** No public type tells a key, a prompt, a picture, a payload or a signed address in its text. */
class FalTextsTest {
  private static final String SECRET = "canary";
  private static final Optional<String> MAYBE = Optional.of(SECRET);
  private static final URI SIGNED = URI.create("https://example.com/a/file?signature=canary");
  private static final Period WEEK =
      new Period(Instant.parse("2026-11-01T00:00:00Z"), Instant.parse("2026-11-08T00:00:00Z"));
  private static final EndpointId ENDPOINT = EndpointId.parse("fal-ai/flux/dev");
  private static final String JSON = "{\"prompt\":\"canary\"}";

  private final FalServer fal = new FalServer();
  private final FalClient client = new FalClient(fal.config());

  @AfterEach
  void stop() {
    client.close();
    fal.close();
  }

  private static Map<Class<?>, Object> byType(Stream<Object> all) {
    return all.collect(Collectors.toMap(Object::getClass, Function.identity()));
  }

  private Stream<Object> ours() {
    FalHeaders headers =
        new FalHeaders(HttpHeaders.NONE.with("X-Echo", SECRET).with("Location", SIGNED.toString()));
    Optional<URI> address = Optional.of(SIGNED);
    FalHandle handle = new FalHandle(ENDPOINT, "r1", address, address, address);
    FalDetail detail = new FalDetail(List.of("body"), SECRET, "kind", Map.of("input", SECRET));
    FalLog line = new FalLog(SECRET, "INFO", "USER", "2026-11-21T00:00:00Z");
    FalException.Answer answer =
        new FalException.Answer(
            422, "", List.of(detail), headers, SECRET, new Cost.Unknown(), false, false);
    return Stream.of(
        ENDPOINT,
        client,
        fal.config(),
        fal.config().credentials(),
        fal.config().hosts(),
        new FalHosts.Backup(URI.create("https://q.example.com"), URI.create("https://example.com")),
        fal.config().polling(),
        new FalDataUri("text/plain", SECRET.getBytes(UTF_8)),
        detail,
        new FalException(Reason.INVALID, "no", answer, "r1", null),
        FalFile.of(SECRET.getBytes(UTF_8)),
        handle,
        headers,
        new FalImageBackend(fal.config()),
        new FalInbox(1),
        FalInput.of("prompt", SECRET),
        FalLifecycle.DEFAULT,
        new FalLifecycle.Rule("somebody", FalLifecycle.Access.ALLOW),
        line,
        new FalMessage(Map.of("prompt", SECRET)),
        FalOptions.NONE
            .withHeader("X-Mine", SECRET)
            .withQuery("mine", SECRET)
            .withTag("mine", SECRET)
            .withRunnerHint(SECRET)
            .withUploadPolicy(SECRET)
            .withWebhook(SIGNED),
        new FalOutput(JSON.getBytes(UTF_8), headers),
        client.platform(),
        client.realtime(ENDPOINT, FalRealtimeOptions.DEFAULT, new FalInbox(1)),
        FalRealtimeOptions.DEFAULT,
        new FalResult(handle, JSON, headers),
        new FalStatus(
            FalStatus.State.COMPLETED,
            OptionalInt.empty(),
            Optional.empty(),
            MAYBE,
            Optional.of("runner_disconnected"),
            List.of(line)),
        client.storage(),
        client.stream(ENDPOINT, JSON, FalOptions.NONE.withHeader("X-Mine", SECRET)),
        FalStreamLimits.DEFAULT,
        FalUploadOptions.DEFAULT);
  }

  private Stream<Object> ofThePlatform() {
    Optional<BigDecimal> one = Optional.of(BigDecimal.ONE);
    Optional<Instant> then = Optional.of(Instant.EPOCH);
    Optional<String> what = Optional.of("fal-ai/flux/dev");
    Analytics analytics = new Analytics("fal-ai/flux/dev", Map.of("p50", BigDecimal.ONE));
    return Stream.of(
        analytics,
        AnalyticsQuery.of(List.of("fal-ai/flux/dev"), WEEK, List.of("p50")),
        new Balance(Optional.of("somebody"), one, Optional.of("USD")),
        new BillingEvent("r1", what, then, one, one, one, one, one, one),
        BillingQuery.of(WEEK),
        new Bucket<>(then, List.of(analytics)),
        new DeletedFile(SIGNED.toString(), MAYBE),
        new Estimate(BigDecimal.ONE, Optional.of("USD")),
        new Model(
            "fal-ai/flux/dev",
            what,
            what,
            MAYBE,
            what,
            what,
            List.of(),
            what,
            then,
            then,
            one,
            Optional.of(SIGNED.toString()),
            MAYBE,
            MAYBE),
        ModelQuery.ALL,
        new PastRequest(
            "r1",
            what,
            then,
            then,
            then,
            OptionalInt.of(200),
            Optional.of(Duration.ZERO),
            MAYBE,
            MAYBE),
        WEEK,
        new Price("fal-ai/flux/dev", one, what, Optional.of("USD")),
        RequestQuery.of("fal-ai/flux/dev", "r1"),
        new Usage("fal-ai/flux/dev", what, one, one, one, one, one, one, Optional.of("USD")),
        UsageQuery.of(WEEK));
  }

  private static Stream<Object> ofPlans() {
    FalImagePlan.Part part =
        new FalImagePlan.Part(
            "fal-ai/flux/dev", Map.of("prompt", SECRET), 1, Optional.of(new Size(64, 64)));
    return Stream.of(
        new FalImagePlan(List.of(part), List.of(), Set.of("fal.prompt.sent")),
        new FalImagePlanner(FalModels.DEFAULT, 1, false),
        FalModels.DEFAULT,
        part);
  }

  private static Stream<Object> ofWebhooks() {
    FalWebhook webhook =
        new FalWebhook("r1", Optional.of("r2"), FalWebhook.Status.OK, MAYBE, MAYBE, MAYBE);
    SeenInMemory seen = new SeenInMemory(10);
    return Stream.of(
        webhook,
        seen,
        new WebhookCheck(WebhookCheck.Result.GENUINE, Optional.of(webhook)),
        new WebhookVerifier(FalHosts.DEFAULT, seen));
  }

  @Test
  void noTextOfAPublicTypeHoldsASecret() {
    Map<Class<?>, Object> all =
        byType(Stream.of(ours(), ofThePlatform(), ofPlans(), ofWebhooks()).flatMap(part -> part));
    try {
      assertThat(all.keySet())
          .as("each public type stands here: add what is missing, with secrets in it")
          .containsExactlyInAnyOrderElementsOf(publicTypes());
      assertThat(all.values()).noneMatch(one -> Discretion.holdsASecret(one.toString()));
    } finally {
      for (Object one : all.values()) {
        close(one);
      }
    }
  }

  private static void close(Object one) {
    if (one instanceof AutoCloseable open) {
      try {
        open.close();
      } catch (Exception impossible) {
        throw new AssertionError(impossible);
      }
    }
  }

  /** Classes and records that a caller can see; what has no state is left out. */
  private static Set<Class<?>> publicTypes() {
    try {
      Path root =
          Path.of(FalClient.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (Stream<Path> files = Files.walk(root)) {
        return files
            .map(file -> root.relativize(file).toString().replace('\\', '/'))
            .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
            .map(name -> loaded(name.substring(0, name.length() - 6).replace('/', '.')))
            .filter(FalTextsTest::isVisible)
            .filter(type -> !type.isEnum() && !type.isInterface())
            .collect(Collectors.toSet());
      }
    } catch (IOException | URISyntaxException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static Class<?> loaded(String name) {
    try {
      return Class.forName(name, false, FalClient.class.getClassLoader());
    } catch (ClassNotFoundException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static boolean isVisible(Class<?> type) {
    boolean open = Modifier.isPublic(type.getModifiers());
    return open && (type.getEnclosingClass() == null || isVisible(type.getEnclosingClass()));
  }

  @Test
  void theWatchOverExceptionsIsInForceAndSeesThroughCauses() {
    FalException harmless = FalException.of(Reason.INVALID, "no");
    FalException telling =
        new FalException(
            Reason.INVALID,
            "no",
            FalException.Answer.NONE,
            null,
            new IllegalStateException("Canary-key"));
    FalException suppressing = FalException.of(Reason.INVALID, "no");
    suppressing.addSuppressed(new IOException("canary"));

    assertThat(Discretion.sees(harmless)).isTrue();
    assertThat(Discretion.sees(telling)).isTrue();
    assertThat(Discretion.text(harmless)).matches(text -> !Discretion.holdsASecret(text));
    assertThat(Discretion.text(telling)).matches(Discretion::holdsASecret);
    assertThat(Discretion.text(suppressing)).matches(Discretion::holdsASecret);
    assertThat(Discretion.sees(telling.adding("more"))).isTrue();
    assertThat(Discretion.sees(telling)).as("replaced").isFalse();
    Discretion.forget();
  }
}
