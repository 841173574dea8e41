package dev.fluxbridge.cli.rollout;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.compat.rollout.Floor;
import dev.fluxbridge.compat.rollout.Hold;
import dev.fluxbridge.compat.rollout.Mismatch;
import dev.fluxbridge.compat.rollout.RolloutState;
import dev.fluxbridge.compat.rollout.RolloutState.BudgetState;
import dev.fluxbridge.compat.rollout.RolloutState.Counted;
import dev.fluxbridge.compat.rollout.RolloutState.FloorState;
import dev.fluxbridge.compat.rollout.RolloutState.Happened;
import dev.fluxbridge.compat.rollout.RolloutState.RoadState;
import dev.fluxbridge.compat.rollout.Statistics;
import dev.fluxbridge.compat.route.Lane;
import dev.fluxbridge.providers.Task;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import javax.imageio.ImageIO;

/** A rollout that went up to a half and was taken back, with what that left behind. */
final class Scene {
  static final Instant NOW = Instant.parse("2026-11-21T22:00:00Z");
  static final String HOSTILE =
      "a fox</script><img src=x onerror=\"window.hurt=1\"><b>&amp;\u2028 '\"`${1}";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration SLOT = Duration.ofMinutes(10);
  private static final int SLOTS = 72;

  private final Path folder;
  private final Instant now;

  Scene(Path folder) {
    this(folder, NOW);
  }

  Scene(Path folder, Instant now) {
    this.folder = folder;
    this.now = now;
  }

  Watched watched() throws IOException {
    Path store = Files.writeString(folder.resolve("state.db"), "");
    return Watched.of(
        Settings.of(
            Map.of(),
            Map.of(),
            Map.ofEntries(
                Map.entry("fluxbridge.state.url", "jdbc:sqlite:" + store),
                Map.entry("fluxbridge.route.text-to-image", "local->fal"),
                Map.entry("fluxbridge.route.inpaint", "local=75,fal=25"),
                Map.entry("fluxbridge.ramp.text-to-image.steps", "1,5,25,50,100"),
                Map.entry("fluxbridge.guard.text-to-image.error-rate", "5%"),
                Map.entry("fluxbridge.guard.text-to-image.latency-p95", "1.5x"),
                Map.entry("fluxbridge.guard.text-to-image.cost-per-call", "0.05"),
                Map.entry("fluxbridge.guard.text-to-image.distance", "1.5x"),
                Map.entry("fluxbridge.guard.inpaint.mask-changed", "2%"))));
  }

  ObjectNode data(int mismatches) throws IOException {
    return new StatusJson(watched(), state(mismatches)).json();
  }

  RolloutState state(int mismatches) throws IOException {
    return new RolloutState(
        now,
        List.of(ramp(), split()),
        List.of(
            new BudgetState(
                "shadow",
                Optional.of(new BigDecimal("5.00")),
                Optional.empty(),
                new BigDecimal("4.75"),
                new BigDecimal("21.5"))),
        List.of(new FloorState(Task.TEXT_TO_IMAGE, "local", new Floor(42, 0.02, 0.08))),
        events(),
        mismatches(mismatches),
        history());
  }

  private RoadState ramp() {
    return new RoadState(
        new Lane(Task.TEXT_TO_IMAGE, "local", "fal", true, 100_000_000),
        0,
        Hold.BREACH,
        "the guard",
        "error-rate is 16 %, and at most 5 % is allowed",
        Optional.of(now.minusSeconds(1200)),
        Optional.empty(),
        Duration.ofMinutes(10),
        counted(150, 24, 900, 0.025, 0.11),
        counted(430, 1, 2400, 0, Double.NaN),
        Optional.of("error-rate is 16 %, and at most 5 % is allowed"));
  }

  private RoadState split() {
    return new RoadState(
        new Lane(Task.INPAINT, "local", "fal", false, 25_000_000),
        100_000_000,
        Hold.NONE,
        "the flag",
        "a split",
        Optional.empty(),
        Optional.empty(),
        Duration.ofMinutes(10),
        counted(0, 0, 0, 0, Double.NaN),
        counted(0, 0, 0, 0, Double.NaN),
        Optional.of("0 of 20 calls seen in the last PT10M"));
  }

  private List<Happened> events() {
    long[] steps = {1_000_000, 5_000_000, 25_000_000, 50_000_000};
    List<Happened> events = new ArrayList<>();
    for (int i = 0; i < steps.length; i++) {
      events.add(
          0,
          happened(
              now.minus(SLOT.multipliedBy(SLOTS)).plus(Duration.ofHours(3L * i)),
              i == 0 ? "Began" : "Climbed",
              OptionalLong.of(steps[i]),
              "fal climbs to " + steps[i] / 1_000_000 + " % by ann: " + HOSTILE));
    }
    events.add(
        0,
        happened(
            now.minusSeconds(1200),
            "RolledBack",
            OptionalLong.of(0),
            "fal is taken back from 50 % to 0 %: error-rate is 16 %"));
    events.add(
        0,
        new Happened(
            now.minusSeconds(600),
            "BudgetSpent",
            Optional.empty(),
            "",
            OptionalLong.empty(),
            "The budget 'shadow' is spent: 5 in PT1H"));
    return events;
  }

