package dev.fluxbridge.cli.demo;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class OldProgramTest {
  @Test
  void knowsNothingButTheOldPipelines() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "javax.imageio..", "dev.fluxbridge.pipelines..")
        .check(new ClassFileImporter().importClasses(OldProgram.class));
  }
}
