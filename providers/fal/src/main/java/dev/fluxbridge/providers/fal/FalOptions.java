package dev.fluxbridge.providers.fal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.http.HttpRequest;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What goes along with one call beside its input: the headers and the query that fal understands,
 * free ones, and how long this call may take. Immutable.
 *
 * <p>Begin with {@link #NONE} and add to it. It holds no key and no host: those are the
 * configuration's. Each value is checked when it is set, as the platform checks it, because the
 * platform drops some bad ones without a word. The text of it names what is set and tells no value:
 * an upload policy and the address of a webhook are secrets.
 *
 * <p>Source: fal's documentation of common parameters, and the options of its own clients.
 */
public final class FalOptions {
  /** Nothing goes along. */
  public static final FalOptions NONE = new FalOptions(new Draft());

  private static final String PRIORITY = "X-Fal-Queue-Priority";
  private static final String START_TIMEOUT = "X-Fal-Request-Timeout";
  private static final String RUNNER_HINT = "X-Fal-Runner-Hint";
  private static final String LIFECYCLE = "X-Fal-Object-Lifecycle-Preference";
  private static final String STORE_IO = "X-Fal-Store-IO";
  private static final String NO_RETRY = "X-Fal-No-Retry";
  private static final String RETRY_CONFIG = "X-Fal-Retry-Config";
  private static final String NO_FALLBACK = "x-app-fal-disable-fallback";
  private static final String TAGS = "X-Fal-Tags";
  private static final String UPLOAD_POLICY = "x-app-fal-upload-policy";
  private static final String WEBHOOK = "fal_webhook";
  private static final String MAX_QUEUE_LENGTH = "fal_max_queue_length";

  /** Which method sets a header, for who tries it as a free one. */
  private static final Map<String, String> TYPED =
      Stream.of(
              List.of(PRIORITY, "withPriority"),
              List.of(START_TIMEOUT, "withStartTimeout"),
              List.of(RUNNER_HINT, "withRunnerHint"),
              List.of(LIFECYCLE, "withLifecycle"),
              List.of("X-Fal-Object-Lifecycle", "withLifecycle"),
              List.of(STORE_IO, "withStoredPayloads"),
              List.of(NO_RETRY, "withoutPlatformRetries"),
              List.of(RETRY_CONFIG, "withPlatformRetries"),
              List.of(NO_FALLBACK, "withoutFallback"),
              List.of(TAGS, "withTag"),
              List.of(UPLOAD_POLICY, "withUploadPolicy"),
              List.of(WEBHOOK, "withWebhook"),
              List.of(MAX_QUEUE_LENGTH, "withMaxQueueLength"))
          .collect(Collectors.toMap(pair -> lower(pair.get(0)), pair -> pair.get(1)));

  /** Headers by which a message is framed, or a caller known: the client sets them itself. */
  private static final Set<String> RESERVED =
      Set.of(
          "accept",
          "accept-encoding",
          "authorization",
          "connection",
          "content-encoding",
          "content-length",
          "content-type",
          "expect",
          "host",
          "keep-alive",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "user-agent");

  /** What a direct call, which does not go through the queue, would drop without a word. */
  private static final Set<String> OF_THE_QUEUE =
      Set.of(PRIORITY, RETRY_CONFIG, WEBHOOK, MAX_QUEUE_LENGTH);

  private static final int MOST_RETRIES = 9;

  private final Map<String, String> headers;
  private final Map<String, String> query;
  private final Map<Failure, Integer> retries;
  private final FalTags tags;
  private final Optional<Duration> deadline;

  /** Options while they are changed. */
  private static final class Draft {
    final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    final Map<String, String> query = new TreeMap<>();
    final Map<Failure, Integer> retries = new TreeMap<>();
    FalTags tags = FalTags.NONE;
    Optional<Duration> deadline = Optional.empty();
  }

  private FalOptions(Draft draft) {
    headers = draft.headers;
    query = draft.query;
    retries = draft.retries;
    tags = draft.tags;
    deadline = draft.deadline;
    if (headers.containsKey(NO_RETRY) && headers.containsKey(RETRY_CONFIG)) {
      throw new IllegalArgumentException(
          "withoutPlatformRetries and withPlatformRetries contradict each other: choose one");
    }
  }

  private FalOptions changed(Consumer<Draft> change) {
    Draft draft = new Draft();
    draft.headers.putAll(headers);
    draft.query.putAll(query);
    draft.retries.putAll(retries);
    draft.tags = tags;
    draft.deadline = deadline;
    change.accept(draft);
    return new FalOptions(draft);
  }

  private FalOptions header(String name, String value) {
    return changed(draft -> draft.headers.put(name, value));
  }

  /** Which request waits longer. */
  public enum Priority {
    /** As they come. */
    NORMAL("normal"),
    /** Behind all normal requests of every caller of the endpoint. */
    LOW("low");

    private final String text;

    Priority(String text) {
      this.text = text;
    }
  }

  /** What the platform can try again by itself. */
  public enum Failure {
    /** The app answered with 5xx. */
    SERVER_ERROR("server_error"),
    /** The app took too long. */
    TIMEOUT("timeout"),
    /** The connection to the runner broke. */
    CONNECTION_ERROR("connection_error");

    private final String text;

    Failure(String text) {
      this.text = text;
    }
  }

  /** The same with this place in the queue. */
  public FalOptions withPriority(Priority priority) {
    return header(PRIORITY, priority.text);
  }

  /**
   * The same, to be done within this time instead of the configuration's: waiting in the queue, all
   * tries and the pauses between them included. What is not done by then ends with {@code TIMEOUT},
   * as {@link FalConfig#deadline()} says; fal itself is not told the limit. A {@code submit} is
   * done when fal has accepted it.
   *
   * @throws IllegalArgumentException unless it is longer than nothing and at most 20 days
   */
  public FalOptions withDeadline(Duration time) {
    Duration checked = FalConfig.checkedDeadline(time);
    return changed(draft -> draft.deadline = Optional.of(checked));
  }

  /** How long the call may take, where it is not the configuration that says so. */
  public Optional<Duration> deadline() {
    return deadline;
  }

  /**
   * The same, to be given up by the platform if work has not started this long after the submit.
   * That is then a {@code TIMEOUT} whose {@link FalException#userTimeout()} is true.
   *
   * @throws IllegalArgumentException unless it is longer than a second
   */
  public FalOptions withStartTimeout(Duration time) {
    if (time.compareTo(Duration.ofSeconds(1)) <= 0) {
      throw new IllegalArgumentException(
          "the start timeout must be longer than a second, and " + time + " is not");
    }
    BigDecimal seconds =
        BigDecimal.valueOf(time.getSeconds()).add(BigDecimal.valueOf(time.getNano(), 9));
    BigDecimal plain = seconds.stripTrailingZeros();
    return header(START_TIMEOUT, plain.setScale(Math.max(0, plain.scale())).toPlainString());
  }

  /**
   * The same, for the runner that an earlier answer named; any other may do it if that one is busy.
   *
   * @throws IllegalArgumentException if it is blank or not printable ASCII
   */
  public FalOptions withRunnerHint(String hint) {
    return header(RUNNER_HINT, checked("the runner hint", hint));
  }

  /** The same, for the files that the call makes. */
  public FalOptions withLifecycle(FalLifecycle lifecycle) {
    return changed(
        draft -> {
          draft.headers.remove(LIFECYCLE);
          lifecycle.json().ifPresent(json -> draft.headers.put(LIFECYCLE, json));
        });
  }

  /** The same, whose input and output fal keeps as it is used to, or does not keep. */
  public FalOptions withStoredPayloads(boolean stored) {
    return changed(
        draft -> {
          draft.headers.remove(STORE_IO);
          if (!stored) {
            draft.headers.put(STORE_IO, "0");
          }
        });
  }

  /**
   * The same, which the platform tries once.
   *
   * @throws IllegalArgumentException if {@link #withPlatformRetries} is set too
   */
  public FalOptions withoutPlatformRetries() {
    return header(NO_RETRY, "1");
  }

  /**
   * The same, which the platform tries again so often after such a failure. It listens to the owner
   * of the app only.
   *
   * @param times 0 to 9
   * @throws IllegalArgumentException if it is not, or {@link #withoutPlatformRetries} is set too
   */
  public FalOptions withPlatformRetries(Failure after, int times) {
    if (times < 0 || times > MOST_RETRIES) {
      throw new IllegalArgumentException(
          "the platform makes at most 10 attempts, so the retries are 0 to 9, not " + times);
    }
    return changed(
        draft -> {
          draft.retries.put(after, times);
          ObjectNode config = Json.object();
          draft.retries.forEach((why, count) -> config.putObject(why.text).put("retries", count));
          draft.headers.put(RETRY_CONFIG, Json.write(config));
        });
  }

  /** The same, never routed to another endpoint that is as good. */
  public FalOptions withoutFallback() {
    return header(NO_FALLBACK, "1");
  }

  /**
   * The same with this tag, by which usage reports can be split; one of the same name is replaced.
   *
   * @param name 1 to 64 letters, digits, dots, {@code _} or {@code -}; case does not count
   * @param value 1 to 256 printable ASCII letters but a comma
   * @throws IllegalArgumentException if one is not so, the name begins with {@code fal.}, or there
   *     are more than 10 tags or 1024 letters
   */
  public FalOptions withTag(String name, String value) {
    return changed(
        draft -> {
          draft.tags = tags.with(name, value);
          draft.headers.put(TAGS, draft.tags.header());
        });
  }

  /**
   * The same, whose output goes to a bucket of the caller's.
   *
   * @param policy a pre-signed POST policy, on one line; a secret
   * @throws IllegalArgumentException if it is blank or not printable ASCII
   */
  public FalOptions withUploadPolicy(String policy) {
    return header(UPLOAD_POLICY, checked("the upload policy", policy));
  }

  /**
   * The same, after which fal calls this address.
   *
   * @throws IllegalArgumentException if it is not an absolute http or https address, or one of this
   *     machine, which fal cannot reach; the address is not repeated
   */
  public FalOptions withWebhook(URI address) {
    String scheme = address.getScheme() == null ? "" : lower(address.getScheme());
    if (address.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
      throw new IllegalArgumentException("a webhook is an absolute https:// or http:// address");
    }
    if (HttpRequest.namesThisMachine(address)) {
      throw new IllegalArgumentException(
          "fal cannot reach a webhook on this machine: give an address that the internet knows");
    }
    return changed(draft -> draft.query.put(WEBHOOK, address.toString()));
  }

  /**
   * The same, turned away with 429 if more requests than this wait, those of all callers counted.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public FalOptions withMaxQueueLength(int requests) {
    if (requests < 0) {
      throw new IllegalArgumentException("no queue is shorter than 0: " + requests);
    }
    return changed(draft -> draft.query.put(MAX_QUEUE_LENGTH, Integer.toString(requests)));
  }

  /**
   * The same with a header that fal hands on to the app; one of the same name is replaced.
   *
   * @throws IllegalArgumentException if the name is no name, belongs to the client or has a method
   *     of its own here, or if the value is not printable ASCII; no value is repeated
   */
  public FalOptions withHeader(String name, String value) {
    if (name.isEmpty() || !name.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")) {
      throw new IllegalArgumentException("not the name of a header: '" + FalErrors.cut(name) + "'");
    }
    if (RESERVED.contains(lower(name))) {
      throw new IllegalArgumentException(
          "header " + name + " is set by the client itself and cannot be an option");
    }
    refuseTyped(name);
    if (!printable(value)) {
      throw new IllegalArgumentException(
          "the value of header " + name + " holds something else than printable ASCII");
    }
    return header(name, value.strip());
  }

  /**
   * The same with a parameter in the address; one of the same name is replaced.
   *
   * @throws IllegalArgumentException if the name is blank or has a method of its own here
   */
  public FalOptions withQuery(String name, String value) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a parameter needs a name");
    }
    refuseTyped(name);
    return changed(draft -> draft.query.put(name, value));
  }

  private static void refuseTyped(String name) {
    String method = TYPED.get(lower(name));
    if (method != null) {
      throw new IllegalArgumentException(
          FalErrors.cut(name) + " is set with FalOptions." + method + ", which checks it");
    }
  }

  private static String checked(String what, String value) {
    if (value.isBlank() || !printable(value)) {
      throw new IllegalArgumentException(what + " must be printable ASCII and not blank");
    }
    return value.strip();
  }

  /** Whether a text can stand in a header as it is. */
  static boolean printable(String text) {
    return text.chars().allMatch(c -> c >= ' ' && c < 0x7f);
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /**
   * The request with all of this.
   *
   * @throws FalException with {@code INVALID} if the verb would drop some of it
   */
  HttpRequest on(HttpRequest request, FalVerb verb) {
    if (verb == FalVerb.RUN || verb == FalVerb.STREAM) {
      refuseForTheQueue();
    }
    HttpRequest dressed = request.to(extended(request.uri()));
    for (Map.Entry<String, String> header : headers.entrySet()) {
      dressed = dressed.with(header.getKey(), header.getValue());
    }
    return dressed;
  }

  private void refuseForTheQueue() {
    Optional<String> first =
        Stream.of(headers, query)
            .flatMap(all -> all.keySet().stream())
            .filter(OF_THE_QUEUE::contains)
            .findFirst();
    if (first.isPresent()) {
      throw FalException.of(
          Reason.INVALID,
          first.get()
              + " means something in the queue only: submit the request, or leave the option out;"
              + " nothing was sent");
    }
  }

  private URI extended(URI uri) {
    if (query.isEmpty()) {
      return uri;
    }
    String more =
        query.entrySet().stream()
            .map(pair -> encoded(pair.getKey()) + "=" + encoded(pair.getValue()))
            .collect(Collectors.joining("&"));
    return URI.create(uri + (uri.getRawQuery() == null ? "?" : "&") + more);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FalOptions same
        && headers.equals(same.headers)
        && query.equals(same.query)
        && deadline.equals(same.deadline);
  }

  @Override
  public int hashCode() {
    // names compare without case, so they are left out
    return 31 * List.copyOf(headers.values()).hashCode() + query.hashCode();
  }

  /** Names what is set, and no value. */
  @Override
  public String toString() {
    Stream<String> sent = Stream.of(headers, query).flatMap(all -> all.keySet().stream());
    return "FalOptions"
        + Stream.concat(sent, deadline.stream().map(time -> "deadline of " + time)).toList();
  }
}
