package dev.fluxbridge.providers.fal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.providers.BackendException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What an endpoint that draws answered. Pure.
 *
 * @param links where the pictures are: addresses or data URIs
 * @param seed what drew them; empty if the answer does not say, or says more than fits
 * @param flagged for each picture whether it was marked as unsafe; empty if the answer does not say
 */
record FalImageReply(List<String> links, OptionalLong seed, List<Boolean> flagged) {

  /** Leaves the links out: they show the pictures. */
  @Override
  public String toString() {
    return links.size() + " pictures";
  }

  /**
   * Reads an answer.
   *
   * @param expected how many pictures were asked for
   * @throws FalException with {@code BAD_REPLY} if there are not just as many
   */
  static FalImageReply read(FalResult result, int expected) {
    ObjectNode body = Json.read(result.json()).orElseGet(Json::object);
    List<String> links = new ArrayList<>();
    for (JsonNode image : body.path("images")) {
      Json.text(image, "url").ifPresent(links::add);
    }
    if (links.size() != expected) {
      throw FalException.of(
          Reason.BAD_REPLY,
          "%s drew %d pictures with a link where %d were asked for"
              .formatted(result.handle().endpoint(), links.size(), expected),
          result.handle());
    }
    JsonNode seed = body.path("seed");
    List<Boolean> flagged = new ArrayList<>();
    for (JsonNode flag : body.path("has_nsfw_concepts")) {
      if (flag.isBoolean()) {
        flagged.add(flag.booleanValue());
      }
    }
    return new FalImageReply(
        List.copyOf(links),
        seed.isIntegralNumber() && seed.canConvertToLong()
            ? OptionalLong.of(seed.longValue())
            : OptionalLong.empty(),
        flagged.size() == expected ? List.copyOf(flagged) : List.of());
  }
}
