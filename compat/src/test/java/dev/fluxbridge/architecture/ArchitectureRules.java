package dev.fluxbridge.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.members;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.URLConnection;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * The walls of the house. Each rule says why it stands; a violation is mended by moving the code,
 * not the wall. Every rule is shown to catch something in {@link PlantedViolationsTest}.
 */
final class ArchitectureRules {
  private static final String[] ENGINE = {"ai.djl..", "dev.fluxbridge.legacy.."};
  private static final String[] PLAIN = {"java..", "javax..", "org.slf4j..", "org.jspecify.."};

  private static final Set<String> HAND_DOWN_THEIR_TYPE =
      Set.of(
          "toType",
          "toDevice",
          "softmax",
          "logSoftmax",
          "zerosLike",
          "onesLike",
          "like",
          "toByteBuffer");

  private ArchitectureRules() {}

  static final ArchRule PROVIDERS_NEVER_SEE_WHAT_DIES_BEFORE_THEM =
      noClasses()
          .that()
          .resideInAPackage("dev.fluxbridge.providers..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(ENGINE)
                  .or(resideInAnyPackage("dev.fluxbridge.compat..", "dev.fluxbridge.pipelines..")))
          .because("the providers live on when the engine and the old signatures are gone");

  static final ArchRule WHAT_JUDGES_PICTURES_KNOWS_NO_ROAD =
      noClasses()
          .that()
          .resideInAPackage("dev.fluxbridge.golden..")
          .and()
          // draws on the roads, dies with them, and has walls of its own
          .resideOutsideOfPackage("dev.fluxbridge.golden.roads..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(ENGINE)
                  .or(resideInAnyPackage("dev.fluxbridge.compat..", "dev.fluxbridge.pipelines..")))
          .allowEmptyShould(true)
          .because("pictures are judged by one measure, whichever road drew them, and after it");

  static final ArchRule METRICS_ARE_PLAIN_JAVA =
      noClasses()
          .that()
          .resideInAPackage("dev.fluxbridge.golden.metrics..")
          .should()
          .dependOnClassesThat(
              not(
                  resideInAnyPackage(
                      "java..",
                      "org.jspecify..",
                      "dev.fluxbridge.providers",
                      "dev.fluxbridge.golden.metrics..")))
          .allowEmptyShould(true)
          .because("a number is arithmetic on pixels: no files, no network, no libraries");

  static final ArchRule ONLY_THE_LOCAL_BRIDGE_SEES_THE_ENGINE =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.fluxbridge.compat.local..", "dev.fluxbridge.legacy..")
          .should()
          .dependOnClassesThat(resideInAnyPackage(ENGINE))
          .because(
              "deleting legacy-local must be deleting one module, one package and one line of a service file");

  static final ArchRule NOBODY_NAMES_THE_LOCAL_BRIDGE =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.fluxbridge.compat.local..")
          .should()
          .dependOnClassesThat(resideInAnyPackage("dev.fluxbridge.compat.local.."))
          .because("it is found as a service, so that it can be missing");

