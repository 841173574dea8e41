package dev.fluxbridge.providers.openai;

import dev.fluxbridge.providers.Cost;
import dev.fluxbridge.providers.ImageBackend;
import dev.fluxbridge.providers.ImageRequest;
import dev.fluxbridge.providers.ImageResult;
import dev.fluxbridge.providers.LedgerRow;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Draws and edits with OpenAI's image models. A call that becomes several requests sends them one
 * after the other, so that a refusal of the first leaves nothing else to pay for.
 *
 * <p>It decodes nothing: pictures are what OpenAI sent, byte for byte. A request that may have been
 * accepted is never sent again. Immutable and safe for use by several threads; owns connections, so
 * close it.
 */
public final class OpenAiImageBackend implements ImageBackend, AutoCloseable {
  private final OpenAiCredentials credentials;
  private final OpenAiExchange exchange;
  private final Downloads files;
  private final OpenAiImageMapping mapping;
  private final Duration deadline;
  private final Effects effects;

  /** A backend with this configuration. It sends nothing before it is asked to draw. */
  public OpenAiImageBackend(OpenAiConfig config) {
    this(config, Effects.system());
  }

  OpenAiImageBackend(OpenAiConfig config, Effects effects) {
    this.credentials = config.credentials();
    this.exchange = new OpenAiExchange(config, effects);
    this.files = new Downloads(config.media(), config.timeouts(), config.retry(), effects);
    this.mapping =
        new OpenAiImageMapping(config.imageModel(), config.media().maxPixels(), config.strict());
    this.deadline = config.deadline();
    this.effects = effects;
  }

  /** What becomes of each old argument here. */
  public static List<LedgerRow> ledger() {
    return Arrays.stream(OpenAiRule.values()).map(OpenAiRule::row).toList();
  }

  @Override
  public String name() {
    return "openai";
  }

  @Override
  public ImageResult generate(ImageRequest request, Progress progress) {
    long start = effects.ticker().nanos();
    OpenAiImageMapping.Plan plan = mapping.plan(request);
    Deadline end = Deadline.in(deadline, effects);
    List<String> secret =
        Stream.concat(
                Stream.of(credentials.key()),
                request.prompts().stream().flatMap(OpenAiImageBackend::texts))
            .toList();
    List<Picture> pictures = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    Set<Note> notes = new LinkedHashSet<>(plan.notes());
    Cost cost = null;
    for (OpenAiImageMapping.Part part : plan.parts()) {
      OpenAiErrors errors = new OpenAiErrors(spent(pictures.size(), ids), secret);
      OpenAiReply reply = exchange.send(plan, part, end, errors);
      if (!reply.requestId().isEmpty()) {
        ids.add(reply.requestId());
      }
      progress.accepted(name(), reply.requestId());
      cost = cost == null ? reply.cost() : sum(cost, reply.cost());
      for (String base64 : reply.pictures()) {
        Download file = file(base64, end, errors, reply.requestId());
        pictures.add(file.picture());
        if (file.width() != plan.size().width() || file.height() != plan.size().height()) {
          notes.add(
              OpenAiRule.SIZE_RETURNED.note(
                  "%s asked, %dx%d came".formatted(plan.size(), file.width(), file.height())));
        }
      }
    }
    return new ImageResult(
        pictures,
        List.of(),
        List.of(),
        List.copyOf(notes),
        cost == null ? new Cost.Unknown() : cost,
        new Provenance(
            name(), plan.model(), ids, Duration.ofNanos(effects.ticker().nanos() - start)));
  }

  private static Stream<String> texts(Prompt prompt) {
    return Stream.of(
            Stream.of(prompt.text()),
            prompt.second().stream(),
            prompt.negative().stream(),
            prompt.negativeSecond().stream())
        .flatMap(text -> text);
  }

  private static String spent(int pictures, List<String> ids) {
    return pictures == 0
        ? ""
        : "%d pictures of this call were drawn and billed before, and are lost: %s"
            .formatted(pictures, String.join(", ", ids));
  }

  /** The guard of downloads looks at it: format, size, and whether it is whole. */
  private Download file(String base64, Deadline end, OpenAiErrors errors, String requestId) {
    try {
      return files.picture("data:image/png;base64," + base64, end);
    } catch (HttpException failure) {
      throw errors.senseless(String.valueOf(failure.getMessage()), requestId);
    }
  }

  private static Cost sum(Cost some, Cost more) {
    return some instanceof Cost.Tokens a && more instanceof Cost.Tokens b
        ? a.plus(b)
        : new Cost.Unknown();
  }

  /** Gives connections back. */
  @Override
  public void close() {
    exchange.close();
    files.close();
  }
}
