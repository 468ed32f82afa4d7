// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.keystore.KmsSecretKey;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.MacAlgorithm;
import java.security.InvalidKeyException;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MacAndRandomTest {
  private static Room room;

  @BeforeAll
  static void open() {
    room = new Room();
  }

  @AfterAll
  static void close() {
    room.close();
  }

  private static KmsSecretKey key(CmkSpec spec, String alias) throws Exception {
    room.create(spec, alias);
    return (KmsSecretKey) room.key(alias);
  }

  @ParameterizedTest
  @CsvSource({"HMAC_224, 28", "HMAC_256, 32", "HMAC_384, 48", "HMAC_512, 64"})
  void theKmsVerifiesWhatAMacMakes(CmkSpec spec, int bytes) throws Exception {
    KmsSecretKey key = key(spec, spec.name());
    Mac mac = Mac.getInstance(key.getAlgorithm(), room.provider);
    assertEquals(bytes, mac.getMacLength());
    mac.init(key);
    mac.update((byte) 1);
    byte[] tag = mac.doFinal(new byte[] {2, 3});

    assertEquals(bytes, tag.length);
    room.kms()
        .verifyMac(
            room.provider.caller(), key.arn(), MacAlgorithm.of(spec), new byte[] {1, 2, 3}, tag);
    mac.update(new byte[] {9});
    mac.reset();
    assertArrayEquals(tag, mac.doFinal(new byte[] {1, 2, 3}));
  }

  @Test
  void aMacTakes4096BytesAndNoMore() throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256", room.provider);
    mac.init(key(CmkSpec.HMAC_256, "limit"));
    assertEquals(32, mac.doFinal(new byte[4096]).length);
    assertThrows(ProviderException.class, () -> mac.doFinal(new byte[4097]));
    assertEquals(32, mac.doFinal(new byte[1]).length);
  }

  @Test
  void aKeyOfAnotherHashOrUseIsRefused() throws Exception {
    Mac mac = Mac.getInstance("HmacSHA512", room.provider);
    KmsSecretKey other = key(CmkSpec.HMAC_256, "hash");
    KmsSecretKey encryption = room.symmetric("encryption");
    assertThrows(InvalidKeyException.class, () -> mac.init(other));
    assertThrows(InvalidKeyException.class, () -> mac.init(encryption));
    assertThrows(InvalidKeyException.class, () -> mac.init(null));
  }

  @Test
  void aForeignKeyIsPassedOnBecauseTheLengthMayHaveFixedTheProvider() throws Exception {
    SecretKeySpec software = new SecretKeySpec(new byte[32], "HmacSHA256");
    Mac ours = Mac.getInstance("HmacSHA256", room.provider);
    ours.init(software);
    Mac theirs = Mac.getInstance("HmacSHA256", "SunJCE");
    theirs.init(software);

    assertArrayEquals(theirs.doFinal(new byte[5000]), ours.doFinal(new byte[5000]));
    ours.init(key(CmkSpec.HMAC_256, "after"));
    assertFalse(Arrays.equals(theirs.doFinal(new byte[1]), ours.doFinal(new byte[1])));
  }

  @Test
  void aDisabledKeyIsAProviderException() throws Exception {
    KmsSecretKey key = key(CmkSpec.HMAC_256, "disabled");
    Mac mac = Mac.getInstance("HmacSHA256", room.provider);
    mac.init(key);
    room.kms().disableKey(room.provider.caller(), key.arn());

    ProviderException refused =
        assertThrows(ProviderException.class, () -> mac.doFinal(new byte[1]));
    assertInstanceOf(KmsException.Disabled.class, refused.getCause());
  }

  @Test
  void randomBytesComeFromTheKmsInAnyAmount() throws Exception {
    SecureRandom random = SecureRandom.getInstance("KmsRandom", room.provider);
    byte[] bytes = new byte[3000];
    random.nextBytes(bytes);

    assertTrue(Arrays.stream(split(bytes)).noneMatch(part -> Arrays.equals(part, new byte[100])));
    assertEquals(20, random.generateSeed(20).length);
    random.setSeed(1);
    assertEquals("KmsRandom", random.getAlgorithm());
  }

  private static byte[][] split(byte[] bytes) {
    byte[][] parts = new byte[bytes.length / 100][];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = Arrays.copyOfRange(bytes, 100 * i, 100 * i + 100);
    }
    return parts;
  }
}
