import ai.fal.client.ClientConfig;
import ai.fal.client.CredentialsResolver;
import ai.fal.client.FalClient;
import ai.fal.client.SubscribeOptions;
import ai.fal.client.queue.QueueResultOptions;
import ai.fal.client.queue.QueueStatus;
import ai.fal.client.queue.QueueStatusOptions;
import ai.fal.client.queue.QueueSubmitOptions;
import com.google.gson.JsonObject;
import dev.fluxbridge.benchmarks.fal.Turns;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * The same call with fal's Java client 0.7.1. It cannot download, so OkHttp 4.12, which it brings,
 * does.
 */
public final class OfficialJava {
  private static final String ENDPOINT = "fal-ai/flux/dev";
  private static final Map<String, Object> INPUT = Map.of("prompt", "a red fox", "num_images", 1);

  private OfficialJava() {}

  /**
   * {@code args}: the stand-in's address, {@code polling} (looks by hand: it cannot wait like that
   * itself) or {@code listening}, microseconds between two looks.
   */
  public static void main(String[] args) throws Exception {
    // its hosts are fixed, but all that it sends can be sent to a proxy
    FalClient client =
        FalClient.withConfig(
            ClientConfig.builder()
                .withCredentials(CredentialsResolver.fromApiKey("id:secret"))
                .withProxyUrl(args[0] + "/proxy")
                .build());
    OkHttpClient downloads = new OkHttpClient();
    long pause = Long.parseLong(args[2]);
    boolean listening = args[1].equals("listening");
    Turns.time(
        () -> {
          JsonObject result =
              listening
                  ? client.subscribe(ENDPOINT, SubscribeOptions.withInput(INPUT)).getData()
                  : polling(client, pause);
          String url =
              result.getAsJsonArray("images").get(0).getAsJsonObject().get("url").getAsString();
          try (Response response = downloads.newCall(new Request.Builder().url(url).build()).execute()) {
            if (response.body().bytes().length <= 1 << 20) {
              throw new IOException("that was not a picture");
            }
          }
        });
    System.exit(0);
  }

  private static JsonObject polling(FalClient client, long pause) throws InterruptedException {
    QueueStatus.InQueue queued =
        client.queue().submit(ENDPOINT, QueueSubmitOptions.withInput(INPUT));
    String id = queued.getRequestId();
    QueueStatusOptions look = QueueStatusOptions.withRequestId(id);
    while (!(client.queue().status(ENDPOINT, look) instanceof QueueStatus.Completed)) {
      if (pause > 0) {
        TimeUnit.MICROSECONDS.sleep(pause);
      }
    }
    return client.queue().result(ENDPOINT, QueueResultOptions.withRequestId(id)).getData();
  }
}
