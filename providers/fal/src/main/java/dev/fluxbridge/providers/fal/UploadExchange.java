package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.Exchange;
import dev.fluxbridge.providers.http.HttpException;
import dev.fluxbridge.providers.http.HttpReply;
import dev.fluxbridge.providers.http.HttpRequest;
import dev.fluxbridge.providers.http.Uploads;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The two kinds of exchange of an upload: with fal's REST host, where the key goes along, and with
 * hosts that fal named, where it never does. Waited for by the thread that asks.
 */
final class UploadExchange {
  private static final Pattern CODE = Pattern.compile("<Code>([A-Za-z0-9]{1,60})</Code>");

  private final FalConfig config;
  private final FalExchange exchange;
  private final Uploads uploads;
  private final FalCalls calls;
  private final FalAsking.Wire store = new Store();

  UploadExchange(FalConfig config, FalExchange exchange, Uploads uploads, FalCalls calls) {
    this.config = config;
    this.exchange = exchange;
    this.uploads = uploads;
    this.calls = calls;
  }

  /** Asks fal's REST host something. */
  ObjectNode ask(String path, ObjectNode body, FalLifecycle lifecycle, Work work) {
    URI uri = FalHosts.at(config.hosts().rest(), path);
    HttpRequest request =
        with(lifecycle, HttpRequest.postJson(uri, Json.write(body).getBytes(UTF_8)));
    HttpReply reply =
        patiently(
            exchange,
            request,
            work,
            answer -> answer.ok() ? Optional.of(answer) : Optional.empty());
    return Json.read(reply.text()).orElseThrow(() -> senseless(reply, work));
  }

  /** Sends something to a host that fal named; the answer is good, or says no for good. */
  HttpReply send(HttpRequest request, Work work) {
    return patiently(
        store,
        request,
        work,
        answer ->
            FalRetryPolicy.after(work.verb(), answer).again()
                ? Optional.empty()
                : Optional.of(answer));
  }

  private HttpReply patiently(
      FalAsking.Wire wire,
      HttpRequest request,
      Work work,
      Function<HttpReply, Optional<HttpReply>> use) {
    FalAsk ask = new FalAsk(work.verb(), request, work.what(), null);
    return calls.now(
        work.deadline(), call -> new FalAsking<>(wire, ask, call, use).until(config.retry()));
  }

  /** Whoever takes the bytes. */
  private final class Store implements FalAsking.Wire {
    @Override
    public Exchange<HttpReply> start(FalAsk ask, HttpRequest request, FalCall call)
        throws HttpException {
      // the address is the permission, or a token is: the key is for fal alone
      return uploads.start(request, call.lent());
    }

    @Override
    public FalException refusal(FalAsk ask, HttpReply reply) {
      return refused(reply, ask.what());
    }
  }

  /**
   * A piece of an upload.
   *
   * @param verb what it does
   * @param what it is, for messages
   * @param deadline by when it must be done
   */
  record Work(FalVerb verb, String what, Deadline deadline) {}

  /** fal's clients name the header in two ways, and so does its documentation: both go along. */
  static HttpRequest with(FalLifecycle lifecycle, HttpRequest request) {
    return lifecycle
        .json()
        .map(
            json ->
                request
                    .with("X-Fal-Object-Lifecycle", json)
                    .with("X-Fal-Object-Lifecycle-Preference", json))
        .orElse(request);
  }

  /** The exception for the answer of a store, of which only its name of the failure is told. */
  static FalException refused(HttpReply reply, Work work) {
    return refused(reply, work.what());
  }

  private static FalException refused(HttpReply reply, String what) {
    Matcher code = CODE.matcher(reply.text());
    int status = reply.status();
    Reason reason =
        switch (status) {
          case 400, 404, 409, 412 -> Reason.BAD_REPLY;
          case 401, 403 -> Reason.REFUSED;
          case 411, 413, 415 -> Reason.INVALID;
          default ->
              reply.ok() || status == 429 || status >= 500 || status == 408
                  ? Reason.UNAVAILABLE
                  : Reason.BAD_REPLY;
        };
    String said =
        Json.read(reply.text())
            .flatMap(body -> Json.text(body, "detail").or(() -> Json.text(body, "message")))
            .map(text -> ": " + FalErrors.cut(text.replaceAll("https?://\\S+", "[...]")))
            .orElse("");
    String more =
        status == 403
            ? "; the address that fal signs holds for minutes only"
            : status >= 300 && status < 400 ? "; redirects are not followed here" : "";
    return FalException.of(
        reason,
        "the store answered "
            + status
            + (code.find() ? " (" + code.group(1) + ")" : "")
            + " to "
            + what
            + said
            + more);
  }

  static FalException senseless(HttpReply reply, Work work) {
    return FalException.of(
        Reason.BAD_REPLY,
        "fal answered " + reply.status() + " to " + work.what() + " with something that is no use");
  }

  /**
   * An address in an answer.
   *
   * @throws FalException with {@code BAD_REPLY} if there is none or nothing may be sent there
   */
  URI address(ObjectNode answer, String field, Work work) {
    try {
      Optional<URI> found = Json.text(answer, field).map(URI::create).filter(uploads::allows);
      if (found.isPresent()) {
        return found.get();
      }
    } catch (IllegalArgumentException notAnAddress) {
      // told below, without the address
    }
    throw FalException.of(
        Reason.BAD_REPLY,
        "fal answered %s without a usable %s: it must be an https address"
            .formatted(work.what(), field));
  }
}
