package dev.fluxbridge.legacy.kernels;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Functions written in TorchScript, compiled by libtorch in this process: a way to the operators
 * that DJL has no binding for, and a way to run a whole block of a model in one native call.
 *
 * <p>Only this package touches DJL's PyTorch internals. Calls are safe from several threads; {@link
 * #close()} must come after the last one. Arrays that come out refuse in-place operations.
 */
public final class TorchScript implements AutoCloseable {
  /** What the rest of this process wants of the graph optimizer, by DJL's own property. */
  private static final boolean OPTIMIZE =
      Boolean.parseBoolean(System.getProperty("ai.djl.pytorch.graph_optimizer", "true"));

  private final PtSymbolBlock module;

  private TorchScript(PtSymbolBlock module) {
    this.module = module;
  }

  /**
   * Compiles functions.
   *
   * @param functions TorchScript text: functions at no indent, each with {@code self} as its first
   *     parameter, calling one another as {@code self.name(...)}
   */
  public static TorchScript compile(NDManager manager, String functions) {
    try {
      return new TorchScript(
          JniUtils.loadModule(
              (PtNDManager) manager, new ByteArrayInputStream(archive(functions)), false, false));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs one function that returns one tensor.
   *
   * @param manager who owns the result
   * @param arguments arrays, tables, longs, doubles, booleans and texts, in the function's order
   */
  public NDArray call(NDManager manager, String function, Object... arguments) {
    return run(function, arguments, result -> result.toTensor((PtNDManager) manager));
  }

  /** Runs one function that returns a list of tensors. */
  public NDList callForList(NDManager manager, String function, Object... arguments) {
    return run(
        function, arguments, result -> new NDList(result.toTensorArray((PtNDManager) manager)));
  }

  private <T> T run(String function, Object[] arguments, Function<IValue, T> unwrap) {
    IValue[] values = new IValue[arguments.length];
    try {
      for (int i = 0; i < arguments.length; i++) {
        values[i] = value(arguments[i]);
      }
      // Profiling and fusing cost more than they gain on functions of a few large operators. The
      // switch is the thread's, so it is set by whoever calls.
      JniUtils.setGraphExecutorOptimize(false);
      try (IValue result = IValueUtils.runMethod(module, function, values)) {
        return unwrap.apply(result);
      }
    } finally {
      JniUtils.setGraphExecutorOptimize(OPTIMIZE);
      for (int i = 0; i < values.length; i++) {
        if (values[i] != null && !(arguments[i] instanceof Table)) {
          values[i].close();
        }
      }
    }
  }

  private static IValue value(Object argument) {
    if (argument instanceof PtNDArray array) {
      return IValue.from(array);
    } else if (argument instanceof Table table) {
      return table.value;
    } else if (argument instanceof Long number) {
      return IValue.from(number);
    } else if (argument instanceof Double number) {
      return IValue.from(number);
    } else if (argument instanceof Boolean flag) {
      return IValue.from(flag);
    } else if (argument instanceof String text) {
      return IValue.from(text);
    }
    throw new IllegalArgumentException("not a TorchScript argument: " + argument.getClass());
  }

  @Override
  public void close() {
    module.close();
  }

  /** Named tensors as a {@code Dict[str, Tensor]}, handed over once and used by many calls. */
  public static final class Table implements AutoCloseable {
    private final IValue value;

    /** Holds the tensors themselves: they stay alive until the table is closed too. */
    public Table(Map<String, NDArray> tensors) {
      Map<String, PtNDArray> own = new LinkedHashMap<>();
      tensors.forEach((name, tensor) -> own.put(name, (PtNDArray) tensor));
      value = IValue.stringMapFrom(own);
    }

    @Override
    public void close() {
      value.close();
    }
  }

  /**
   * The zip that libtorch loads a scripted module from: text, no weights, an object of no state.
   */
  private static byte[] archive(String functions) throws IOException {
    String code =
        "class M(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n"
            + functions.indent(2);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "m/version", "10\n".getBytes(UTF_8));
      // Pickles of protocol 2: an empty tuple, and an object of class __torch__.M whose state is
      // {"training": False}.
      store(zip, "m/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
      store(zip, "m/code/__torch__.py", code.getBytes(UTF_8));
      ByteArrayOutputStream data = new ByteArrayOutputStream();
      data.write(new byte[] {(byte) 0x80, 2});
      data.write("c__torch__\nM\n)".getBytes(UTF_8));
      data.write(new byte[] {(byte) 0x81});
      data.write("}(X".getBytes(UTF_8));
      data.write(new byte[] {8, 0, 0, 0});
      data.write("training".getBytes(UTF_8));
      data.write(new byte[] {(byte) 0x89});
      data.write("ub.".getBytes(UTF_8));
      store(zip, "m/data.pkl", data.toByteArray());
    }
    return bytes.toByteArray();
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
