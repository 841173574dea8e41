package dev.fluxbridge.golden.roads;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The walls around this package, which compat's architecture test does not see. */
class WallsTest {
  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.fluxbridge");

  @Test
  void socketsTowardsProvidersAreOpenedByTheHttpEdgeAlone() {
    noClasses()
        .that()
        .resideInAPackage("dev.fluxbridge.golden.roads..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "okhttp3..",
                "java.net.http..",
                "javax.net..",
                "com.sun.net..",
                "wiremock.org.apache.."))
        .check(CODE);
    noClasses()
        .that()
        .resideInAPackage("dev.fluxbridge.golden.roads..")
        .should()
        .dependOnClassesThat()
        .haveNameMatching("java\\.net\\.(Socket|ServerSocket|URLConnection|HttpURLConnection)")
        .check(CODE);
  }

  @Test
  void noRoadIsNamedButThroughCompat() {
    noClasses()
        .that()
        .resideInAPackage("dev.fluxbridge.golden.roads..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "ai.djl..",
                "dev.fluxbridge.legacy..",
                "dev.fluxbridge.compat.local..",
                "dev.fluxbridge.compat.openai..",
                "dev.fluxbridge.providers.openai..",
                "com.openai..",
                "dev.fluxbridge.pipelines.."))
        .check(CODE);
  }

  @Test
  void nobodyElseKnowsThisPackageOrWireMock() {
    noClasses()
        .that(not(resideInAnyPackage("dev.fluxbridge.golden.roads..")))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("dev.fluxbridge.golden.roads..", "com.github.tomakehurst.."))
        .check(CODE);
  }

  @Test
  void onlyTheAnnotationIsPublic() {
    assertThat(
            CODE.stream()
                .filter(type -> type.getPackageName().equals("dev.fluxbridge.golden.roads"))
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .map(type -> type.getSimpleName()))
        .containsExactly("GoldenRoads");
    classes()
        .that()
        .resideInAPackage("dev.fluxbridge.golden.roads")
        .should()
        .haveSimpleNameNotEndingWith("Impl")
        .check(CODE);
  }
}
