package dev.fluxbridge.golden;

import dev.fluxbridge.providers.Bitmap;
import dev.fluxbridge.providers.Bitmaps;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Learns how far from its golden a picture may be: it runs the old road several times and takes the
 * noise between those runs for what is normal. The limits and their noise go into golden.json. For
 * one thread.
 *
 * <pre>{@code
 * GoldenLearning.runs(8).learn(new Place("com.example.FoxTest", "fox"), run -> pipe.call(fox).result());
 * }</pre>
 */
public final class GoldenLearning {
  private static final int FEWEST = 3;

  private final int count;
  private GoldenStore store = GoldenStore.standard();
  private Call call = Call.UNKNOWN;
  private Optional<Bitmap> mask = Optional.empty();
  private Brought brought = Brought.NONE;
  private boolean otherSeeds;

  private GoldenLearning(int count) {
    this.count = count;
  }

  /**
   * So many runs; 8 are good, which make 28 pairs.
   *
   * @throws GoldenException for fewer than 3, of which nothing can be learned
   */
  public static GoldenLearning runs(int count) {
    if (count < FEWEST) {
      throw new GoldenException(
          "a noise floor needs at least %d runs, and %d were asked for".formatted(FEWEST, count));
    }
    return new GoldenLearning(count);
  }

  /**
   * The runs differ in their seeds. Then limits are learned of the motif as a whole instead of
   * single pixels, and hold for other roads too.
   */
  public GoldenLearning withOtherSeeds() {
    this.otherSeeds = true;
    return this;
  }

  /** What is asked for in each run; the mask of an edit is taken from it. */
  public GoldenLearning ofCall(ImageRequest request) {
    this.call = Call.of(request);
    this.mask = request.edit().mask().map(images -> Bitmaps.of(images).get(0)).or(() -> mask);
    return this;
  }

  /** The mask of the edit that is run. */
  public GoldenLearning withMask(Bitmap white) {
    this.mask = Optional.of(white);
    return this;
  }

  /** Learns a limit of this measure too. */
  public GoldenLearning measuredBy(PictureMeasure measure) {
    this.brought = brought.and(measure);
    return this;
  }

  /** Goldens of another folder than the standard one. */
  public GoldenLearning in(GoldenStore goldens) {
    this.store = goldens;
    return this;
  }

  /**
   * Runs, learns, and writes. A golden that is there keeps its picture, and the first run becomes
   * one where there is none.
   *
   * @param run takes the count of runs before it, from 0, for those who change the seed with it
   * @return the golden with its limits
   * @throws GoldenException if runs differ in size or origin, or the golden that is there is
   *     farther off than the runs are from each other
   */
  public Approved learn(Place place, IntFunction<ImageResult> run) {
    ImageResult first = run.apply(0);
    return learn(place, call, Origin.of(first), at -> at == 0 ? first : run.apply(at));
  }

  Approved learn(Place place, Call asked, Origin origin, IntFunction<ImageResult> run) {
    List<Drawn> runs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ImageResult result = run.apply(i);
      if (!Origin.of(result).key().equals(origin.key())) {
        throw new GoldenException(
            "runs of one road are learned from, but these came from %s and %s"
                .formatted(origin.key(), Origin.of(result).key()));
      }
      runs.add(Drawn.of(result));
    }
    NoiseFloor.requireAlike(runs);
    Limits learned = NoiseFloor.of(runs, otherSeeds, mask, brought);
    Approved golden =
        store
            .read(place, origin.key())
            .map(before -> kept(before, runs.get(0), learned, place))
            .orElseGet(() -> new Approved(runs.get(0), asked, origin, learned, otherSeeds));
    store.write(place, golden);
    return golden;
  }

  private Approved kept(Approved before, Drawn run, Limits learned, Place place) {
    boolean holds =
        Judge.judge(before.drawn(), run, learned, mask, brought).stream()
            .allMatch(Compared::passed);
    if (!holds) {
      throw new GoldenException(
          "the golden %s is farther from these runs than they are from each other, so limits of theirs would always fail: approve it anew first (-Dgolden.approve)"
              .formatted(place));
    }
    return before.with(learned, otherSeeds);
  }
}
