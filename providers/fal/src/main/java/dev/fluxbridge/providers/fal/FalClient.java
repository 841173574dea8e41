package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.Effects;
import dev.fluxbridge.providers.http.Threads;
import dev.fluxbridge.providers.http.Timeouts;
import dev.fluxbridge.providers.http.Transport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * fal: a direct call, or its queue: submit, look, fetch, cancel, and all of it in one call.
 *
 * <p>It does not know what an endpoint takes: inputs and results are JSON texts. A submit is sent
 * again only where fal cannot have accepted it; looks and fetches are repeated until the deadline.
 * Every exception after the submit carries the request id, with which {@link FalHandle#of} goes on
 * later.
 *
 * <p>Each verb waits, or has a sister whose name ends in {@code Async} and which keeps no thread
 * while it waits: a thousand requests may be waited for at once. An interrupt stops the first, and
 * cancelling the future stops the second; fal is then told to stop what the call submitted or
 * awaited, if so configured. What follows on a future runs on one of the client's two threads for
 * that, and must not keep it.
 *
 * <p>Immutable and safe for use by several threads; owns connections and threads, so close it.
 */
public final class FalClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FalClient.class);

  /**
   * Exchanges with the queue side by side that no caller waits in: each keeps a thread for a
   * moment, and its connecting another one.
   */
  private static final int AT_ONCE = 5;

  private static final int CALLBACKS = 2;

  private final FalConfig config;
  private final Effects effects;
  private final Transport quick;
  private final Transport patient;
  private final FalQueue queue;
  private final FalDirect direct;
  private final FalExchange streaming;
  private final FalTokens tokens;
  private final FalCalls calls;
  private final FalPlatform platform;
  private final FalStorage storage;

  /** A client with this configuration. It sends nothing before it is asked to. */
  public FalClient(FalConfig config) {
    this(config, Effects.system());
  }

  FalClient(FalConfig config, Effects effects) {
    this.config = config;
    this.effects = effects;
    this.quick = new Transport(config.timeouts(), AT_ONCE);
    this.calls = new FalCalls(effects, Threads.upTo(CALLBACKS, "fluxbridge-fal"));
    FalExchange asking = new FalExchange(config, quick);
    this.queue = new FalQueue(config, asking);
    this.platform = new FalPlatform(config, new PlatformExchange(config, asking, calls, effects));
    Timeouts limits = config.timeouts();
    // a direct call is silent until it is done, and each has a deadline of its own
    this.patient =
        new Transport(
            new Timeouts(limits.connect(), FalConfig.LONGEST, limits.write(), FalConfig.LONGEST));
    this.streaming = new FalExchange(config, patient);
    this.tokens = new FalTokens(config, streaming, effects);
    this.direct = new FalDirect(config, streaming);
    this.storage = new FalStorage(config, asking, calls, effects, InstantSource.system());
  }

  /** Models, prices, usage, bills and past requests; over the connections of this client. */
  public FalPlatform platform() {
    return platform;
  }

  /**
   * Calls an endpoint without the queue. Nobody keeps the result: if the connection breaks, it is
   * lost, and may be billed all the same. Over the limit of calls at once it waits and tries again.
   *
   * @param endpoint what shall run
   * @param json its input, JSON
   * @throws FalException with {@code REFUSED}, {@code INVALID}, {@code UNSUPPORTED}, {@code
   *     UNAVAILABLE} or {@code TIMEOUT} where fal did not do it, and {@code AMBIGUOUS} where it may
   *     have
   */
  public FalOutput run(EndpointId endpoint, String json) {
    return run(endpoint, json, FalOptions.NONE);
  }

  /** As {@link #run(EndpointId, String)}, with these options. */
  public FalOutput run(EndpointId endpoint, String json, FalOptions options) {
    Input input = new Input(endpoint, json, options);
    return calls.now(deadline(options), call -> direct.post(input, call));
  }

  /** As {@link #run(EndpointId, String)}, without waiting. */
  public CompletableFuture<FalOutput> runAsync(
      EndpointId endpoint, String json, FalOptions options) {
    Input input = new Input(endpoint, json, options);
    return calls.later(deadline(options), call -> direct.post(input, call));
  }

  /**
   * As {@link #run(EndpointId, String)} by GET, with the fields of the input as parameters of the
   * address.
   *
   * @param json a JSON object of texts, numbers and booleans
   * @throws FalException as for that, and with {@code INVALID} if the input is something else
   */
  public FalOutput get(EndpointId endpoint, String json, FalOptions options) {
    Input input = new Input(endpoint, json, options);
    return calls.now(deadline(options), call -> direct.get(input, call));
  }

  /** As {@link #get}, without waiting. */
  public CompletableFuture<FalOutput> getAsync(
      EndpointId endpoint, String json, FalOptions options) {
    Input input = new Input(endpoint, json, options);
    return calls.later(deadline(options), call -> direct.get(input, call));
  }

  /**
   * Puts a request into the queue.
   *
   * @param endpoint what shall run
   * @param json its input, a JSON object
   * @throws FalException with {@code REFUSED}, {@code INVALID}, {@code UNSUPPORTED}, {@code
   *     UNAVAILABLE} or {@code TIMEOUT} where fal did not accept it, and {@code AMBIGUOUS} where it
   *     may have
   */
  public FalHandle submit(EndpointId endpoint, String json) {
    return submit(endpoint, json, FalOptions.NONE);
  }

  /** As {@link #submit(EndpointId, String)}, with these options. */
  public FalHandle submit(EndpointId endpoint, String json, FalOptions options) {
    Input input = new Input(endpoint, json, options);
    return calls.now(deadline(options), call -> queue.submit(input, call));
  }

  /**
   * As {@link #submit(EndpointId, String)}, without waiting. If the future is cancelled while the
   * submit is under way, the submit is let finish, and fal is then told to stop it, if so
   * configured.
   */
  public CompletableFuture<FalHandle> submitAsync(
      EndpointId endpoint, String json, FalOptions options) {
    Input input = new Input(endpoint, json, options);
    return calls.later(
        deadline(options),
        call -> queue.submit(input, call).thenCompose(handle -> unlessUnwanted(handle, call)));
  }

  /** Takes back what was accepted when nobody waited for it any more. */
  private CompletableFuture<FalHandle> unlessUnwanted(FalHandle handle, FalCall call) {
    if (call.stopped().isEmpty()) {
      return CompletableFuture.completedFuture(handle);
    }
    if (!config.cancelOnGivingUp()) {
      LOG.info("request {} was accepted after its caller had gone", handle.requestId());
      return CompletableFuture.completedFuture(handle);
    }
    FalCall brief = call.after(Deadline.in(FalWait.TAKING_BACK, effects));
    return FalCall.begin(() -> queue.cancelBriefly(handle, brief))
        .handle((outcome, failure) -> handle);
  }

  /**
   * Where a request stands.
   *
   * @throws FalException if fal does not say within the deadline
   */
  public FalStatus status(FalHandle handle) {
    return calls.now(deadline(), call -> queue.status(handle, false, call));
  }

  /** As {@link #status}, with the latest lines that the endpoint wrote. */
  public FalStatus statusWithLogs(FalHandle handle) {
    return calls.now(deadline(), call -> queue.status(handle, true, call));
  }

  /** As {@link #status}, without waiting. */
  public CompletableFuture<FalStatus> statusAsync(FalHandle handle) {
    return calls.later(deadline(), call -> queue.status(handle, false, call));
  }

  /**
   * The result of a completed request.
   *
   * @throws FalException with what fal said, if the request failed
   */
  public FalResult result(FalHandle handle) {
    return calls.now(deadline(), call -> queue.result(handle, Optional.empty(), call));
  }

  /** As {@link #result}, without waiting. */
  public CompletableFuture<FalResult> resultAsync(FalHandle handle) {
    return calls.later(deadline(), call -> queue.result(handle, Optional.empty(), call));
  }

  /**
   * Asks fal to stop a request. A running one may be finished and billed all the same.
   *
   * @throws FalException if fal does not answer that
   */
  public FalCancel cancel(FalHandle handle) {
    return calls.now(deadline(), call -> queue.cancel(handle, call));
  }

  /** As {@link #cancel}, without waiting. */
  public CompletableFuture<FalCancel> cancelAsync(FalHandle handle) {
    return calls.later(deadline(), call -> queue.cancel(handle, call));
  }

  /**
   * Waits for a request, however long ago it was submitted, and fetches its result.
   *
   * @param progress watches; a {@link FalProgress} sees the lines that the endpoint writes, too
   * @throws FalException with what fal said, if the request failed; with {@code TIMEOUT} or {@code
   *     CANCELLED}, after which fal was asked to stop it if so configured
   */
  public FalResult await(FalHandle handle, Progress progress) {
    return calls.now(deadline(), call -> resume(handle, progress, call));
  }

  /** As {@link #await(FalHandle, Progress)}, without waiting. */
  public CompletableFuture<FalResult> awaitAsync(FalHandle handle, Progress progress) {
    return calls.later(deadline(), call -> resume(handle, progress, call));
  }

  /**
   * As {@link #await(FalHandle, Progress)}, for this long instead of as long as the configuration
   * says.
   *
   * @throws IllegalArgumentException unless that is longer than nothing and at most 20 days
   */
  public FalResult await(FalHandle handle, Progress progress, Duration longest) {
    return calls.now(within(longest), call -> resume(handle, progress, call));
  }

  /** As {@link #await(FalHandle, Progress, Duration)}, without waiting. */
  public CompletableFuture<FalResult> awaitAsync(
      FalHandle handle, Progress progress, Duration longest) {
    return calls.later(within(longest), call -> resume(handle, progress, call));
  }

  private Deadline within(Duration longest) {
    return Deadline.in(FalConfig.checkedDeadline(longest), effects);
  }

  private CompletableFuture<FalResult> resume(FalHandle handle, Progress progress, FalCall call) {
    return new FalWait(config, queue, call, progress).resume(handle).thenApply(all -> all.get(0));
  }

  /**
   * Submits, waits and fetches.
   *
   * @throws FalException as {@link #submit(EndpointId, String)} and {@link #await(FalHandle,
   *     Progress)} say
   */
  public FalResult subscribe(EndpointId endpoint, String json, Progress progress) {
    return subscribe(endpoint, json, FalOptions.NONE, progress);
  }

  /** As {@link #subscribe(EndpointId, String, Progress)}, with these options. */
  public FalResult subscribe(
      EndpointId endpoint, String json, FalOptions options, Progress progress) {
    List<Input> inputs = List.of(new Input(endpoint, json, options));
    return subscribeAll(inputs, progress, deadline(options)).get(0);
  }

  /** As {@link #subscribe(EndpointId, String, Progress)}, without waiting. */
  public CompletableFuture<FalResult> subscribeAsync(
      EndpointId endpoint, String json, FalOptions options, Progress progress) {
    List<Input> inputs = List.of(new Input(endpoint, json, options));
    return calls.later(
        deadline(options),
        call ->
            new FalWait(config, queue, call, progress).submit(inputs).thenApply(all -> all.get(0)));
  }

  /**
   * Runs an endpoint that tells its outputs while it works, past the queue. It is sent at once.
   *
   * @param endpoint what shall run; {@code /stream} is added where it is missing
   * @param json its input, a JSON object
   * @throws FalException with {@code INVALID} or {@code REFUSED} where nothing was sent; all else
   *     is told by the stream
   */
  public FalStream stream(EndpointId endpoint, String json, FalOptions options) {
    return stream(endpoint, json, options, FalStreamLimits.DEFAULT);
  }

  /**
   * The same within these limits.
   *
   * @throws FalException as the other one says
   */
  public FalStream stream(
      EndpointId endpoint, String json, FalOptions options, FalStreamLimits limits) {
    return FalStream.open(config, streaming, endpoint, json, options, limits, deadline(options));
  }

  /**
   * A conversation with a realtime endpoint. It connects with the first message.
   *
   * @param endpoint what listens; {@code /realtime} is added where it is missing
   * @param listener hears the answers; a {@link FalInbox} for a thread that waits for them
   */
  public FalRealtime realtime(
      EndpointId endpoint, FalRealtimeOptions options, FalRealtimeListener listener) {
    FalRealtimeDialer dialer =
        new FalRealtimeDialer(config, streaming, tokens, calls, effects, endpoint, options);
    return new FalRealtime(dialer, options, listener);
  }

  /** What to run, on what, and what goes along. */
  record Input(EndpointId endpoint, String json, FalOptions options) {

    Input(EndpointId endpoint, String json) {
      this(endpoint, json, FalOptions.NONE);
    }

    @Override
    public String toString() {
      return endpoint.toString();
    }
  }

  /** Submits all, then waits for all: the queue works on them side by side. */
  List<FalResult> subscribeAll(List<Input> inputs, Progress progress, Deadline deadline) {
    return calls.now(deadline, call -> new FalWait(config, queue, call, progress).submit(inputs));
  }

  Deadline deadline() {
    return Deadline.in(config.deadline(), effects);
  }

  private Deadline deadline(FalOptions options) {
    return Deadline.in(options.deadline().orElse(config.deadline()), effects);
  }

  /** fal's storage: uploads files, and writes inputs that hold some. Closed with this client. */
  public FalStorage storage() {
    return storage;
  }

  /**
   * Gives connections and threads back. What still waits here ends with {@code CANCELLED}; what
   * runs at fal goes on.
   */
  @Override
  public void close() {
    storage.close();
    calls.close();
    quick.close();
    patient.close();
  }
}
