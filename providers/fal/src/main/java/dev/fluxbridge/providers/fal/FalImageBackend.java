package dev.fluxbridge.providers.fal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.BackendException.Reason;
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
import dev.fluxbridge.providers.Size;
import dev.fluxbridge.providers.fal.image.FalImagePlan;
import dev.fluxbridge.providers.fal.image.FalImagePlanner;
import dev.fluxbridge.providers.http.Deadline;
import dev.fluxbridge.providers.http.Download;
import dev.fluxbridge.providers.http.Downloads;
import dev.fluxbridge.providers.http.Effects;
import dev.fluxbridge.providers.http.HttpException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Draws through fal's queue: plans the requests, uploads the pictures that they start from, submits
 * them side by side, waits, and fetches what was drawn.
 *
 * <p>Nothing is submitted before all is uploaded. The same picture goes up once, within a call and
 * from call to call. It decodes nothing: pictures are what fal sent, byte for byte. Immutable and
 * safe for use by several threads; owns connections, so close it.
 */
public final class FalImageBackend implements ImageBackend, AutoCloseable {
  private final FalClient client;
  private final Downloads downloads;
  private final FalImagePlanner planner;
  private final Effects effects;

  /** A backend with this configuration. It sends nothing before it is asked to draw. */
  public FalImageBackend(FalConfig config) {
    this(config, Effects.system());
  }

  FalImageBackend(FalConfig config, Effects effects) {
    this.client = new FalClient(config, effects);
    this.downloads = new Downloads(config.media(), config.timeouts(), config.retry(), effects);
    this.planner =
        new FalImagePlanner(config.models(), config.media().maxPixels(), config.strict());
    this.effects = effects;
  }

  /** What becomes of each old argument here: a row for each case. */
  public static List<LedgerRow> ledger() {
    return FalImagePlanner.ledger();
  }

  @Override
  public String name() {
    return "fal";
  }

  @Override
  public ImageResult generate(ImageRequest request, Progress progress) {
    long start = effects.ticker().nanos();
    FalImagePlan plan = planner.plan(request);
    Deadline deadline = client.deadline();
    List<FalClient.Input> inputs = inputs(plan, deadline);
    try {
      List<FalResult> results = client.subscribeAll(inputs, progress, deadline);
      return fetch(plan, results, start, deadline);
    } catch (FalException failure) {
      Stream<String> prompts = request.prompts().stream().flatMap(FalImageBackend::texts);
      throw failure.hiding(Stream.concat(prompts, addresses(inputs)).toList());
    }
  }

  /** The requests with the addresses of their files in them, once all of these are uploaded. */
  private List<FalClient.Input> inputs(FalImagePlan plan, Deadline deadline) {
    List<InputJson> plain =
        plan.parts().stream().map(part -> InputJson.of(FalInput.of(part.input()), 0)).toList();
    List<String> texts =
        plain.stream().allMatch(json -> json.slots().isEmpty())
            ? plain.stream().map(InputJson::text).toList()
            : uploaded(plan, deadline);
    List<FalClient.Input> inputs = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      EndpointId endpoint = EndpointId.parse(plan.parts().get(i).endpoint());
      inputs.add(new FalClient.Input(endpoint, texts.get(i)));
    }
    return inputs;
  }

  /** All of them at once: several uploads run side by side, and the same picture is one upload. */
  private List<String> uploaded(FalImagePlan plan, Deadline deadline) {
    FalStorage storage = client.storage();
    Duration left = deadline.left();
    Duration longest = storage.options().deadline();
    if (left.isZero()) {
      throw FalException.of(Reason.TIMEOUT, "no time was left for uploads; nothing was submitted");
    }
    List<Map<String, Object>> inputs = plan.parts().stream().map(FalImagePlan.Part::input).toList();
    try {
      String json =
          storage
              .with(storage.options().withDeadline(left.compareTo(longest) < 0 ? left : longest))
              .json(FalInput.of("parts", inputs));
      List<String> texts = new ArrayList<>();
      for (JsonNode part : Json.read(json).orElseThrow().path("parts")) {
        texts.add(Json.write((ObjectNode) part));
      }
      return texts;
    } catch (FalException failure) {
      FalException known =
          failure.reason() == Reason.BAD_REPLY ? failure.because(Reason.UNAVAILABLE) : failure;
      throw known.adding("nothing was submitted");
    }
  }

  /** Where pictures and weights lie: who has such an address can read them. */
  private static Stream<String> addresses(List<FalClient.Input> inputs) {
    return inputs.stream()
        .flatMap(input -> Json.read(input.json()).stream())
        .flatMap(FalImageBackend::values)
        .filter(text -> text.startsWith("http") || text.startsWith("data:"));
  }

  private static Stream<String> values(JsonNode node) {
    return node.isTextual()
        ? Stream.of(node.textValue())
        : StreamSupport.stream(node.spliterator(), false).flatMap(FalImageBackend::values);
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
      FalImagePlan plan, List<FalResult> results, long start, Deadline deadline) {
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
        Size came = new Size(download.width(), download.height());
        plan.parts()
            .get(i)
            .size()
            .filter(size -> !size.equals(came))
            .ifPresent(size -> notes.add(FalImagePlanner.sizeReturned(size, came)));
      }
      flagged.addAll(reply.flagged());
    }
    String endpoints =
        plan.parts().stream()
            .map(FalImagePlan.Part::endpoint)
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
