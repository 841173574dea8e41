package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.Effects;
import dev.fluxbridge.providers.http.HttpException;
import dev.fluxbridge.providers.http.HttpReply;
import dev.fluxbridge.providers.http.HttpRequest;
import dev.fluxbridge.providers.http.Retry;
import dev.fluxbridge.providers.http.Transport;
import dev.fluxbridge.providers.http.Uploads;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The two kinds of exchange of an upload: with fal's REST host, where the key goes along, and with
 * hosts that fal named, where it never does. All of it may be repeated: none of it is billed.
 */
final class UploadExchange {
  private static final Pattern CODE = Pattern.compile("<Code>([A-Za-z0-9]{1,60})</Code>");

  private static final int MAX_ANSWER = 1024 * 1024;

  private final FalConfig config;
  private final Transport transport;
  private final Uploads uploads;
  private final Effects effects;

  UploadExchange(FalConfig config, Transport transport, Uploads uploads, Effects effects) {
    this.config = config;
    this.transport = transport;
    this.uploads = uploads;
    this.effects = effects;
  }

  /** Asks fal's REST host something. */
  ObjectNode ask(String path, ObjectNode body, FalLifecycle lifecycle, Work work) {
    URI uri = FalHosts.at(config.hosts().rest(), path);
    HttpRequest request =
        with(lifecycle, HttpRequest.postJson(uri, Json.write(body).getBytes(UTF_8)));
    HttpReply reply =
        patiently(
            work,
            () -> {
              HttpReply answer = transport.send(signed(request, work), MAX_ANSWER);
              return new Answer(answer, answer.ok() ? null : refusal(answer, work));
            });
    return Json.read(reply.text()).orElseThrow(() -> senseless(reply, work));
  }

  private HttpRequest signed(HttpRequest request, Work work) {
    HttpRequest dressed =
        request
            .with("Accept", "application/json")
            .with("User-Agent", "fluxbridge")
            .within(work.deadline().left());
    return config
        .credentials()
        .authorization()
        .map(key -> dressed.with("Authorization", key))
        .orElse(dressed);
  }

  private FalException refusal(HttpReply answer, Work work) {
    return FalErrors.read(answer, work.what(), null).hiding(config.credentials().given());
  }

  /** Sends something to a host that fal named; the answer is good, or says no for good. */
  HttpReply send(HttpRequest request, Work work) {
    return patiently(
        work,
        () -> {
          HttpReply answer = uploads.send(request.within(work.deadline().left()));
          return new Answer(answer, ofTheMoment(answer) ? refused(answer, work) : null);
        });
  }

  /** What came, and what is wrong with it. */
  private record Answer(HttpReply reply, @Nullable FalException problem) {}

  /** One try. */
  @FunctionalInterface
  private interface Attempt {
    Answer run() throws HttpException;
  }

  private HttpReply patiently(Work work, Attempt attempt) {
    try {
      return config.retry().run(work.deadline(), effects, () -> judge(work, attempt));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw FalException.of(Reason.CANCELLED, work.what() + " was cancelled by an interrupt");
    }
  }

  private static Retry.Outcome<HttpReply, FalException> judge(Work work, Attempt attempt) {
    if (work.deadline().passed()) {
      throw FalException.of(Reason.TIMEOUT, "no time is left for " + work.what());
    }
    Answer answer;
    try {
      answer = attempt.run();
    } catch (HttpException failure) {
      return broken(failure, work);
    }
    if (answer.problem == null) {
      return new Retry.Outcome.Done<>(answer.reply);
    }
    if (ofTheMoment(answer.reply)) {
      return new Retry.Outcome.Again<>(answer.problem, answer.reply.retryAfter());
    }
    throw answer.problem;
  }

  /**
   * A piece of an upload.
   *
   * @param what it is, for messages
   * @param deadline by when it must be done
   */
  record Work(String what, Deadline deadline) {}

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

  private static Retry.Outcome<HttpReply, FalException> broken(HttpException failure, Work work) {
    if (failure.unreadable() && failure.getCause() instanceof RuntimeException own) {
      // the caller's: what watches the progress, or reads the source
      throw own;
    }
    if (failure.unreadable()) {
      throw new FalException(
          Reason.INVALID,
          work.what() + " failed: " + failure.getMessage(),
          FalException.Answer.NONE,
          null,
          failure.getCause());
    }
    FalException known = FalExchange.broken(failure, work.what(), null);
    return switch (failure.kind()) {
      case CANCELLED, REJECTED -> throw known;
      case NO_CONNECTION, BROKEN, TIMED_OUT -> {
        if (work.deadline().passed()) {
          throw known;
        }
        yield new Retry.Outcome.Again<>(known, Optional.empty());
      }
    };
  }

  private static boolean ofTheMoment(HttpReply reply) {
    int status = reply.status();
    // a store may say 200 before it knows how the completing of many parts ends
    boolean failedAfterAll = reply.ok() && reply.text().contains("<Error>");
    return status == 408 || status == 429 || status >= 500 || failedAfterAll;
  }

  /** The exception for the answer of a store, of which only its name of the failure is told. */
  static FalException refused(HttpReply reply, Work work) {
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
            + work.what()
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
