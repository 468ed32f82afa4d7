// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PemTest {
  private static final byte[] DER = new byte[100];

  @Test
  void blocksAreFoundAmongOthersAndBetweenWords() {
    String file =
        String.join(
            "\n",
            "Bag Attributes",
            Pem.text(Pem.CERTIFICATE, new byte[] {1}),
            Pem.text(Pem.PUBLIC_KEY, DER),
            Pem.text(Pem.PRIVATE_KEY, new byte[] {2}));

    List<Pem> found = Pem.all(bytes(file), Pem.PUBLIC_KEY, Pem.PRIVATE_KEY);

    assertEquals(List.of(Pem.PUBLIC_KEY, Pem.PRIVATE_KEY), found.stream().map(Pem::label).toList());
    assertArrayEquals(DER, found.get(0).der());
    assertArrayEquals(new byte[] {2}, found.get(1).der());
  }

  @Test
  void linesHave64CharactersAsInRfc7468() {
    assertEquals(
        "-----BEGIN CERTIFICATE-----\n" + "A".repeat(64) + "\nAA==\n-----END CERTIFICATE-----",
        Pem.text(Pem.CERTIFICATE, new byte[49]));
  }

  @Test
  void blockThatEndsAsAnotherIsNone() {
    String file = Pem.text(Pem.PUBLIC_KEY, DER).replace("END PUBLIC", "END PRIVATE");

    assertEquals(List.of(), Pem.all(bytes(file), Pem.PUBLIC_KEY, Pem.PRIVATE_KEY));
  }

  @Test
  void blockThatIsNoBase64IsWrongUsage() {
    byte[] file = bytes("-----BEGIN PUBLIC KEY-----\nA\n-----END PUBLIC KEY-----");

    assertThrows(UsageError.class, () -> Pem.all(file, Pem.PUBLIC_KEY));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
