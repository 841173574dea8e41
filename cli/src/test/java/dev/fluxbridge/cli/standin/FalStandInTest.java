package dev.fluxbridge.cli.standin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Holds the stand-in to fal's queue protocol, with another client than ours. */
class FalStandInTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BODY =
      "{\"prompt\": \"a small blue star on a black background\", \"image_size\": {\"width\": 96, \"height\": 64}, \"num_images\": 2, \"seed\": 5}";

  private final HttpClient http = HttpClient.newHttpClient();
  private FalStandIn standIn;

  @BeforeEach
  void start() throws IOException {
    standIn = FalStandIn.start();
  }

  @AfterEach
  void stop() {
    standIn.close();
  }

  private HttpResponse<byte[]> send(String method, String url, String key, String body)
      throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Authorization", "Key " + key)
            .method(method, BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofByteArray());
  }

  private JsonNode json(String method, String url, int status) throws Exception {
    HttpResponse<byte[]> response =
        send(method, url, FalStandIn.KEY, method.equals("POST") ? BODY : "");
    assertThat(response.statusCode()).isEqualTo(status);
    return JSON.readTree(response.body());
  }

  private JsonNode submit() throws Exception {
    return json("POST", standIn.url() + "/fal-ai/flux/dev", 200);
  }

  @Test
  void refusesAnotherKey() throws Exception {
    assertThat(send("POST", standIn.url() + "/fal-ai/flux/dev", "other", BODY).statusCode())
        .isEqualTo(401);
  }

  @Test
  void leadsFromTheQueueToThePictures() throws Exception {
    JsonNode submitted = submit();
    String status = submitted.get("status_url").asText();
    String result = submitted.get("response_url").asText();
    assertThat(status).contains("/fal-ai/flux/requests/").doesNotContain("/dev/");

    assertThat(json("GET", status, 202).get("status").asText()).isEqualTo("IN_QUEUE");
    assertThat(json("GET", result, 400).get("detail").asText()).contains("in progress");
    assertThat(json("GET", status, 202).get("status").asText()).isEqualTo("IN_PROGRESS");
    assertThat(json("GET", status, 200).get("status").asText()).isEqualTo("COMPLETED");

    JsonNode done = json("GET", result, 200);
    assertThat(done.get("seed").asLong()).isEqualTo(5);
    assertThat(done.get("images")).hasSize(2);
    byte[] file = send("GET", done.at("/images/1/url").asText(), "none", "").body();
    assertThat(ImageIO.read(new ByteArrayInputStream(file)).getWidth()).isEqualTo(96);
  }

  @Test
  void forgetsACancelledRequest() throws Exception {
    JsonNode submitted = submit();
    assertThat(json("PUT", submitted.get("cancel_url").asText(), 202).get("status").asText())
        .isEqualTo("CANCELLATION_REQUESTED");
    assertThat(json("GET", submitted.get("status_url").asText(), 404).get("status").asText())
        .isEqualTo("NOT_FOUND");
  }

  @Test
  void toldToFailItAcceptsAndNothingComesOfIt() throws Exception {
    JsonNode submitted = submit();
    standIn.fail();
    String status = submitted.get("status_url").asText();
    json("GET", status, 202);
    json("GET", status, 202);
    json("GET", status, 200);
    assertThat(
            json("GET", submitted.get("response_url").asText(), 400).at("/detail/0/type").asText())
        .isEqualTo("downstream_service_unavailable");
  }

  @Test
  void refusesABodyWithoutAPrompt() throws Exception {
    HttpResponse<byte[]> response =
        send("POST", standIn.url() + "/fal-ai/flux/dev", FalStandIn.KEY, "{}");
    assertThat(response.statusCode()).isEqualTo(422);
  }
}
