package dev.fluxbridge.benchmarks.fal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.fal.EndpointId;
import dev.fluxbridge.providers.fal.FalClient;
import dev.fluxbridge.providers.fal.FalConfig;
import dev.fluxbridge.providers.fal.FalHosts;
import dev.fluxbridge.providers.fal.FalPolling;
import dev.fluxbridge.providers.fal.FalResult;
import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.Download;
import dev.fluxbridge.providers.http.Downloads;
import dev.fluxbridge.providers.http.Effects;
import dev.fluxbridge.providers.http.MediaPolicy;
import dev.fluxbridge.providers.http.Retry;
import dev.fluxbridge.providers.http.Timeouts;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** One call of a model: submit, three looks, result, and the picture of 1 MB that it names. */
public final class Call {
  private static final String INPUT = "{\"prompt\":\"a red fox\",\"num_images\":1}";
  private static final ObjectMapper JSON = new ObjectMapper();

  private Call() {}

  /**
   * {@code args}: the stand-in's address; {@code ours}, {@code ours-listening} or {@code okhttp};
   * microseconds between two looks.
   */
  public static void main(String[] args) throws Exception {
    URI base = URI.create(args[0]);
    Duration pause = Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(Long.parseLong(args[2])));
    if (args[1].equals("okhttp")) {
      OkHttpClient client = new OkHttpClient();
      Turns.time(() -> bare(client, base, pause));
    } else {
      ours(base, pause, args[1].equals("ours-listening"));
    }
    System.exit(0);
  }

  static FalConfig config(URI base) {
    return FalConfig.fromEnvironment(Map.of("FAL_KEY", "id:secret")::get)
        .with(FalHosts.allAt(base))
        .with(MediaPolicy.DEFAULT.withLoopback(true));
  }

  private static void ours(URI base, Duration pause, boolean listening) throws Exception {
    Duration some = pause.isZero() ? Duration.ofNanos(1) : pause;
    FalConfig config = config(base).with(new FalPolling(some, some, listening));
    EndpointId endpoint = EndpointId.parse("fal-ai/flux/dev");
    Effects effects = Effects.system();
    try (FalClient client = new FalClient(config);
        Downloads downloads =
            new Downloads(config.media(), Timeouts.DEFAULT, Retry.DEFAULT, effects)) {
      Turns.time(
          () -> {
            FalResult result = client.subscribe(endpoint, INPUT, Progress.NONE);
            String url = JSON.readTree(result.json()).at("/images/0/url").textValue();
            Download file = downloads.picture(url, Deadline.in(Duration.ofMinutes(1), effects));
            check(file.width() == 1024, "a picture");
          });
    }
  }

  private static void bare(OkHttpClient client, URI base, Duration pause)
      throws IOException, InterruptedException {
    RequestBody input = RequestBody.create(INPUT, MediaType.get("application/json"));
    JsonNode queued = json(client, keyed(base + "/fal-ai/flux/dev").post(input).build());
    String state = "";
    while (true) {
      state =
          json(client, keyed(queued.get("status_url").textValue()).build())
              .get("status")
              .textValue();
      if (state.equals("COMPLETED")) {
        break;
      }
      if (!pause.isZero()) {
        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
      }
    }
    JsonNode result = json(client, keyed(queued.get("response_url").textValue()).build());
    Request picture = new Request.Builder().url(result.at("/images/0/url").textValue()).build();
    try (Response response = client.newCall(picture).execute()) {
      check(response.body().bytes().length > 1 << 20, "a picture");
    }
  }

  private static Request.Builder keyed(String url) {
    return new Request.Builder()
        .url(url)
        .header("Authorization", "Key id:secret")
        .header("Accept", "application/json");
  }

  private static JsonNode json(OkHttpClient client, Request request) throws IOException {
    try (Response response = client.newCall(request).execute()) {
      check(response.isSuccessful(), "a good answer");
      return JSON.readTree(response.body().bytes());
    }
  }

  private static void check(boolean good, String what) throws IOException {
    if (!good) {
      throw new IOException("that was not " + what);
    }
  }
}
