package dev.fluxbridge.providers.fal.platform;

import java.util.List;
import java.util.Optional;

/**
 * Which models to list. Immutable.
 *
 * @param endpointIds these alone; empty means all; more than 50 are asked for in several requests
 * @param text words to search for
 * @param category for example {@code text-to-image}
 * @param status active or deprecated; empty means both
 * @param openApi whether the description of input and output comes along
 */
public record ModelQuery(
    List<String> endpointIds,
    Optional<String> text,
    Optional<String> category,
    Optional<Status> status,
    boolean openApi) {

  /** All models. */
  public static final ModelQuery ALL =
      new ModelQuery(List.of(), Optional.empty(), Optional.empty(), Optional.empty(), false);

  /** Whether a model is still offered. */
  public enum Status {
    /** It is. */
    ACTIVE,
    /** It is going away. */
    DEPRECATED
  }

  /**
   * Checks the ids.
   *
   * @throws IllegalArgumentException if one of them cannot be an endpoint's
   */
  public ModelQuery {
    endpointIds = Ids.checked("an endpoint id", endpointIds);
  }

  /** The same for these endpoints alone. */
  public ModelQuery of(List<String> ids) {
    return new ModelQuery(ids, text, category, status, openApi);
  }

  /** The same for what these words find. */
  public ModelQuery matching(String words) {
    return new ModelQuery(endpointIds, Optional.of(words), category, status, openApi);
  }

  /** The same within this category. */
  public ModelQuery in(String name) {
    return new ModelQuery(endpointIds, text, Optional.of(name), status, openApi);
  }

  /** The same with this status. */
  public ModelQuery with(Status only) {
    return new ModelQuery(endpointIds, text, category, Optional.of(only), openApi);
  }

  /** The same, with the OpenAPI description of each. */
  public ModelQuery withOpenApi() {
    return new ModelQuery(endpointIds, text, category, status, true);
  }
}
