package dev.fluxbridge.golden.roads;

import dev.fluxbridge.golden.Golden;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Marks a test that draws on several roads, each run held to the golden of one of them by what
 * roads have in common and not by single pixels.
 *
 * <pre>{@code
 * @GoldenRoads({"local", "fal"})
 * void redCircle(Fluxbridge road) {
 *   FluxPipeline pipe = FluxPipeline.fromPretrained("black-forest-labs/FLUX.1-dev", road);
 *   FluxArguments circle = new FluxArguments().prompt("a red circle").generator(new Generator().manualSeed(7));
 *   assertThat(pipe.call(circle).result()).matchesGolden();
 * }
 * }</pre>
 *
 * <p>A parameter of type {@link dev.fluxbridge.compat.Fluxbridge} puts every call on the run's road
 * and disturbs no test beside it. Without one the run's road is {@link
 * dev.fluxbridge.compat.Fluxbridge#standard()} until the run ends, so that old code is tested as it
 * is, and JUnit runs such a test by itself. Make pipelines in the test or in a method of {@code
 * BeforeEach}: a field is set before the run has a road. Hosted roads answer from recordings, and
 * are sent nothing; {@code -Dgolden.live} makes the recordings. {@link Golden} beside it gives the
 * golden another name than that of the method.
 *
 * <p>Needs JUnit 5.12 or newer.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@TestTemplate
@Golden
@ExtendWith(GoldenRoadsExtension.class)
@ResourceLock(providers = StandardRoadLock.class)
public @interface GoldenRoads {
  /** The roads: {@code local}, {@code fal}, {@code openai}. */
  String[] value();

  /** The road whose golden holds, whether it is among those that run or not. */
  String golden() default "local";

  /**
   * Settings of the roads for this test before those of the process, each {@code key=value}: those
   * that begin with {@code fluxbridge.local.}, {@code fluxbridge.fal.}, {@code fluxbridge.openai.},
   * {@code fluxbridge.protect} or {@code fluxbridge.strict}. Flags, ramps, shadows and fallbacks do
   * not count here: a run stays on its road.
   */
  String[] settings() default {};
}
