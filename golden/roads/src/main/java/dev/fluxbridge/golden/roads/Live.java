package dev.fluxbridge.golden.roads;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.extension.ResponseTransformerV2;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.http.HttpHeader;
import com.github.tomakehurst.wiremock.http.HttpHeaders;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.http.Response;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import dev.fluxbridge.golden.GoldenException;
import dev.fluxbridge.golden.WholeFolder;
import dev.fluxbridge.golden.roads.Exchanges.Answer;
import dev.fluxbridge.golden.roads.Exchanges.Question;
import dev.fluxbridge.providers.http.HttpException;
import dev.fluxbridge.providers.http.HttpReply;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a run's requests to the real provider and records what comes of them. The recording that
 * was there is replaced at the end, as a whole, and only if every request came to something. For
 * one run.
 */
final class Live implements Edge, ResponseTransformerV2 {
  private static final Logger LOG = LoggerFactory.getLogger(Live.class);

  /** Of the connection, or a secret; the clients ask for none of them. */
  private static final Set<String> NOT_HANDED_ON =
      Set.of("content-length", "content-encoding", "transfer-encoding", "connection", "set-cookie");

  private final Path folder;
  private final String road;
  private final Clock clock;
  private final boolean prompts = RoadSwitches.prompts();
  private final Asked asked;
  private final Exchanges exchanges = new Exchanges();
  private final Secrets secrets;
  private final Upstream upstream;
  private final Loopback server;

  /**
   * @param folder of the recording
   * @param settings say where the provider is
   */
  Live(Path folder, String road, RoadSettings settings, Clock clock) {
    this.folder = folder;
    this.road = road;
    this.clock = clock;
    this.secrets = new Secrets(settings.environment());
    this.asked = new Asked(prompts, secrets::prompt);
    this.upstream = new Upstream(settings);
    this.server = Loopback.start(WireMockConfiguration.options(), this);
    server.answerAll(WireMock.aResponse());
  }

  @Override
  public String getName() {
    return "live";
  }

  @Override
  public Map<String, String> properties() {
    return server.properties();
  }

  @Override
  public Map<String, String> environment() {
    return server.environment(Map.of());
  }

  @Override
  public Response transform(Response none, ServeEvent event) {
    Request request = event.getRequest();
    request
        .getHeaders()
        .all()
        .forEach(header -> header.values().forEach(v -> secrets.header(header.key(), v)));
    Question question =
        new Question(request.getMethod().getName(), Asked.path(request), asked.body(request));
    HttpReply reply;
    try {
      reply = upstream.send(request);
    } catch (HttpException failure) {
      exchanges.failed(question, String.valueOf(failure.getMessage()));
      // What may have arrived must not look as if it had not: no client sends it again after this.
      return Response.response().fault(Fault.CONNECTION_RESET_BY_PEER).build();
    }
    return answer(question, reply);
  }

  private Response answer(Question question, HttpReply reply) {
    reply.headers().fields().forEach(field -> secrets.header(field.name(), field.value()));
    Optional<JsonNode> json = Text.json(reply.body()).map(body -> upstream.links().here(body));
    if (reply.ok()) {
      exchanges.succeeded(
          question,
          new Answer(
              reply.status(),
              Exchanges.kept(reply.headers()),
              json,
              Optional.of(reply.body()).filter(body -> FileType.ofPicture(body).isPresent())));
    } else {
      exchanges.failed(question, "the provider answered " + reply.status());
    }
    byte[] body =
        json.map(Text::line)
            .map(line -> new String(line, StandardCharsets.UTF_8))
            .map(line -> server.at(line).getBytes(StandardCharsets.UTF_8))
            .orElse(reply.body());
    List<HttpHeader> headers =
        reply.headers().fields().stream()
            .filter(field -> !NOT_HANDED_ON.contains(field.name().toLowerCase(Locale.ROOT)))
            .map(field -> new HttpHeader(field.name(), field.value()))
            .toList();
    return Response.response()
        .status(reply.status())
        .headers(new HttpHeaders(headers))
        .body(body)
        .build();
  }

  @Override
  public Optional<RuntimeException> ended(@Nullable Throwable failure) {
    Optional<String> problem = exchanges.problem();
    boolean drawn =
        failure == null || failure instanceof AssertionError || failure instanceof GoldenException;
    if (problem.isPresent() || !drawn) {
      String why =
          problem.orElseGet(() -> failure == null ? "" : String.valueOf(failure.getMessage()));
      return Optional.of(
          new GoldenException(
              "nothing was recorded at %s, and what was there is unchanged. -Dgolden.live asks the provider itself, with its key from the environment, and %s"
                  .formatted(folder, why),
              failure));
    }
    if (exchanges.all().isEmpty()) {
      return failure == null
          ? Optional.of(
              new GoldenException(
                  "the test asked nothing of '%s', so there is nothing to record at %s"
                      .formatted(road, folder)))
          : Optional.empty();
    }
    try {
      write();
      return Optional.empty();
    } catch (GoldenException e) {
      return Optional.of(e);
    }
  }

  private void write() {
    upstream.links().addresses().forEach(secrets::address);
    Map<String, byte[]> files =
        Mappings.files(folder, road, exchanges.all(), prompts, clock.instant());
    secrets.requireNoneIn(files);
    WholeFolder.write(folder, files, "-Dgolden.recordings names another folder");
    LOG.warn("recorded {}", folder);
  }

  @Override
  public void close() {
    server.close();
    upstream.close();
  }
}