  private static Happened happened(Instant at, String kind, OptionalLong share, String text) {
    return new Happened(at, kind, Optional.of(Task.TEXT_TO_IMAGE), "fal", share, text);
  }

  private List<Counted> history() {
    List<Counted> history = new ArrayList<>();
    for (int i = 0; i < SLOTS; i++) {
      Instant at = now.minus(SLOT.multipliedBy(SLOTS - i));
      int fal =
          i < 18 ? 6 : i < 36 ? 30 : i < 54 ? 150 : i < SLOTS - 2 ? 300 : i == SLOTS - 2 ? 150 : 0;
      int failed = i == SLOTS - 2 ? 24 : i % 9 == 4 ? 1 : 0;
      history.add(
          new Counted(
              at,
              SLOT,
              Task.TEXT_TO_IMAGE,
              "local",
              counted(600 - fal, i % 7 == 3 ? 1 : 0, 2300 + i % 5 * 60, 0, Double.NaN)));
      if (fal > 0) {
        history.add(
            new Counted(
                at,
                SLOT,
                Task.TEXT_TO_IMAGE,
                "fal",
                counted(fal, failed, 850 + i % 4 * 45, 0.025, 0.07 + i % 6 * 0.012)));
      }
    }
    return history;
  }

  private static Statistics counted(
      long calls, long failures, long p95, double cost, double distance) {
    return new Statistics(
        calls,
        0,
        failures,
        failures,
        0,
        calls == 0 ? Optional.empty() : Optional.of(Duration.ofMillis(p95 * 6 / 10)),
        calls == 0 ? Optional.empty() : Optional.of(Duration.ofMillis(p95)),
        BigDecimal.valueOf(cost).multiply(BigDecimal.valueOf(calls)),
        cost == 0 ? 0 : calls,
        Double.isNaN(distance) ? OptionalDouble.empty() : OptionalDouble.of(distance),
        Double.isNaN(distance) ? 0 : calls / 10,
        OptionalDouble.empty());
  }

  private List<Mismatch> mismatches(int count) throws IOException {
    List<Mismatch> mismatches = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String id = "m%04d".formatted(i);
      Path record = folder.resolve("records").resolve(id);
      if (i != 3) {
        record(record, i);
      }
      mismatches.add(
          new Mismatch(
              id,
              now.minusSeconds(300L + 200L * i),
              i % 5 == 4 ? Task.INPAINT : Task.TEXT_TO_IMAGE,
              "local",
              i % 7 == 6 ? "openai" : "fal",
              OptionalDouble.of(0.1 + i % 10 * 0.05),
              i == 0 ? HOSTILE : "the pictures are %.2f apart".formatted(0.1 + i % 10 * 0.05),
              record.toString()));
    }
    return mismatches;
  }

  private static void record(Path record, int index) throws IOException {
    Files.createDirectories(record);
    String second = index == 6 ? "-1" : "";
    write(record, "served" + second, index, false);
    write(record, "shadow" + second, index, true);
    if (index == 6) {
      write(record, "served-2", 8, false);
      write(record, "shadow-2", 8, true);
      write(record, "mask", 9, false);
    }
    ObjectNode call = JSON.createObjectNode();
    call.withArray("/mismatch")
        .addObject()
        .put("kind", index % 2 == 0 ? "distance" : "cost")
        .put("text", "further apart than the limit");
    call.withObject("/request")
        .put("seed", 40 + index)
        .withArray("/prompts")
        .addObject()
        .put("prompt", index == 0 ? HOSTILE : "a red circle beside number " + index);
    call.withArray("/pictures").addObject().put("flip", 0.2).put("ssim", 0.91);
    Files.writeString(record.resolve("call.json"), index == 2 ? "{broken" : call.toString());
  }

  private static void write(Path record, String name, int index, boolean shadow)
      throws IOException {
    ImageIO.write(picture(index, shadow), "png", record.resolve(name + ".png").toFile());
  }

  private static BufferedImage picture(int index, boolean shadow) {
    BufferedImage image = new BufferedImage(96, 64, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    pen.setColor(shadow ? new Color(250, 244, 230) : Color.WHITE);
    pen.fillRect(0, 0, 96, 64);
    pen.setColor(Color.getHSBColor(index % 12 / 12f, 0.75f, 0.8f));
    pen.fillOval(shadow ? 24 : 16, 8, 48, 48);
    pen.dispose();
    return image;
  }
}
