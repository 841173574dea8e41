package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.BackendException.Reason;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A list that comes in pages, as a stream: a page is fetched when its first item is asked for. For
 * one thread at a time.
 */
final class PlatformPages<T> implements Spliterator<T> {
  private final Deque<Source<T>> sources;
  private final Deque<T> items = new ArrayDeque<>();
  private final Set<String> seen = new HashSet<>();
  private @Nullable String cursor;

  /** Fetches one page. */
  interface Source<T> {
    /**
     * The page at this cursor.
     *
     * @param cursor null for the first page
     */
    Page<T> fetch(@Nullable String cursor);
  }

  /** Some items, and where the next ones are. */
  record Page<T>(List<T> items, Optional<String> next) {}

  private PlatformPages(List<Source<T>> sources) {
    this.sources = new ArrayDeque<>(sources);
  }

  /** The items of all these lists, one list after the other. */
  static <T> Stream<T> stream(List<Source<T>> sources) {
    return StreamSupport.stream(new PlatformPages<>(sources), false);
  }

  @Override
  public boolean tryAdvance(Consumer<? super T> action) {
    while (items.isEmpty()) {
      Source<T> source = sources.peek();
      if (source == null) {
        return false;
      }
      Page<T> page = source.fetch(cursor);
      items.addAll(page.items());
      cursor = page.next().orElse(null);
      if (cursor == null) {
        sources.remove();
        seen.clear();
      } else if (!seen.add(cursor)) {
        sources.clear();
        throw FalException.of(
            Reason.BAD_REPLY,
            "fal's pages go round in a circle: a cursor came a second time, so the list would never"
                + " end and is not whole");
      }
    }
    action.accept(items.remove());
    return true;
  }

  // Splitting would fetch far ahead of what is asked for.
  @Override
  public @Nullable Spliterator<T> trySplit() {
    return null;
  }

  @Override
  public long estimateSize() {
    return Long.MAX_VALUE;
  }

  @Override
  public int characteristics() {
    return ORDERED | NONNULL;
  }
}
