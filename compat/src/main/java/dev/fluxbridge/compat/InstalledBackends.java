package dev.fluxbridge.compat;

import dev.fluxbridge.compat.route.Router;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Fidelity;
import dev.fluxbridge.providers.ImageBackend;
import dev.fluxbridge.providers.LedgerRow;
import dev.fluxbridge.providers.Pipeline;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The backends that are on the class path, each made when a call first takes its road. */
final class InstalledBackends implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(InstalledBackends.class);

  private final Settings settings;
  private final Map<String, BackendFactory> factories;
  private final Map<String, ImageBackend> made = new HashMap<>();
  private boolean closed;

  private InstalledBackends(Settings settings, Map<String, BackendFactory> factories) {
    this.settings = settings;
    this.factories = factories;
  }

  static InstalledBackends find(Settings settings) {
    Map<String, BackendFactory> found = new LinkedHashMap<>();
    found.put("fal", new FalBackendFactory());
    Iterator<BackendFactory> services =
        ServiceLoader.load(BackendFactory.class, BackendFactory.class.getClassLoader()).iterator();
    while (true) {
      // A road whose artifact was taken off the class path is still listed, and fails here, both in
      // hasNext and in next.
      try {
        if (!services.hasNext()) {
          break;
        }
        BackendFactory factory = services.next();
        found.put(factory.name(), factory);
      } catch (ServiceConfigurationError | LinkageError e) {
        log.debug("A backend is listed but not installed", e);
      }
    }
    return new InstalledBackends(settings, found);
  }

  /** The names, in the router's order of preference. */
  List<String> names() {
    return Router.KNOWN.stream().filter(factories::containsKey).toList();
  }

  /** What the installed backends make of old arguments, in the router's order. */
  List<LedgerRow> ledger() {
    return names().stream()
        .map(name -> Objects.requireNonNull(factories.get(name), name))
        .flatMap(factory -> factory.ledger().stream())
        .toList();
  }

  /**
   * The other backends that take, in whatever case, the arguments which one of them refused. Of a
   * model that is not said: each road has its own.
   */
  List<String> taking(Pipeline pipeline, LedgerRow refused) {
    if (refused.arguments().contains("model")) {
      return List.of();
    }
    return names().stream()
        .filter(name -> !name.equals(refused.backend()))
        .filter(
            name ->
                refused.arguments().stream().allMatch(argument -> takes(name, pipeline, argument)))
        .toList();
  }

  private boolean takes(String name, Pipeline pipeline, String argument) {
    List<LedgerRow> rows =
        Objects.requireNonNull(factories.get(name), name).ledger().stream()
            .filter(row -> row.pipelines().contains(pipeline))
            .filter(row -> row.arguments().contains(argument))
            .toList();
    return !rows.isEmpty() && rows.stream().noneMatch(row -> row.fidelity() == Fidelity.REFUSED);
  }

  /**
   * The backend of that name.
   *
   * @throws BackendException {@link Reason#UNSUPPORTED} if it is not installed
   */
  synchronized ImageBackend get(String name) {
    if (closed) {
      throw new IllegalStateException("this Fluxbridge is closed; make another");
    }
    ImageBackend backend = made.get(name);
    if (backend == null) {
      BackendFactory factory = factories.get(name);
      if (factory == null) {
        throw new BackendException(Reason.UNSUPPORTED, "'" + name + "' is not installed");
      }
      backend = factory.create(settings);
      made.put(name, backend);
    }
    return backend;
  }

  @Override
  public synchronized void close() {
    closed = true;
    for (ImageBackend backend : made.values()) {
      if (backend instanceof AutoCloseable closeable) {
        try {
          closeable.close();
        } catch (Exception e) {
          log.warn("Backend {} did not close cleanly", backend.name(), e);
        }
      }
    }
    made.clear();
  }
}
