package dev.fluxbridge.golden.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.fluxbridge.golden.GoldenException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One ONNX file, ready to run on at most four cores. It knows nothing of pictures. Several threads
 * may use it and wait for each other, so that the memory of one run is all that is ever taken.
 */
final class Network implements AutoCloseable {
  private static final int THREADS = 4;

  private final Path file;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Map<String, TensorInfo> inputs;
  private final Map<String, TensorInfo> outputs;
  private boolean closed;

  private Network(Path file, OrtEnvironment environment, OrtSession session) throws OrtException {
    this.file = file;
    this.environment = environment;
    this.session = session;
    this.inputs = tensors(session.getInputInfo());
    this.outputs = tensors(session.getOutputInfo());
  }

  /** What a run is given: numbers of 32 bits with their shape, or whole numbers with theirs. */
  sealed interface Given {
    /** Direct, so that native code reads it where it lies. */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares or keeps it.
    record Floats(FloatBuffer values, long... shape) implements Given {}

    /** One row of them. */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares or keeps it.
    record Row(long[] values) implements Given {}
  }

  static Network open(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new GoldenException(
          "there is no file %s: it is yours to export or to copy there, none is downloaded"
              .formatted(file));
    }
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      environment.setTelemetry(false);
      options.setIntraOpNumThreads(Math.min(THREADS, Runtime.getRuntime().availableProcessors()));
      options.setInterOpNumThreads(1);
      // What fails is thrown; it need not stand on the console as well.
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      // Waiting threads would keep the cores of those who draw busy.
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      // What a large picture took is given back after its run.
      options.setCPUArenaAllocator(false);
      OrtSession session = environment.createSession(file.toString(), options);
      try {
        return new Network(file, environment, session);
      } catch (OrtException | RuntimeException e) {
        session.close();
        throw e;
      }
    } catch (OrtException e) {
      throw new GoldenException(
          "%s is no ONNX file that can be run here: %s".formatted(file, e.getMessage()), e);
    } catch (LinkageError e) {
      throw new GoldenException("ONNX Runtime does not start on this machine: " + e, e);
    }
  }

  private static Map<String, TensorInfo> tensors(Map<String, NodeInfo> nodes) {
    Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    nodes.forEach(
        (name, node) -> {
          if (!(node.getInfo() instanceof TensorInfo tensor)) {
            throw new GoldenException("'%s' is %s, and no tensor".formatted(name, node.getInfo()));
          }
          tensors.put(name, tensor);
        });
    return tensors;
  }

  /** By name, in the file's order. A side that is not fixed is -1. */
  Map<String, TensorInfo> inputs() {
    return inputs;
  }

  Map<String, TensorInfo> outputs() {
    return outputs;
  }

  /** A file of another kind than was expected, and what it has instead. */
  GoldenException not(String expected) {
    return new GoldenException(
        "%s is not %s: it takes %s and gives %s"
            .formatted(file, expected, described(inputs), described(outputs)));
  }

  private static String described(Map<String, TensorInfo> tensors) {
    return tensors.entrySet().stream()
        .map(
            tensor ->
                "%s %s %s"
                    .formatted(
                        tensor.getKey(), tensor.getValue().onnxType, shape(tensor.getValue())))
        .collect(Collectors.joining(", "));
  }

  private static String shape(TensorInfo tensor) {
    long[] sides = tensor.getShape();
    String[] names = tensor.getDimensionNames();
    String[] shown = new String[sides.length];
    for (int i = 0; i < sides.length; i++) {
      boolean named = i < names.length && !names[i].isEmpty();
      shown[i] = sides[i] >= 0 ? Long.toString(sides[i]) : named ? names[i] : "?";
    }
    return Arrays.toString(shown);
  }

  /**
   * The numbers of these outputs.
   *
   * @param what is measured, for the message where that fails
   */
  synchronized List<float[]> run(Map<String, Given> given, List<String> wanted, String what) {
    if (closed) {
      throw new IllegalStateException(file + " was closed");
    }
    Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, Given> input : given.entrySet()) {
        tensors.put(input.getKey(), tensor(input.getValue()));
      }
      try (OrtSession.Result result = session.run(tensors, Set.copyOf(wanted))) {
        return wanted.stream().map(name -> floats(result, name)).toList();
      }
    } catch (OrtException e) {
      throw new GoldenException(
          "%s could not be run on %s: %s".formatted(file, what, e.getMessage()), e);
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  private OnnxTensor tensor(Given given) throws OrtException {
    return given instanceof Given.Floats floats
        ? OnnxTensor.createTensor(environment, floats.values(), floats.shape())
        : OnnxTensor.createTensor(environment, new long[][] {((Given.Row) given).values()});
  }

  private static float[] floats(OrtSession.Result result, String name) {
    FloatBuffer buffer = ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      session.close();
    } catch (OrtException e) {
      throw new GoldenException("%s could not be closed: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** Tells the file. */
  @Override
  public String toString() {
    return file.toString();
  }
}
