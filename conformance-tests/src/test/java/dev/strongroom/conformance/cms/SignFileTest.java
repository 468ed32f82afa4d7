// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.cms;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.conformance.fixture.TestCa;
import dev.strongroom.conformance.hsm.Rig;
import dev.strongroom.conformance.packaging.Launched;
import dev.strongroom.kms.CmkSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignFileTest {
  @Test
  void theProgramOfTheReadmeSignsAFileThatOpensslVerifies(@TempDir Path folder) throws Exception {
    TestCa ca = TestCa.ec();
    Path root = TestCa.pem(folder.resolve("root.pem"), List.of(ca.root()));
    Path file = Files.writeString(folder.resolve("contract.pdf"), "%PDF-1.7 pay 100 euros");
    try (KmsHome home = KmsHome.in(folder.resolve("home"))) {
      home.certified(CmkSpec.ECC_NIST_P256, "sign", ca);
      Launched ended =
          Launched.java(
              folder,
              home.jvmOptions(),
              List.of(Path.of(System.getProperty("java.class.path"))),
              SignFile.class.getName());
      assertEquals(0, ended.exitCode(), ended.printed());
    }

    assertEquals(0, verify(root, file).exitCode(), () -> verify(root, file).printed());
    Files.writeString(file, "%PDF-1.7 pay 900 euros");
    assertEquals(4, verify(root, file).exitCode());
  }

  private static Rig.Ended verify(Path root, Path file) {
    return Rig.end(
        Map.of(),
        "openssl",
        List.of(
            "cms",
            "-verify",
            "-binary",
            "-inform",
            "DER",
            "-in",
            file + ".p7s",
            "-content",
            file.toString(),
            "-CAfile",
            root.toString(),
            "-purpose",
            "any",
            "-out",
            file + ".out"));
  }
}
