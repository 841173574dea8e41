package dev.fluxbridge.legacy.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.fluxbridge.legacy.kernels.Placement;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Where on disk each tensor of a model lies, by diffusers' names, whatever the files call it.
 *
 * <p>Immutable, safe for use by several threads.
 */
final class StoredTensors {
  static final String WHOLE = "Copy the whole checkpoint folder as diffusers saved it.";

  private final Path where;
  private final Map<String, Piece> pieces;

  /**
   * Some rows of a tensor in a file.
   *
   * @param swapped whether the model wants the second half of the rows first
   */
  record Piece(SafetensorsFile file, String name, long firstRow, long rows, boolean swapped) {
    /** A whole tensor. */
    static Piece of(SafetensorsFile file, String name) {
      return new Piece(file, name, 0, file.rows(name), false);
    }

    Shape shape() {
      return file.shape(name, rows);
    }

    private NDArray load(Placement placement) {
      return swapped
          ? file.loadSwapped(name, placement)
          : file.load(name, firstRow, rows, placement);
    }
  }

  StoredTensors(Path where, Map<String, Piece> pieces) {
    this.where = where;
    this.pieces = pieces;
  }

  /**
   * Loads what a model expects.
   *
   * @param aliases second names, by the expected name
   * @throws CheckpointException if a tensor is missing, or has another shape or a type that cannot
   *     be loaded, or a file changed meanwhile
   */
  Weights load(ExpectedTensors expected, Map<String, String> aliases, Placement placement) {
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    Set<SafetensorsFile> files = new LinkedHashSet<>();
    try {
      expected
          .shapes()
          .forEach(
              (name, shape) -> {
                Piece piece = piece(name, shape, aliases);
                files.add(piece.file);
                tensors.put(name, piece.load(expected.placement(name, placement)));
              });
      files.forEach(SafetensorsFile::refuseChanged);
    } catch (RuntimeException | Error e) {
      tensors.values().forEach(NDArray::close);
      throw e;
    }
    return new Weights(tensors, "");
  }

  private Piece piece(String name, Shape shape, Map<String, String> aliases) {
    Piece piece = pieces.get(pieces.containsKey(name) ? name : aliases.getOrDefault(name, name));
    if (piece == null) {
      pieces.values().stream()
          .map(Piece::file)
          .distinct()
          .forEach(SafetensorsFile::refuseQuantised);
      throw new CheckpointException(
          "the tensor " + name + " " + shape + " is missing", where, WHOLE);
    }
    piece.file.precision(piece.name);
    if (!piece.shape().equals(shape)) {
      throw new CheckpointException(
          piece.name + " has the shape " + piece.shape() + ", but config.json makes it " + shape,
          piece.file.file(),
          "Take config.json and weights from the same checkpoint.");
    }
    return piece;
  }
}
