package dev.fluxbridge.compat.local;

import dev.fluxbridge.legacy.flux.Call;
import dev.fluxbridge.legacy.flux.Drawing;
import dev.fluxbridge.legacy.flux.EngineOptions;
import dev.fluxbridge.legacy.flux.FluxEngine;
import dev.fluxbridge.legacy.flux.StepWatcher;
import dev.fluxbridge.providers.BackendException;
import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.MemorySaving;
import dev.fluxbridge.providers.Weights;
import dev.fluxbridge.providers.Weights.Lora;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One checkpoint in memory, shared by all pipelines that name it. Before each call it is brought
 * into the state that the call asks for: its LoRA weights, its ControlNets, its ways to save
 * memory.
 *
 * <p>Calls wait for each other; an interrupt ends the waiting.
 */
final class LoadedCheckpoint implements AutoCloseable {
  private final FluxEngine engine;
  private final ReentrantLock oneCall = new ReentrantLock(true);
  private List<Path> loraFiles = List.of();
  private List<String> adapters = List.of();
  private List<Path> controlNets = List.of();
  private State state = new State(Weights.of(""), MemorySaving.NONE);

  private record State(Weights weights, MemorySaving memory) {}

  private LoadedCheckpoint(FluxEngine engine) {
    this.engine = engine;
  }

  static LoadedCheckpoint load(Path folder, EngineOptions options) {
    return new LoadedCheckpoint(FluxEngine.load(folder, options));
  }

  Drawing draw(Call call, Weights weights, MemorySaving memory, StepWatcher watcher) {
    try {
      oneCall.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackendException(
          Reason.CANCELLED, "local: the thread was interrupted before drawing began", e);
    }
    State outer = state;
    try {
      prepare(new State(weights, memory));
      return engine.draw(call, watcher);
    } finally {
      try {
        // A call from inside a callback gives the call around it back what that one draws with.
        if (oneCall.getHoldCount() > 1) {
          prepare(outer);
        }
      } finally {
        oneCall.unlock();
      }
    }
  }

  private void prepare(State wanted) {
    Weights weights = wanted.weights();
    MemorySaving memory = wanted.memory();
    engine.vaeSlicing(memory.vaeSlicing());
    engine.vaeTiling(memory.vaeTiling());
    List<Path> nets =
        weights.controlNets().stream().map(net -> existing("ControlNet", Path.of(net))).toList();
    if (!nets.equals(controlNets)) {
      engine.loadControlNets(nets);
      controlNets = nets;
    }
    List<Path> files = weights.loras().stream().map(LoadedCheckpoint::file).toList();
    if (!files.equals(loraFiles)) {
      load(files);
    }
    if (!adapters.isEmpty()) {
      engine.setAdapters(adapters, weights.loras().stream().map(Lora::weight).toList());
    }
    state = wanted;
  }

  /** All anew: a control LoRA widens the transformer, which only unloading undoes. */
  private void load(List<Path> files) {
    if (!adapters.isEmpty()) {
      engine.unloadLoraWeights(true);
      adapters = List.of();
      loraFiles = List.of();
    }
    List<String> names = new ArrayList<>();
    try {
      for (Path file : files) {
        // Names of its own: two pipelines may give one name to different files.
        names.add(engine.loadLoraWeights(file, Optional.of("adapter_" + names.size())));
      }
    } catch (RuntimeException e) {
      if (!names.isEmpty()) {
        engine.unloadLoraWeights(true);
      }
      throw e;
    }
    adapters = List.copyOf(names);
    loraFiles = List.copyOf(files);
  }

  private static Path file(Lora lora) {
    Path source = Path.of(lora.source());
    return existing("LoRA file", lora.file().isEmpty() ? source : source.resolve(lora.file()));
  }

  private static Path existing(String what, Path path) {
    if (!Files.exists(path)) {
      throw new BackendException(
          Reason.INVALID,
          "local: there is no %s %s. The local road fetches nothing: name a path on this machine"
              .formatted(what, path));
    }
    return path.toAbsolutePath().normalize();
  }

  @Override
  public void close() {
    engine.close();
  }
}