  static final ArchRule ONLY_ITS_BRIDGE_SEES_OPENAI =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.fluxbridge.compat.openai..", "dev.fluxbridge.providers.openai..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("dev.fluxbridge.providers.openai..", "com.openai.."))
          .because("it is 75 MB, and who does not take that road must not need it");

  static final ArchRule NOBODY_NAMES_THE_BRIDGE_TO_OPENAI =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.fluxbridge.compat.openai..")
          .should()
          .dependOnClassesThat(resideInAnyPackage("dev.fluxbridge.compat.openai.."))
          .because("it is found as a service, so that it can be missing");

  static final ArchRule ONLY_ITS_FLAG_SOURCE_SEES_OPENFEATURE =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.fluxbridge.compat.openfeature..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("dev.openfeature..", "dev.fluxbridge.compat.openfeature.."))
          .because("its SDK is the user's to add, and who sets flags otherwise must not need it");

  static final ArchRule ONLY_ITS_OBSERVER_SEES_MICROMETER =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.fluxbridge.compat.micrometer..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("io.micrometer..", "dev.fluxbridge.compat.micrometer.."))
          .because("it is the user's to add, and who measures otherwise must not need it");

  static final ArchRule ONLY_LEARNED_MEASURES_SEE_ONNX_RUNTIME =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.fluxbridge.golden.onnx..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("ai.onnxruntime..", "dev.fluxbridge.golden.onnx.."))
          .because("it is 54 MB of native code, and who measures without it must not need it");

  static final ArchRule THE_ENGINE_KNOWS_NOBODY =
      noClasses()
          .that()
          .resideInAPackage("dev.fluxbridge.legacy..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "dev.fluxbridge.providers..",
                  "dev.fluxbridge.compat..",
                  "dev.fluxbridge.pipelines.."))
          .allowEmptyShould(true)
          .because("what dies first must not hold on to what stays");

  static final ArchRule ONLY_THE_KERNELS_SEE_THE_PYTORCH_ENGINE =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.fluxbridge.legacy.kernels..")
          .should()
          .dependOnClassesThat(resideInAnyPackage("ai.djl.pytorch.."))
          .because("engine-specific calls, some of which abort the JVM, are kept in one place");

  static final ArchRule ONLY_THE_KERNELS_TELL_DJL_A_TYPE_OF_NUMBER =
      noClasses()
          .that()
          .resideInAPackage("dev.fluxbridge.legacy..")
          .and()
          .resideOutsideOfPackage("dev.fluxbridge.legacy.kernels..")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("ai.djl.ndarray.types.DataType")
          .orShould()
          .callMethodWhere(
              DescribedPredicate.describe(
                  "an array hands its own type to native code",
                  call ->
                      call.getTargetOwner().getName().equals("ai.djl.ndarray.NDArray")
                          && HAND_DOWN_THEIR_TYPE.contains(call.getName())))
          .allowEmptyShould(true)
          .because(
              "DJL's native code ends the JVM when it is shown bfloat16: Precision and Kernels stand"
                  + " in between");

  static final ArchRule VENDORS_DO_NOT_SEE_EACH_OTHER =
      slices()
          .matching("dev.fluxbridge.providers.(fal|openai)..")
          .should()
          .notDependOnEachOther()
          .because("who uses one provider must not carry the other");

  static final ArchRule SOCKETS_ARE_OPENED_IN_ONE_PLACE =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.fluxbridge.providers.http..", "dev.fluxbridge.legacy..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("okhttp3..", "java.net.http..", "javax.net..")
                  .or(JavaClass.Predicates.assignableTo(Socket.class))
                  .or(JavaClass.Predicates.assignableTo(SocketChannel.class))
                  .or(JavaClass.Predicates.assignableTo(URLConnection.class))
                  .or(JavaClass.Predicates.assignableTo(HttpURLConnection.class)))
          .because(
              "timeouts, guards, retries and redaction are worth nothing where they can be walked around");

  static final ArchRule ADDRESSES_ARE_NOT_OPENED_BY_THE_JDK =
      noClasses()
          // reads entries of the class path, of which a loader gives several by their addresses
          // only
          .that()
          .doNotHaveFullyQualifiedName("dev.fluxbridge.legacy.kernels.EngineParts")
          .should()
          .callMethod(java.net.URL.class, "openStream")
          .orShould()
          .callMethod(java.net.URL.class, "openConnection")
          .because("the JDK's own opener follows redirects and knows no guard");

  static final ArchRule JSON_STAYS_INSIDE =
      members()
          .that()
          .areDeclaredInClassesThat()
          .resideInAnyPackage("dev.fluxbridge..")
          .should(notShow(resideInAnyPackage("com.fasterxml..", "com.google.gson..")))
          .because("a JSON library in a signature can never be changed again");

  static final ArchRule A_VENDORS_LIBRARY_STAYS_INSIDE =
      members()
          .that()
          .areDeclaredInClassesThat()
          .resideInAnyPackage("dev.fluxbridge..")
          .should(
              notShow(
                  resideInAnyPackage(
                      "com.openai..", "okhttp3..", "okio..", "kotlin..", "ai.onnxruntime..")))
          .because("a client library in a signature can never be changed again");

  static final ArchRule THE_DATA_IS_PLAIN_JAVA =
      noClasses()
          .that()
          .resideInAPackage("dev.fluxbridge.providers")
          .should()
          .dependOnClassesThat(
              not(
                  resideInAnyPackage(
                      "java..", "javax.imageio..", "org.jspecify..", "dev.fluxbridge.providers")))
          .because("requests and results outlive every library that carries them");

  static final ArchRule FACADES_SHOW_NO_THIRD_PARTY =
      members()
          .that()
          .areDeclaredInClassesThat()
          .resideInAnyPackage("dev.fluxbridge.pipelines..")
          .should(
              notShow(not(resideInAnyPackage(PLAIN).or(resideInAnyPackage("dev.fluxbridge..")))))
          .because("an old caller's class file must link for ever");

  static final ArchRule FACADES_REACH_ONLY_THE_ROOT =
      noClasses()
          .that()
          .resideInAPackage("dev.fluxbridge.pipelines..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "dev.fluxbridge.compat.route..",
                  "dev.fluxbridge.providers.fal..",
                  "dev.fluxbridge.providers.http.."))
          .because("a facade does not know which road its call takes");

  static final ArchRule PICTURES_ARE_DECODED_IN_ONE_PLACE =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.fluxbridge.cli..")
          .and()
          .doNotHaveFullyQualifiedName("dev.fluxbridge.providers.Bitmaps")
          .should()
          .dependOnClassesThat(JavaClass.Predicates.assignableTo(ImageIO.class))
          .because("results are bytes as the provider sent them, and one class decodes them");

  static final ArchRule NO_PACKAGE_CYCLES =
      slices()
          .matching("dev.fluxbridge.(**)")
          .should()
          .beFreeOfCycles()
          .because("packages that need each other are one package");

  static final ArchRule PUBLIC_TYPES_ARE_CLOSED =
      classes()
          .that()
          .arePublic()
          .and()
          .areTopLevelClasses()
          .and()
          .areNotInterfaces()
          .and()
          .areNotAssignableTo(Exception.class)
          .should(beFinalOrSealed())
          .because("a class that nobody thought of as a base class is none");

  static final ArchRule NO_DRAWERS =
      noClasses()
          .should()
          .resideInAnyPackage(
              "dev.fluxbridge..util..",
              "dev.fluxbridge..common..",
              "dev.fluxbridge..helper..",
              "dev.fluxbridge..impl..",
              "dev.fluxbridge..model..",
              "dev.fluxbridge..dto..")
          .because("a package is named for what it does");

  /** A sealed parent has no constructor that anyone outside of its package could call. */
  private static ArchCondition<JavaClass> beFinalOrSealed() {
    return new ArchCondition<>("be final or closed to subclasses") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean open =
            type.getConstructors().stream()
                .flatMap(constructor -> constructor.getModifiers().stream())
                .anyMatch(m -> m == JavaModifier.PUBLIC || m == JavaModifier.PROTECTED);
        if (!type.getModifiers().contains(JavaModifier.FINAL) && open) {
          events.add(
              SimpleConditionEvent.violated(
                  type, type.getName() + " is not final and anyone can extend it"));
        }
      }
    };
  }

  static List<ArchRule> all() {
    return Stream.of(ArchitectureRules.class.getDeclaredFields())
        .filter(field -> ArchRule.class.isAssignableFrom(field.getType()))
        .map(
            field -> {
              try {
                return (ArchRule) field.get(null);
              } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
              }
            })
        .toList();
  }

  /**
   * Public and protected members of public types show no such type, not even inside a generic one.
   */
  private static ArchCondition<JavaMember> notShow(DescribedPredicate<JavaClass> forbidden) {
    return new ArchCondition<>("not show types that " + forbidden.getDescription()) {
      @Override
      public void check(JavaMember member, ConditionEvents events) {
        Set<JavaModifier> modifiers = member.getModifiers();
        boolean visible =
            modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
        if (!visible || !member.getOwner().getModifiers().contains(JavaModifier.PUBLIC)) {
          return;
        }
        shownBy(member)
            .flatMap(type -> type.getAllInvolvedRawTypes().stream())
            .map(JavaClass::getBaseComponentType)
            .filter(type -> !type.isPrimitive() && forbidden.test(type))
            .forEach(
                type ->
                    events.add(
                        SimpleConditionEvent.violated(
                            member, member.getFullName() + " shows " + type.getName())));
      }
    };
  }

  private static Stream<JavaType> shownBy(JavaMember member) {
    if (member instanceof JavaField field) {
      return Stream.of(field.getType());
    }
    JavaCodeUnit unit = (JavaCodeUnit) member;
    return Stream.concat(
        Stream.of(unit.getReturnType()),
        Stream.concat(
            unit.getParameterTypes().stream(),
            unit.getExceptionTypes().stream().map(JavaType.class::cast)));
  }
}
