// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.kms.key.Derivation.Label;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Known answers of the one derivation function, under the key 000102…1f and the context "context".
 *
 * <p>Made with Python: {@code hmac.new(bytes(range(32)), b'\0\0\0\1' + label + b'\0' + b'context' +
 * b'\0\0\1\0', hashlib.sha256)}.
 */
class DerivationTest {

  @ParameterizedTest
  @CsvSource({
    "strongroom/1/blob/aes-256-gcm, 6cd34b51677c0cd1d035c1e1e39751166bea22430d50239e98129a1f90f62245",
    "strongroom/1/blob/commit, e8a015db1508481484bd9b0bead434b64689478be5d709479f3147f839dbe682",
    "strongroom/1/material-id, 5720c1cbd6c6164dc1f258e81b09466e227cad1333cd2e9e01e22d746b3a504b",
    "strongroom/1/token, f92ae1b4712173c4f683844659cb1de7b2229e77f163ce3216f454e4a8bd134d",
    "strongroom/1/seal, ccc7abeed4096d0d5fe4194bdd408a62a9d683b4636ccb75270032ef43ec39d2",
    "strongroom/1/row, 7306f4db1191da842864d38c97d84c0591492d1f7c7ca058e90ba5d5587060fa",
    "strongroom/1/audit, 844ba729661e75b8a9c796b1ac4e027cd4e426b1732d95e71fee7466b3bc67aa",
    "strongroom/1/custody, 099e1a196b2ea4faff14e9a418878fee87d9228cca47db0975cf5e14ef0c84ca",
    "strongroom/1/check, 2937239ee7476af73d628c40e82f51d627c68788b020e0bf31eebecf18184e70",
    "strongroom/1/access-key, 55b05ec92d2e553d3e3bccf4c0f8d645bab2285c3cb3f461641ee653084d1bed",
    "strongroom/1/session-token, 37d81f4fe2907e3fd84cc0fcac8f5e5ece1ff2895b33ff92930ace5c1b3bf2dd",
    "strongroom/1/grant-token, 2f5b02095187db58afda069a3744e8f61543b0ef8ad482f91a3dee76c20fbb0e",
    "strongroom/1/import-token, 53d0c91c85c993234d5e18b19384de6c9e252de9f7fa68e2c56872970c390c0e",
    "strongroom/1/backup, aa8838e1c8978c496d0dedc61b4ebd05bb79f73c7108af6e2c5866c276d7ed31",
    "strongroom/1/field, 04cffcd0f0483956285e6b8573a67a3559b04982172c5e8f365ec066ee27bd32"
  })
  void everyLabelHasItsKnownAnswer(String label, String expected) {
    Label known = label(label);

    byte[] derived = Derivation.derive(DerivationTest::hmac, known, ascii("context"));

    assertEquals(expected, HexFormat.of().formatHex(derived));
  }

  @Test
  void theListOfLabelsIsClosed() {
    assertEquals(15, Label.values().length, "A new label needs a known answer above");
    assertEquals(15, Stream.of(Label.values()).map(Label::text).distinct().count());
  }

  private static Label label(String text) {
    return Stream.of(Label.values()).filter(l -> l.text().equals(text)).findFirst().orElseThrow();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] hmac(byte[] data) {
    byte[] key = new byte[32];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) i;
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA256", "SunJCE");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(data);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
