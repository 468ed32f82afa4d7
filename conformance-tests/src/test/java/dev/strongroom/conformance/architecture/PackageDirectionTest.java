// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The arrows of the README's architecture, as a test: what is not drawn is forbidden. */
class PackageDirectionTest {

  // spotless:off
  private static final Map<String, String> MAY_IMPORT = new TreeMap<>(Map.ofEntries(
      // native
      Map.entry("hsm",                  ""),
      Map.entry("hsm.transport",        "hsm"),
      Map.entry("hsm.cluster",          "hsm hsm.transport"),
      Map.entry("hsm.pkcs11",           "hsm hsm.transport"),
      Map.entry("hsm.embedded",         "hsm hsm.transport"),
      // keystore: the words and JSON may be used by all of the KMS and by what is above it
      Map.entry("kms",                  ""),
      Map.entry("kms.json",             ""),
      Map.entry("kms.metrics",          "kms hsm"),
      Map.entry("kms.authz.grant",      "kms"),
      Map.entry("kms.authz.request",    "kms kms.authz.grant"),
      Map.entry("kms.authz.match",      "kms kms.authz.request"),
      Map.entry("kms.authz.policy",     "kms kms.json kms.authz.request kms.authz.match"),
      Map.entry("kms.authz",            "kms kms.json kms.authz.grant kms.authz.request kms.authz.match kms.authz.policy"),
      Map.entry("kms.expectations",     "kms kms.authz kms.authz.grant kms.authz.request kms.authz.policy"),
      Map.entry("kms.approval",         "kms kms.json"),
      Map.entry("kms.audit.proof",      "kms"),
      Map.entry("kms.audit.usage",      "kms"),
      Map.entry("kms.audit",            "kms kms.json kms.audit.proof kms.audit.usage"),
      Map.entry("kms.audit.export",     "kms kms.json kms.audit kms.audit.proof"),
      Map.entry("kms.key",              "kms kms.json hsm"),
      Map.entry("kms.key.backing",      "kms kms.key hsm"),
      Map.entry("kms.crypto",           "kms kms.json kms.key kms.key.backing kms.metrics"),
      Map.entry("kms.crypto.envelope.frame",   "kms kms.crypto"),
      Map.entry("kms.crypto.envelope.keyring", "kms kms.crypto"),
      Map.entry("kms.crypto.envelope",  "kms kms.key kms.crypto kms.crypto.envelope.frame kms.crypto.envelope.keyring"),
      Map.entry("kms.storage",          "kms kms.json kms.approval kms.key kms.authz kms.authz.grant"),
      Map.entry("kms.life",             "kms kms.key kms.key.backing kms.storage kms.audit"),
      Map.entry("kms.material",         "kms kms.key kms.key.backing"),
      Map.entry("kms.backup",           "kms kms.json kms.key kms.key.backing kms.crypto kms.metrics"),
      Map.entry("kms.cloudhsm",         "kms kms.key kms.key.backing kms.storage hsm hsm.cluster hsm.transport"),
      Map.entry("kms.custody",          "kms kms.key hsm hsm.transport"),
      Map.entry("kms.iam",              "kms kms.json kms.authz kms.authz.grant kms.authz.request kms.authz.policy kms.storage"),
      Map.entry("kms.service",          "kms kms.json kms.approval kms.key kms.key.backing kms.crypto kms.crypto.envelope kms.crypto.envelope.frame kms.crypto.envelope.keyring kms.storage kms.audit kms.audit.export kms.audit.proof kms.audit.usage kms.iam kms.life kms.material kms.custody kms.backup kms.cloudhsm kms.metrics"
                                      + " kms.authz kms.authz.grant kms.authz.request kms.authz.policy"
                                      + " hsm hsm.transport hsm.cluster hsm.pkcs11 hsm.embedded"),
      Map.entry("acm",                  "kms kms.json kms.service"),
      Map.entry("keystore",             "kms kms.service acm"),
      // provider; audit records, envelope options and keyrings are in the front door's signatures
      Map.entry("jca",                  "kms kms.service kms.crypto.envelope kms.crypto.envelope.keyring keystore"),
      Map.entry("field",                "kms kms.service kms.key kms.crypto keystore"),
      Map.entry("adapter.jpa",          "field jca keystore kms"),
      Map.entry("adapter.kafka",        "jca"),
      Map.entry("adapter.mssql",        "jca keystore kms kms.service"),
      Map.entry("adapter.postgresql",   "jca"),
      Map.entry("cli",                  "kms kms.custody kms.json kms.approval kms.audit kms.audit.export kms.audit.proof kms.audit.usage kms.service kms.crypto.envelope kms.crypto.envelope.keyring"
                                      + " acm keystore jca")));

  /** Libraries, each with the only packages that know it. */
  private static final Map<String, String> LIBRARIES = new TreeMap<>(Map.of(
      "com.microsoft..",            "adapter.mssql",
      "jakarta.persistence..",      "adapter.jpa",
      "org.apache.kafka..",         "adapter.kafka",
      "com.sun.jna..",              "hsm.pkcs11",
      "com.fasterxml.jackson..",    "kms.json",
      "org.sqlite..",               "kms.storage",
      "org.postgresql..",           "kms.storage",
      "org.apache.commons.cli..",   "cli",
      "jdk.jfr..",                  "kms.metrics",
      "javax.management..",         "kms.metrics"));
  // spotless:on

  static Stream<Arguments> arrows() {
    return MAY_IMPORT.entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  @ParameterizedTest(name = "{0} imports only: {1}")
  @MethodSource("arrows")
  void packageImportsOnlyWhatIsDrawn(String from, String allowed) {
    List<String> packages = new ArrayList<>();
    packages.add(Code.ROOT + from);
    if (!allowed.isEmpty()) {
      Arrays.stream(allowed.split(" ")).map(name -> Code.ROOT + name).forEach(packages::add);
    }

    classes()
        .that()
        .resideInAPackage(Code.ROOT + from)
        .should()
        .onlyDependOnClassesThat(
            JavaClass.Predicates.resideOutsideOfPackage("dev.strongroom..")
                .or(JavaClass.Predicates.resideInAnyPackage(packages.toArray(new String[0]))))
        .allowEmptyShould(true)
        .check(Code.ALL);
  }

  static Stream<Arguments> libraries() {
    return LIBRARIES.entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  @ParameterizedTest(name = "{0} is known only to {1}")
  @MethodSource("libraries")
  void libraryIsKnownToOnePackage(String library, String owner) {
    noClasses()
        .that()
        .resideOutsideOfPackages(Code.ROOT + owner)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(Code.ALL);
  }

  @Test
  void everyPackageIsDrawn() {
    TreeSet<String> found = new TreeSet<>();
    Code.ALL.forEach(type -> found.add(type.getPackageName().substring(Code.ROOT.length())));
    found.removeAll(MAY_IMPORT.keySet());

    assertEquals(new TreeSet<String>(), found, "add these packages to the drawing and the table");
  }
}
