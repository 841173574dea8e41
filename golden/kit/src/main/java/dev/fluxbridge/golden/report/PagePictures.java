package dev.fluxbridge.golden.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which pictures go into a page, so that it stays small enough to open and to send: of each the
 * preview at least, and whole ones as far as the budget goes, in the order in which they are given.
 * Files with the same bytes go in once.
 */
final class PagePictures {
  /** In base64 it is a third more, and the page's goal is 40 MB. */
  static final long BUDGET = 28_000_000;

  /** For whole pictures of what passed: few are looked at that closely. */
  static final long BUDGET_OF_OTHERS = 6_000_000;

  /** A file without a preview that is as good as one. */
  private static final long SMALL = 64 * 1024;

  /**
   * What the page holds once.
   *
   * @param number in the page, from 0
   */
  record Embedded(int number, Path file, String mediaType) {}

  private record Choice(Path file, String hash, boolean whole) {}

  private final Map<PictureSlot, Choice> choices = new HashMap<>();
  private final Map<String, Long> counted = new HashMap<>();
  private final Map<String, Embedded> embedded = new LinkedHashMap<>();
  private long left;

  /**
   * @param pressing pictures of what failed or is new
   * @param others all others
   * @param budget for all of them, bytes of files
   * @param ofOthers of that at most for whole pictures of the others
   */
  PagePictures(List<PictureSlot> pressing, List<PictureSlot> others, long budget, long ofOthers)
      throws IOException {
    left = budget;
    List<PictureSlot> all = Stream.concat(pressing.stream(), others.stream()).toList();
    for (PictureSlot slot : all) {
      if (slot.preview().isPresent()) {
        choose(slot, slot.preview().get(), false);
      } else if (slot.bytes() <= SMALL) {
        choose(slot, slot.whole(), true);
      }
    }
    takeWhole(pressing);
    left = Math.min(left, ofOthers);
    takeWhole(others);
    for (PictureSlot slot : all) {
      of(choices.get(slot));
    }
  }

  private void takeWhole(List<PictureSlot> slots) throws IOException {
    for (PictureSlot slot : slots) {
      // A preview that gives way stays counted: it hardly counts.
      if (slot.bytes() <= left && !isWhole(slot)) {
        choose(slot, slot.whole(), true);
      }
    }
  }

  private void choose(PictureSlot slot, Path file, boolean whole) throws IOException {
    String hash = HexFormat.of().formatHex(Results.sha256().digest(Files.readAllBytes(file)));
    long size = Files.size(file);
    if (counted.containsKey(hash) || size <= left) {
      choices.put(slot, new Choice(file, hash, whole));
      left -= counted.putIfAbsent(hash, size) == null ? size : 0;
    }
  }

  private Optional<Embedded> of(@Nullable Choice choice) {
    return Optional.ofNullable(choice)
        .map(
            chosen ->
                embedded.computeIfAbsent(
                    chosen.hash,
                    hash ->
                        new Embedded(
                            embedded.size(),
                            chosen.file,
                            chosen.whole ? "image/png" : "image/jpeg")));
  }

  /** What the page shows for it; empty if it shows nothing. */
  Optional<Embedded> of(PictureSlot slot) {
    return of(choices.get(slot));
  }

  boolean isWhole(PictureSlot slot) {
    Choice choice = choices.get(slot);
    return choice != null && choice.whole;
  }

  Collection<Embedded> embedded() {
    return embedded.values();
  }
}
