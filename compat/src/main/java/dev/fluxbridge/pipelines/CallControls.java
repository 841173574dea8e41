package dev.fluxbridge.pipelines;

import dev.fluxbridge.providers.Control;
import dev.fluxbridge.providers.Images;
import dev.fluxbridge.providers.Pipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a call follows, as the request holds it. */
final class CallControls {
  private final Given given;

  private CallControls(Given given) {
    this.given = given;
  }

  /**
   * @param several whether the pipeline has a list of ControlNets, and so takes lists of everything
   */
  static List<Control> of(Given given, boolean several) {
    Pipeline pipeline = given.arguments().signature().pipeline();
    CallControls controls = new CallControls(given);
    return switch (pipeline) {
      case FLEX -> controls.flex();
      case CONTROL, CONTROL_IMG2IMG, CONTROL_INPAINT ->
          List.of(Control.of(controls.image(pipeline)));
      case CONTROLNET, CONTROLNET_IMG2IMG, CONTROLNET_INPAINT ->
          several ? controls.each(pipeline) : List.of(controls.single(pipeline));
      default -> List.of();
    };
  }

  private List<Control> flex() {
    double strength = given.number("control_strength").doubleValue();
    double stop = given.number("control_stop").doubleValue();
    return given
        .images("control_image")
        .map(image -> List.of(new Control(image, Optional.empty(), strength, 0, stop)))
        .orElse(List.of());
  }

  private Images image(Pipeline pipeline) {
    return given.images("control_image").orElseThrow(() -> missing(pipeline));
  }

  private static IllegalArgumentException missing(Pipeline pipeline) {
    return new IllegalArgumentException(
        "`control_image` must be given: %s cannot draw without it".formatted(pipeline.facade()));
  }

  private Control single(Pipeline pipeline) {
    Object mode = given.value("control_mode");
    if (mode != null && !(mode instanceof Integer)) {
      throw new IllegalArgumentException(
          " For `FluxControlNet`, `control_mode` should be an `int` or `None`");
    }
    return control(image(pipeline), mode, 0, 1);
  }

  private List<Control> each(Pipeline pipeline) {
    if (!given.has("control_image")) {
      throw missing(pipeline);
    }
    if (!(given.value("control_image") instanceof List<?> images)) {
      throw new IllegalArgumentException(
          "`control_image` must be a list with a picture for each ControlNet");
    }
    Object modes = given.value("control_mode");
    if (modes instanceof List<?> list && list.size() != images.size()) {
      throw new IllegalArgumentException(
          "For Multi-ControlNet, `control_mode` must be a list of the same "
              + " length as the number of controlnets (control images) specified");
    }
    List<Control> controls = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      Object mode = modes instanceof List<?> list ? list.get(i) : modes;
      controls.add(
          control(GivenPictures.read("control_image", images.get(i)), mode, i, images.size()));
    }
    return controls;
  }

  private Control control(Images image, @Nullable Object mode, int index, int count) {
    if (mode != null && !(mode instanceof Integer)) {
      throw new IllegalArgumentException("`control_mode` must be whole numbers");
    }
    return new Control(
        image,
        Optional.ofNullable((Integer) mode),
        number("controlnet_conditioning_scale", index, count),
        number("control_guidance_start", index, count),
        number("control_guidance_end", index, count));
  }

  /** One number for all nets, or a list with one for each. */
  private double number(String name, int index, int count) {
    if (!(given.value(name) instanceof List<?>)) {
      return given.number(name).doubleValue();
    }
    List<Double> each = given.numbers(name);
    if (each.size() != count) {
      throw new IllegalArgumentException(
          "`%s` has %d numbers for %d control images".formatted(name, each.size(), count));
    }
    return each.get(index);
  }
}
