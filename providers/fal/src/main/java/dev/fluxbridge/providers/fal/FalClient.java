package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.Effects;
import dev.fluxbridge.providers.http.Transport;
import java.util.List;
import java.util.Optional;

/**
 * fal's queue: submit, look, fetch, cancel, and all of it in one call.
 *
 * <p>It does not know what an endpoint takes: inputs and results are JSON texts. A submit is sent
 * again only where fal cannot have accepted it; looks and fetches are repeated until the deadline.
 * Every exception after the submit carries the request id, with which {@link FalHandle#of} goes on
 * later. Immutable and safe for use by several threads; owns connections, so close it.
 */
public final class FalClient implements AutoCloseable {
  private final FalConfig config;
  private final Effects effects;
  private final Transport transport;
  private final FalQueue queue;

  /** A client with this configuration. It sends nothing before it is asked to. */
  public FalClient(FalConfig config) {
    this(config, Effects.system());
  }

  FalClient(FalConfig config, Effects effects) {
    this.config = config;
    this.effects = effects;
    this.transport = new Transport(config.timeouts());
    this.queue = new FalQueue(config, new FalExchange(config, transport, effects));
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
    return queue.submit(endpoint, json, deadline());
  }

  /**
   * Where a request stands.
   *
   * @throws FalException if fal does not say within the deadline
   */
  public FalStatus status(FalHandle handle) {
    return queue.status(handle, deadline());
  }

  /**
   * The result of a completed request.
   *
   * @throws FalException with what fal said, if the request failed
   */
  public FalResult result(FalHandle handle) {
    return queue.result(handle, Optional.empty(), deadline());
  }

  /**
   * Asks fal to stop a request. A running one may be finished and billed all the same.
   *
   * @throws FalException if fal does not answer that
   */
  public FalCancel cancel(FalHandle handle) {
    return queue.cancel(handle, deadline());
  }

  /**
   * Waits for a request, however long ago it was submitted, and fetches its result.
   *
   * @throws FalException with what fal said, if the request failed; with {@code TIMEOUT} or {@code
   *     CANCELLED}, after which fal was asked to stop it if so configured
   */
  public FalResult await(FalHandle handle, Progress progress) {
    FalWait wait = new FalWait(config, queue, effects, progress);
    wait.add(handle);
    return wait.finish(deadline()).get(0);
  }

  /**
   * Submits, waits and fetches.
   *
   * @throws FalException as {@link #submit} and {@link #await} say
   */
  public FalResult subscribe(EndpointId endpoint, String json, Progress progress) {
    return subscribeAll(List.of(new Input(endpoint, json)), progress, deadline()).get(0);
  }

  /** What to run and on what. */
  record Input(EndpointId endpoint, String json) {
    @Override
    public String toString() {
      return endpoint.toString();
    }
  }

  /** Submits all, then waits for all: the queue works on them side by side. */
  List<FalResult> subscribeAll(List<Input> inputs, Progress progress, Deadline deadline) {
    FalWait wait = new FalWait(config, queue, effects, progress);
    wait.submit(inputs, deadline);
    return wait.finish(deadline);
  }

  Deadline deadline() {
    return Deadline.in(config.deadline(), effects);
  }

  /** Gives connections and threads back; what runs at fal goes on. */
  @Override
  public void close() {
    transport.close();
  }
}
