package dev.fluxbridge.providers.fal.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.fal.EndpointId;
import dev.fluxbridge.providers.fal.FalClient;
import dev.fluxbridge.providers.fal.FalConfig;
import dev.fluxbridge.providers.fal.FalCredentials;
import dev.fluxbridge.providers.fal.FalFile;
import dev.fluxbridge.providers.fal.FalHandle;
import dev.fluxbridge.providers.fal.FalHosts;
import dev.fluxbridge.providers.fal.FalInput;
import dev.fluxbridge.providers.fal.FalLifecycle;
import dev.fluxbridge.providers.fal.FalOptions;
import dev.fluxbridge.providers.fal.FalPolling;
import dev.fluxbridge.providers.fal.FalStream;
import dev.fluxbridge.providers.fal.FalUploadOptions;
import dev.fluxbridge.providers.http.MediaPolicy;
import dev.fluxbridge.providers.http.Retry;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The scenarios of tools/conformance/javascript.mjs, played by our client. */
final class Scenarios {
  private static final EndpointId FLUX = EndpointId.parse("fal-ai/flux/dev");
  private static final EndpointId WORKFLOW = EndpointId.parse("workflows/me/flow");
  private static final String INPUT = "{\"prompt\":\"a red fox\",\"num_images\":1}";

  private static final int MIB = 1024 * 1024;
  private static final FalFile HELLO =
      FalFile.of("hello".getBytes(UTF_8)).named("hello.txt").ofType("text/plain");

  /** By name, each with whether it fails in the end. */
  static final Map<String, Map.Entry<Scenario, Boolean>> ALL = all();

  private Scenarios() {}

  /** One scenario. */
  interface Scenario {
    void play(Ours ours);
  }

  /** Our client at a recording server, which needs no pauses; and one that listens to events. */
  static final class Ours implements AutoCloseable {
    final FalClient fal;
    final FalClient listening;

    Ours(URI base) {
      FalPolling polling = new FalPolling(Duration.ofMillis(1), Duration.ofMillis(1));
      FalConfig config =
          FalConfig.fromEnvironment(name -> null)
              .with(FalCredentials.of("canary-id:canary-secret"))
              .with(
                  new FalHosts(
                      at(base, "queue.fal.run"), at(base, "fal.run"), at(base, "rest.fal.ai")))
              .with(MediaPolicy.DEFAULT.withLoopback(true))
              .with(new Retry(4, Duration.ofMillis(1), Duration.ofMillis(2), 0));
      fal = new FalClient(config.with(polling));
      listening = new FalClient(config.with(polling.withListening(true)));
    }

    private static URI at(URI base, String host) {
      return URI.create(base + "/" + host);
    }

    @Override
    public void close() {
      fal.close();
      listening.close();
    }
  }

  private static FalHandle handle(EndpointId endpoint) {
    return FalHandle.of(endpoint, RecordingServer.REQUEST_ID);
  }

  private static Map<String, Map.Entry<Scenario, Boolean>> all() {
    Map<String, Map.Entry<Scenario, Boolean>> all = new LinkedHashMap<>();
    works(all, "run", ours -> ours.fal.run(FLUX, INPUT));
    works(
        all,
        "run-by-get",
        ours -> ours.fal.get(FLUX, "{\"prompt\":\"a red fox\"}", FalOptions.NONE));
    works(
        all,
        "run-with-start-timeout",
        ours ->
            ours.fal.run(
                FLUX,
                INPUT,
                FalOptions.NONE
                    .withStartTimeout(Duration.ofSeconds(30))
                    .withLifecycle(FalLifecycle.expiringAfter(Duration.ofHours(1)))));
    fails(all, "run-refused", ours -> ours.fal.run(FLUX, INPUT));
    works(all, "submit", ours -> ours.fal.submit(FLUX, INPUT));
    works(
        all,
        "submit-with-options",
        ours ->
            ours.fal.submit(
                FLUX,
                INPUT,
                FalOptions.NONE
                    .withPriority(FalOptions.Priority.LOW)
                    .withRunnerHint("lora-a")
                    .withStartTimeout(Duration.ofSeconds(30))
                    .withWebhook(URI.create("https://example.com/hook?a=b&c=d"))
                    .withLifecycle(FalLifecycle.expiringAfter(Duration.ofHours(1)))
                    .withHeader("X-My-Trace", "7")));
    works(all, "submit-to-a-workflow", ours -> ours.fal.submit(WORKFLOW, INPUT));
    works(
        all, "submit-to-an-old-id", ours -> ours.fal.submit(EndpointId.parse("123-myapp"), INPUT));
    works(all, "submit-where-a-gateway-is-down", ours -> ours.fal.submit(FLUX, INPUT));
    fails(all, "submit-where-a-gateway-gives-up", ours -> ours.fal.submit(FLUX, INPUT));
    works(all, "status", ours -> ours.fal.status(handle(FLUX)));
    works(all, "status-with-logs", ours -> ours.fal.statusWithLogs(handle(FLUX)));
    works(all, "status-of-a-workflow", ours -> ours.fal.status(handle(WORKFLOW)));
    works(all, "status-after-a-failure", ours -> ours.fal.status(handle(FLUX)));
    works(all, "result", ours -> ours.fal.result(handle(FLUX)));
    works(all, "result-of-a-workflow", ours -> ours.fal.result(handle(WORKFLOW)));
    fails(all, "result-of-a-failed-request", ours -> ours.fal.result(handle(FLUX)));
    works(all, "cancel", ours -> ours.fal.cancel(handle(FLUX)));
    works(all, "cancel-too-late", ours -> ours.fal.cancel(handle(FLUX)));
    works(all, "subscribe", ours -> ours.fal.subscribe(FLUX, INPUT, Progress.NONE));
    works(all, "subscribe-by-events", ours -> ours.listening.subscribe(FLUX, INPUT, Progress.NONE));
    works(
        all,
        "stream",
        ours -> {
          try (FalStream stream =
              ours.fal.stream(EndpointId.parse("fal-ai/any-llm"), INPUT, FalOptions.NONE)) {
            stream.forEach(output -> {});
          }
        });
    works(
        all,
        "upload",
        ours ->
            ours.fal
                .storage()
                .with(
                    FalUploadOptions.DEFAULT.with(FalLifecycle.expiringAfter(Duration.ofHours(1))))
                .upload(HELLO));
    works(
        all,
        "upload-in-parts",
        ours ->
            ours.fal
                .storage()
                .with(FalUploadOptions.DEFAULT.withParts(10 * MIB, 90L * MIB, 1))
                .upload(
                    FalFile.of(new byte[91 * MIB])
                        .named("large.bin")
                        .ofType("application/x-large")));
    works(
        all,
        "submit-with-a-file",
        ours -> ours.fal.submit(FLUX, ours.fal.storage().json(FalInput.of("image_url", HELLO))));
    return all;
  }

  private static void works(
      Map<String, Map.Entry<Scenario, Boolean>> all, String name, Scenario scenario) {
    all.put(name, Map.entry(scenario, false));
  }

  private static void fails(
      Map<String, Map.Entry<Scenario, Boolean>> all, String name, Scenario scenario) {
    all.put(name, Map.entry(scenario, true));
  }
}
