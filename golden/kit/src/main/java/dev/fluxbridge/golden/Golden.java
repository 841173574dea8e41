package dev.fluxbridge.golden;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks a test that holds something to a golden, or a class of such tests. On a method it names the
 * golden, and the test fails if it compares nothing; on a class it also finds goldens that no test
 * of it asks for any more.
 *
 * <pre>{@code
 * @Test
 * @Golden
 * void redCircle() {
 *   assertThat(pipe.call("a red circle").result()).matchesGolden();
 * }
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
@ExtendWith(GoldenExtension.class)
public @interface Golden {
  /** The golden's name; that of the method unless set. Not for a class. */
  String value() default "";

  /** The road whose golden holds; the one that drew unless set. */
  String road() default "";
}
