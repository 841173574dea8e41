package dev.fluxbridge.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the code of every module that compat sees against the walls. */
class ArchitectureTest {
  // Only tests are left out: leaving out jars as well would hide the sibling modules under "mvn
  // package".
  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.fluxbridge");

  static java.util.List<ArchRule> rules() {
    return ArchitectureRules.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void theCodeKeepsToTheWalls(ArchRule rule) {
    rule.check(CODE);
  }
}
