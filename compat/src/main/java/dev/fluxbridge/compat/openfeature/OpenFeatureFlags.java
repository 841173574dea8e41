package dev.fluxbridge.compat.openfeature;

import dev.fluxbridge.compat.route.Flag;
import dev.fluxbridge.compat.route.FlagSource;
import dev.fluxbridge.providers.Task;
import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.EventDetails;
import dev.openfeature.sdk.ProviderEvent;
import dev.openfeature.sdk.Value;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flags from an OpenFeature client. They have the names of the settings, {@code
 * fluxbridge.route.text-to-image} and so on and {@code fluxbridge.kill-switch}, and their values
 * are texts that say the same: one road, a split or a ramp. An empty text and a flag that the
 * provider does not know count as not set.
 *
 * <p>A task's flag is evaluated at every call, with the routing key as targeting key and the task's
 * name as attribute {@code task}. So a provider can itself split calls by their keys; but then its
 * values are single roads, and no guard knows of the split. The kill switch is evaluated twenty
 * times a second and whenever the provider says that something changed, with neither key nor task.
 *
 * <p>Where the provider fails, what it said last goes on, for each key that called twice and is
 * still known, and the log has it once. It calls no network itself; a provider that does so at
 * every evaluation makes every call wait. Safe for use by several threads. It does not close the
 * provider.
 */
public final class OpenFeatureFlags implements FlagSource, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OpenFeatureFlags.class);

  private static final String ROUTE = "fluxbridge.route.";
  private static final String KILL_SWITCH = "fluxbridge.kill-switch";
  private static final String OFF = "off";
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final List<ProviderEvent> NEWS =
      List.of(ProviderEvent.PROVIDER_CONFIGURATION_CHANGED, ProviderEvent.PROVIDER_READY);

  private final Client client;
  private final FlagSource otherwise;
  private final Map<Task, EvaluatedFlag> flags = new EnumMap<>(Task.class);
  private final EvaluatedFlag killSwitchFlag;
  private final Consumer<EventDetails> news;
  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "fluxbridge-openfeature");
            thread.setDaemon(true);
            return thread;
          });

  private volatile @Nullable Flag killSwitch;
  private volatile boolean thrown;
  private volatile boolean closed;

  /** Flags from nowhere else. */
  public OpenFeatureFlags(Client client) {
    this(client, new NoFlags());
  }

  /**
   * Flags from a client, and from elsewhere those that the client does not set.
   *
   * @param client asked until this is closed
   * @param otherwise asked for a flag that is not set; and for the kill switch unless the client
   *     says that it is on, so that either can throw it
   */
  public OpenFeatureFlags(Client client, FlagSource otherwise) {
    this(client, otherwise, LOOK, System::nanoTime, log::warn);
  }

  /**
   * @param look how long between two looks at the kill switch
   * @param nanos the steady clock
   * @param alarm told once of each failure
   */
  OpenFeatureFlags(
      Client client,
      FlagSource otherwise,
      Duration look,
      LongSupplier nanos,
      Consumer<String> alarm) {
    this.client = client;
    this.otherwise = otherwise;
    this.news = event -> lookAtKillSwitch();
    for (Task task : Task.values()) {
      flags.put(
          task,
          new EvaluatedFlag(
              client, ROUTE + task.label(), Map.of("task", new Value(task.label())), nanos, alarm));
    }
    killSwitchFlag = new EvaluatedFlag(client, KILL_SWITCH, Map.of(), nanos, alarm);
    lookAtKillSwitch();
    NEWS.forEach(event -> client.on(event, news));
    var unused =
        looking.scheduleWithFixedDelay(
            this::lookAtKillSwitch, look.toMillis(), look.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** One at a time, so that a slow look does not overwrite what a later one saw. */
  private synchronized void lookAtKillSwitch() {
    if (closed) {
      return;
    }
    Flag flag = killSwitchFlag.evaluate(null);
    killSwitch = flag;
    thrown = flag != null && !flag.value().equals(OFF);
  }

  @Override
  public @Nullable Flag flag(Task task, @Nullable String routingKey) {
    EvaluatedFlag evaluated = flags.get(task);
    Flag flag = evaluated == null ? null : evaluated.evaluate(routingKey);
    return flag == null ? otherwise.flag(task, routingKey) : flag;
  }

  @Override
  public @Nullable Flag killSwitch() {
    if (thrown) {
      return killSwitch;
    }
    Flag there = otherwise.killSwitch();
    return there == null ? killSwitch : there;
  }

  /** Looks no more whether the kill switch changes; for when calls are over. */
  @Override
  public void close() {
    closed = true;
    NEWS.forEach(event -> client.removeHandler(event, news));
    looking.shutdownNow();
  }

  private static final class NoFlags implements FlagSource {
    @Override
    public @Nullable Flag flag(Task task, @Nullable String routingKey) {
      return null;
    }

    @Override
    public @Nullable Flag killSwitch() {
      return null;
    }
  }
}
