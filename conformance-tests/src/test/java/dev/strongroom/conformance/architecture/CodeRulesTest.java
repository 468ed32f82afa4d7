// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.strongroom.cli.Main;
import dev.strongroom.kms.service.KmsEngines;
import dev.strongroom.kms.storage.SqliteLibrary;
import java.io.Serializable;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import javax.security.auth.Destroyable;
import org.junit.jupiter.api.Test;

/** Rules that hold for all code of the product, as far as class files show them. */
class CodeRulesTest {

  /** Where tags, digests and tokens are compared. */
  private static final String[] SECRET_PACKAGES = {
    "dev.strongroom.kms.crypto..",
    "dev.strongroom.kms.key..",
    "dev.strongroom.kms.audit..",
    "dev.strongroom.kms.authz..",
    "dev.strongroom.kms.iam..",
    "dev.strongroom.field..",
    "dev.strongroom.hsm.."
  };

  @Test
  void secretsAreComparedInConstantTime() {
    noClasses()
        .that(resideInAnyPackage(SECRET_PACKAGES))
        .should()
        .callMethod(Arrays.class, "equals", byte[].class, byte[].class)
        .because("MessageDigest.isEqual does not tell how much of a tag was right")
        .check(Code.ALL);
  }

  @Test
  void loggingGoesThroughSystemLogger() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.strongroom.cli.Main") // silences a library in its process
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.logging..", "org.slf4j..", "org.apache.commons.logging..")
        .check(Code.ALL);
  }

  @Test
  void nothingIsPrintedButByTheCommandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.strongroom.cli")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(Code.ALL);
  }

  /** But for SQLite's library, and that where the command line says that the process is its own. */
  @Test
  void noPropertyOfTheProcessIsSet() {
    noClasses()
        .that()
        .areNotAssignableTo(SqliteLibrary.class)
        .should()
        .callMethod(System.class, "setProperty", String.class, String.class)
        .because("the process belongs to the application")
        .check(Code.ALL);
    noClasses()
        .that()
        .areNotAssignableTo(Main.class)
        .should()
        .callMethod(KmsEngines.class, "ownProcess")
        .because("the process belongs to the application")
        .check(Code.ALL);
  }

  /** JDK 22 gave both interfaces a default getParams(): two inherited defaults do not link. */
  @Test
  void everyKeyClassDeclaresGetParams() {
    classes()
        .that(assignableTo(PrivateKey.class).or(assignableTo(PublicKey.class)))
        .and()
        .areNotInterfaces()
        .and()
        .doNotHaveModifier(JavaModifier.ABSTRACT)
        .should(declareOrInherit("getParams"))
        .allowEmptyShould(true)
        .check(Code.ALL);
  }

  private static ArchCondition<JavaClass> declareOrInherit(String method) {
    return new ArchCondition<>("declare " + method + "(), or inherit it from a class of ours") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean has = false;
        Optional<JavaClass> at = Optional.of(type);
        while (at.isPresent() && !has) {
          has = at.get().tryGetMethod(method).isPresent();
          at = at.get().getRawSuperclass();
        }
        events.add(
            new SimpleConditionEvent(type, has, type.getName() + " has " + method + ": " + has));
      }
    };
  }

  /** JCA keys must be Serializable by their interface; they refuse it, which other tests hold. */
  @Test
  void secretsAreNotSerializable() {
    noClasses()
        .that()
        .areAssignableTo(Destroyable.class)
        .and()
        .areNotAssignableTo(java.security.Key.class)
        .and()
        .areNotInterfaces()
        .should()
        .beAssignableTo(Serializable.class)
        .check(Code.ALL);
  }

  @Test
  void timeComesFromAClock() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.strongroom.cli")
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .check(Code.ALL);
  }

  @Test
  void weakRandomIsNotUsed() {
    noClasses().should().callConstructor(Random.class).check(Code.ALL);
  }
}
