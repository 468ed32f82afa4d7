// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.OpenKey;
import dev.strongroom.kms.key.backing.SoftwareKeyring.GeneratedKey;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import javax.crypto.Cipher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RsaPkcs1Test {
  private static final int MODULUS_BYTES = 256;

  private final SoftwareKeys keys = new SoftwareKeys(new SecureRandom());

  @Test
  void whatIsMadeUpIsWhatOpenSslMakesUpWithItsSecret() throws Exception {
    List<String[]> lines = published();
    BigInteger modulus = new BigInteger(lines.get(0)[1], 16);
    BigInteger exponent = new BigInteger(lines.get(1)[1], 16);
    byte[] secret = Hash.SHA_256.digest(fixed(exponent));

    for (String[] vector : lines.subList(2, lines.size())) {
      byte[] ciphertext = HexFormat.of().parseHex(vector[1]);
      byte[] padded = fixed(new BigInteger(1, ciphertext).modPow(exponent, modulus));
      assertEquals(
          vector[2],
          HexFormat.of().formatHex(RsaPkcs1.unpad(padded, secret.clone(), ciphertext)),
          vector[0]);
    }
    assertEquals(11, lines.size());
  }

  private static List<String[]> published() throws IOException {
    try (InputStream in = RsaPkcs1Test.class.getResourceAsStream("rsa-pkcs1-rejection.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(";", -1))
          .toList();
    }
  }

  private static byte[] fixed(BigInteger number) {
    byte[] bytes = number.toByteArray();
    byte[] fixed = new byte[MODULUS_BYTES];
    int count = Math.min(bytes.length, fixed.length);
    System.arraycopy(bytes, bytes.length - count, fixed, fixed.length - count, count);
    return fixed;
  }

  @ParameterizedTest
  @EnumSource(names = {"RSA_2048", "RSA_3072", "RSA_4096"})
  void messagesOfEveryLengthComeBack(CmkSpec spec) throws Exception {
    GeneratedKey generated = keys.generate(spec);
    Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding", "SunJCE");
    cipher.init(Cipher.ENCRYPT_MODE, PublicKeys.jdkKey(spec, generated.publicKey()));
    try (OpenKey key = keys.open(spec, generated.material())) {
      int longest = spec.bits() / 8 - 11;
      for (int length : new int[] {0, 1, 48, longest - 1, longest}) {
        byte[] message = new byte[length];
        Arrays.fill(message, (byte) length);
        assertArrayEquals(message, RsaPkcs1.decrypt(key, spec, cipher.doFinal(message)));
      }
    }
  }

  @Test
  void wrongPaddingGivesTheSameEachTimeAndAnotherWithEachKeyAndCiphertext() throws Exception {
    GeneratedKey generated = keys.generate(CmkSpec.RSA_2048);
    RSAPublicKey publicKey =
        (RSAPublicKey) PublicKeys.jdkKey(CmkSpec.RSA_2048, generated.publicKey());
    int lengths = 0;
    Set<String> answers = new HashSet<>();
    try (OpenKey key = keys.open(CmkSpec.RSA_2048, generated.material())) {
      for (int i = 2; i < 20; i++) {
        byte[] wrong = fixed(BigInteger.valueOf(i).modPow(BigInteger.TWO, publicKey.getModulus()));
        byte[] answer = RsaPkcs1.decrypt(key, CmkSpec.RSA_2048, wrong);
        assertArrayEquals(answer, RsaPkcs1.decrypt(key, CmkSpec.RSA_2048, wrong));
        assertTrue(answer.length <= MODULUS_BYTES - 11, "no longer than a true one");
        answers.add(HexFormat.of().formatHex(answer));
        lengths |= 1 << (answer.length / 32);
      }
    }
    assertTrue(Integer.bitCount(lengths) > 3, "lengths differ widely: " + lengths);
    assertEquals(18, answers.size());
  }

  /** Whoever could make up the answer without the key would tell it from a true one. */
  @Test
  void whatIsMadeUpTakesTheKey() throws Exception {
    byte[] wrong = new byte[MODULUS_BYTES];
    wrong[1] = 1; // below every modulus
    Set<String> answers = new HashSet<>();
    for (int i = 0; i < 4; i++) {
      try (OpenKey key = keys.open(CmkSpec.RSA_2048, keys.generate(CmkSpec.RSA_2048).material())) {
        answers.add(HexFormat.of().formatHex(RsaPkcs1.decrypt(key, CmkSpec.RSA_2048, wrong)));
      }
    }
    answers.add(
        HexFormat.of().formatHex(RsaPkcs1.unpad(new byte[MODULUS_BYTES], new byte[32], wrong)));

    assertEquals(5, answers.size());
  }

  @Test
  void onlyWhatAnybodySeesIsRefused() throws Exception {
    GeneratedKey generated = keys.generate(CmkSpec.RSA_2048);
    RSAPublicKey publicKey =
        (RSAPublicKey) PublicKeys.jdkKey(CmkSpec.RSA_2048, generated.publicKey());
    try (OpenKey key = keys.open(CmkSpec.RSA_2048, generated.material())) {
      for (byte[] visible :
          List.of(new byte[0], new byte[255], new byte[257], fixed(publicKey.getModulus()))) {
        assertThrows(
            KmsException.InvalidCiphertext.class,
            () -> RsaPkcs1.decrypt(key, CmkSpec.RSA_2048, visible));
      }
    }
  }
}
