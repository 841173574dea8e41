package dev.fluxbridge.providers.fal;

import dev.fluxbridge.providers.BackendException.Reason;
import dev.fluxbridge.providers.Cost;
import dev.fluxbridge.providers.ImageBackend;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.Note;
import dev.fluxbridge.providers.Picture;
import dev.fluxbridge.providers.Progress;
import dev.fluxbridge.providers.Prompt;
import dev.fluxbridge.providers.Provenance;
import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.Download;
import dev.fluxbridge.providers.http.Downloads;
import dev.fluxbridge.providers.http.Effects;
import dev.fluxbridge.providers.http.HttpException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Draws through fal's queue: plans the requests, submits them side by side, waits, and fetches the
 * pictures.
 *
 * <p>It decodes nothing: pictures are what fal sent, byte for byte. Immutable and safe for use by
 * several threads; owns connections, so close it.
 */
public final class FalImageBackend implements ImageBackend, AutoCloseable {
  private final FalClient client;
  private final Downloads downloads;
  private final FalImageMapping mapping;
  private final Effects effects;

  /** A backend with this configuration. It sends nothing before it is asked to draw. */
  public FalImageBackend(FalConfig config) {
    this(config, Effects.system());
  }

  FalImageBackend(FalConfig config, Effects effects) {
    this.client = new FalClient(config, effects);
    this.downloads = new Downloads(config.media(), config.timeouts(), config.retry(), effects);
    this.mapping =
        new FalImageMapping(config.imageModel(), config.media().maxPixels(), config.strict());
    this.effects = effects;
  }

  /**
   * What becomes of each old argument here: a row for each case, whose text says when it is that
   * case.
   */
  public static List<Note> fidelity() {
    return Arrays.stream(FalRule.values()).map(FalRule::row).toList();
  }

  @Override
  public String name() {
    return "fal";
  }

  @Override
  public ImageResult generate(ImageRequest request, Progress progress) {
    long start = effects.ticker().nanos();
    FalImageMapping.Plan plan = mapping.plan(request);
    Deadline deadline = client.deadline();
    try {
      List<FalResult> results =
          client.subscribeAll(
              plan.parts().stream().map(FalImageMapping.Part::input).toList(), progress, deadline);
      return fetch(request, plan, results, start, deadline);
    } catch (FalException failure) {
      throw failure.hiding(request.prompts().stream().flatMap(FalImageBackend::texts).toList());
    }
  }

  private static Stream<String> texts(Prompt prompt) {
    return Stream.of(
            Stream.of(prompt.text()),
            prompt.second().stream(),
            prompt.negative().stream(),
            prompt.negativeSecond().stream())
        .flatMap(text -> text);
  }

  private ImageResult fetch(
      ImageRequest request,
      FalImageMapping.Plan plan,
      List<FalResult> results,
      long start,
      Deadline deadline) {
    List<Picture> pictures = new ArrayList<>();
    List<Long> seeds = new ArrayList<>();
    List<Boolean> flagged = new ArrayList<>();
    Set<Note> notes = new LinkedHashSet<>(plan.notes());
    for (int i = 0; i < results.size(); i++) {
      FalImageReply reply = read(results, i, plan.parts().get(i).pictures());
      for (String link : reply.links()) {
        Download download = download(link, results, i, deadline);
        pictures.add(download.picture());
        // the pictures of one request share what is known of their seed
        reply.seed().ifPresent(seeds::add);
        if (download.width() != request.width() || download.height() != request.height()) {
          notes.add(
              FalRule.SIZE_OTHER.note(
                  "%d x %d asked, %d x %d came"
                      .formatted(
                          request.width(), request.height(), download.width(), download.height())));
        }
      }
      flagged.addAll(reply.flagged());
    }
    String endpoints =
        plan.parts().stream()
            .map(part -> part.input().endpoint().toString())
            .distinct()
            .collect(Collectors.joining(", "));
    return new ImageResult(
        pictures,
        seeds.size() == pictures.size() ? seeds : List.of(),
        flagged.size() == pictures.size() ? flagged : List.of(),
        List.copyOf(notes),
        cost(results),
        new Provenance(
            name(),
            endpoints,
            "",
            results.stream().map(result -> result.handle().requestId()).toList(),
            Duration.ofNanos(effects.ticker().nanos() - start)));
  }

  private static FalImageReply read(List<FalResult> results, int index, int expected) {
    try {
      return FalImageReply.read(results.get(index), expected);
    } catch (FalException failure) {
      throw failure.adding(paid(results));
    }
  }

  private Download download(String link, List<FalResult> results, int index, Deadline deadline) {
    try {
      return downloads.picture(link, deadline);
    } catch (HttpException failure) {
      Reason reason =
          switch (failure.kind()) {
            case REJECTED -> Reason.BAD_REPLY;
            case TIMED_OUT -> Reason.TIMEOUT;
            case CANCELLED -> Reason.CANCELLED;
            case NO_CONNECTION, BROKEN -> Reason.UNAVAILABLE;
          };
      throw new FalException(
          reason,
          "a picture was drawn but not fetched: " + failure.getMessage() + "; " + paid(results),
          FalException.Answer.NONE,
          results.get(index).handle().requestId(),
          failure);
    }
  }

  private static String paid(List<FalResult> results) {
    return "completed, billed, and open to FalClient.result for a while: "
        + results.stream()
            .map(result -> result.handle().requestId())
            .collect(Collectors.joining(", "));
  }

  private static Cost cost(List<FalResult> results) {
    BigDecimal sum = BigDecimal.ZERO;
    for (FalResult result : results) {
      if (result.billableUnits().isEmpty()) {
        return new Cost.Unknown();
      }
      sum = sum.add(result.billableUnits().get());
    }
    return new Cost.Units(sum);
  }

  /** Gives connections and threads back; what runs at fal goes on. */
  @Override
  public void close() {
    client.close();
    downloads.close();
  }
}
