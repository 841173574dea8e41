package dev.fluxbridge.legacy.transformer;

import dev.fluxbridge.legacy.checkpoint.Weights;
import dev.fluxbridge.legacy.kernels.Placement;
import dev.fluxbridge.legacy.kernels.Residency;
import dev.fluxbridge.legacy.kernels.TorchScript;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a model of {@link FluxBlocks} as TorchScript takes them, made when they are first
 * needed and again after they have left the device.
 *
 * <p>Not safe for use by several threads.
 */
public final class FluxTables implements AutoCloseable {
  private final FluxTransformerConfig sizes;
  private final Residency.Guest place;
  private Weights weights;
  private @Nullable Tables tables;

  /**
   * For a model.
   *
   * @param yields whether it makes room on the device for the next model that does
   */
  public FluxTables(
      FluxTransformerConfig sizes, Weights weights, Placement placement, boolean yields) {
    this.sizes = sizes;
    this.weights = weights;
    place = placement.residency().guest(yields, this::drop);
  }

  /**
   * The tables of one model.
   *
   * @param all every tensor of it
   * @param doubleBlocks those of each double block, by their names within it
   * @param singleBlocks those of each single block
   */
  public record Tables(
      TorchScript.Table all,
      List<TorchScript.Table> doubleBlocks,
      List<TorchScript.Table> singleBlocks) {

    private static Tables of(FluxTransformerConfig sizes, Weights weights) {
      List<TorchScript.Table> doubles = new ArrayList<>();
      for (int i = 0; i < sizes.numLayers(); i++) {
        doubles.add(new TorchScript.Table(weights.of("transformer_blocks." + i).all()));
      }
      List<TorchScript.Table> singles = new ArrayList<>();
      for (int i = 0; i < sizes.numSingleLayers(); i++) {
        singles.add(new TorchScript.Table(weights.of("single_transformer_blocks." + i).all()));
      }
      return new Tables(new TorchScript.Table(weights.all()), doubles, singles);
    }

    private void close() {
      all.close();
      doubleBlocks.forEach(TorchScript.Table::close);
      singleBlocks.forEach(TorchScript.Table::close);
    }
  }

  /** The tables to compute with now. */
  public Tables here() {
    place.arrive();
    Tables now = tables == null ? Tables.of(sizes, weights.at(place)) : tables;
    tables = now;
    return now;
  }

  /** Takes other weights, of the same names and more. */
  void change(Weights others) {
    drop();
    place.leave();
    weights = others;
  }

  private void drop() {
    if (tables != null) {
      tables.close();
      tables = null;
    }
  }

  @Override
  public void close() {
    drop();
    place.forget();
  }
}
