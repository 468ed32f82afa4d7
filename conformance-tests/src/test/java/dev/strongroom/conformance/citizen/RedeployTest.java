// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.citizen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.conformance.packaging.Launched;
import dev.strongroom.conformance.packaging.Packaged;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Integer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A web application that brings strongroom.jar is deployed and undeployed over and over in one
 * process, with the system property {@code strongroom.test.rounds} more often than here: nothing of
 * it stays.
 */
@Tag("jar")
class RedeployTest {
  private static final int ROUNDS = Integer.getInteger("strongroom.test.rounds", 5);

  @ParameterizedTest
  @ValueSource(strings = {"unregistered", "registered", "recorded"})
  void nothingStaysOfAnApplication(String form, @TempDir Path folder) throws Exception {
    Path settings = Files.writeString(folder.resolve("strongroom.properties"), "name=web\n");
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    Path classes = Path.of("target", "test-classes").toAbsolutePath();
    Path bouncyCastle =
        Path.of(ASN1Integer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            // Later JDKs hold the class of the last record softly (JDK-8078641).
            "-XX:SoftRefLRUPolicyMSPerMB=0",
            "-Djava.io.tmpdir=" + temporary,
            "-XX:FlightRecorderOptions:repository=" + folder,
            form.equals("recorded") ? "-XX:StartFlightRecording:filename=all.jfr" : "-ea",
            "-cp",
            classes.toString(),
            RedeployProgram.class.getName(),
            String.valueOf(ROUNDS),
            settings.toString(),
            form,
            Packaged.jar().toString(),
            classes.toString(),
            bouncyCastle.toString());
    Launched run = Launched.run(folder, Map.of(), command);

    assertEquals(0, run.exitCode(), run.printed());
    assertEquals(
        Collections.nCopies(ROUNDS, "collected threads=[]"),
        run.printed().lines().filter(line -> line.contains("threads=")).toList());
    assertEquals("0", run.value("temporary"));
    assertEquals("[]", run.value("shown"));
  }
}
