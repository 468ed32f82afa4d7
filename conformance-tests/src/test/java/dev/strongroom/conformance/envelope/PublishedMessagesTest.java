// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.envelope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.crypto.envelope.EnvelopeLimits;
import dev.strongroom.kms.crypto.envelope.EnvelopeStreams;
import dev.strongroom.kms.crypto.envelope.MessageHeader;
import dev.strongroom.kms.crypto.envelope.frame.FrameWorkers;
import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.json.JsonException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The AWS Encryption SDK's published messages of format 2 (aws-encryption-sdk-python, Apache-2.0,
 * {@code test/resources/commitment-test-vectors.json}), which the project does not ship: from the
 * file {@code -Desdk.vectors}, by default {@code ../shared/vectors/esdk/} beside the checkout. Most
 * were made with AWS KMS; their data keys are given, so that none is asked.
 */
class PublishedMessagesTest {
  private static final int MAX_BYTES = 1 << 24;

  @TestFactory
  Stream<DynamicTest> everyMessageIsReadOrRefusedAsPublished() throws IOException, JsonException {
    String named = System.getProperty("esdk.vectors");
    Path file =
        named == null
            ? Path.of("..", "..", "shared", "vectors", "esdk", "commitment-test-vectors.json")
            : Path.of(named);
    assumeTrue(
        Files.exists(file),
        "skipped: no "
            + file.toAbsolutePath().normalize()
            + "; name the file of a checkout with -Desdk.vectors=…");
    Map<?, ?> root = (Map<?, ?>) Json.parse(Files.readString(file), MAX_BYTES);
    List<?> tests = (List<?>) Objects.requireNonNull(root).get("tests");
    assertFalse(Objects.requireNonNull(tests).isEmpty());
    return tests.stream()
        .map(test -> (Map<?, ?>) test)
        .map(test -> DynamicTest.dynamicTest(text(test, "comment"), () -> check(test)));
  }

  private static void check(Map<?, ?> test) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (!Boolean.parseBoolean(text(test, "status"))) {
      assertThrows(KmsException.InvalidCiphertext.class, () -> decrypt(test, out));
      assertEquals(0, out.size());
      return;
    }
    MessageHeader header = decrypt(test, out);
    List<?> frames = (List<?>) Objects.requireNonNull(test.get("plaintext-frames"));
    String plaintext = String.join("", frames.stream().map(Object::toString).toList());
    assertEquals(plaintext, out.toString(StandardCharsets.UTF_8));
    assertEquals(test.get("encryption-context"), header.context().pairs());
  }

  private static MessageHeader decrypt(Map<?, ?> test, ByteArrayOutputStream out)
      throws IOException {
    try (FrameWorkers workers = FrameWorkers.create(1)) {
      return new EnvelopeStreams(workers, EnvelopeLimits.DEFAULT)
          .decrypt(
              new ByteArrayInputStream(bytes(test, "ciphertext")),
              out,
              (copies, context) -> bytes(test, "decrypted-dek"));
    }
  }

  private static byte[] bytes(Map<?, ?> test, String name) {
    return Base64.getDecoder().decode(text(test, name));
  }

  private static String text(Map<?, ?> test, String name) {
    return Objects.requireNonNull(test.get(name), name).toString();
  }
}
