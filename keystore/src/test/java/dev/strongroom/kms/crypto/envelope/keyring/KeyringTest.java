// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope.keyring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KmsException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Raw keys wrap and unwrap data keys, and unwrap nobody else's. */
class KeyringTest {
  private static final byte[] DATA_KEY =
      "0123456789abcdef0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
  private static final SecretKey AES = new SecretKeySpec(new byte[32], "AES");
  private static final KeyPair RSA = rsa();
  private static final EncryptionContext CONTEXT = EncryptionContext.of(Map.of("a", "b"));

  private final Keyring aes = RawAesKeyring.of("ns", "name", AES);

  @Test
  void anAesKeyUnwrapsWhatItWrapped() {
    assertArrayEquals(DATA_KEY, aes.unwrap(aes.wrap(DATA_KEY, CONTEXT), CONTEXT).orElseThrow());
  }

  @Test
  void theAesCopyIsLaidOutAsSpecified() throws GeneralSecurityException {
    EncryptedDataKey copy = aes.wrap(DATA_KEY, CONTEXT);
    assertEquals("ns", copy.providerId());
    byte[] info = copy.providerInfo();
    byte[] start = "name\0\0\0\200\0\0\0\14".getBytes(StandardCharsets.ISO_8859_1);
    assertArrayEquals(start, Arrays.copyOf(info, start.length));
    assertEquals(start.length + 12, info.length);

    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(Cipher.DECRYPT_MODE, AES, new GCMParameterSpec(128, info, start.length, 12));
    cipher.updateAAD(CONTEXT.toAad());
    assertArrayEquals(DATA_KEY, cipher.doFinal(copy.ciphertext()));
  }

  @Test
  void theContextIsBoundByAes() {
    EncryptedDataKey copy = aes.wrap(DATA_KEY, CONTEXT);
    assertTrue(aes.unwrap(copy, EncryptionContext.EMPTY).isEmpty());
  }

  @Test
  void everyByteOfAnAesCopyCounts() {
    EncryptedDataKey copy = aes.wrap(DATA_KEY, CONTEXT);
    for (int i = 0; i < copy.providerInfo().length; i++) {
      byte[] info = copy.providerInfo();
      info[i] ^= 1;
      assertTrue(aes.unwrap(EncryptedDataKey.of("ns", info, copy.ciphertext()), CONTEXT).isEmpty());
    }
    for (int i = 0; i < copy.ciphertext().length; i++) {
      byte[] ciphertext = copy.ciphertext();
      ciphertext[i] ^= 1;
      assertTrue(
          aes.unwrap(EncryptedDataKey.of("ns", copy.providerInfo(), ciphertext), CONTEXT)
              .isEmpty());
    }
    byte[] shortInfo = new byte[3];
    assertTrue(
        aes.unwrap(EncryptedDataKey.of("ns", shortInfo, copy.ciphertext()), CONTEXT).isEmpty());
    assertTrue(
        aes.unwrap(EncryptedDataKey.of("ns", copy.providerInfo(), new byte[5]), CONTEXT).isEmpty());
  }

  @ParameterizedTest
  @EnumSource(RawRsaKeyring.Hash.class)
  void anRsaKeyUnwrapsWhatItWrapped(RawRsaKeyring.Hash hash) {
    Keyring wrapping = RawRsaKeyring.wrapping("ns", "rsa", hash, RSA.getPublic());
    Keyring unwrapping = RawRsaKeyring.unwrapping("ns", "rsa", hash, RSA.getPrivate());
    EncryptedDataKey copy = wrapping.wrap(DATA_KEY, CONTEXT);
    assertEquals("rsa", copy.providerInfoText());
    assertEquals(256, copy.ciphertext().length);
    assertArrayEquals(DATA_KEY, unwrapping.unwrap(copy, CONTEXT).orElseThrow());
    assertTrue(wrapping.unwrap(copy, CONTEXT).isEmpty(), "no private key");
  }

  @Test
  void rsaCopiesOfOthersAreNotUnwrapped() {
    RawRsaKeyring.Hash hash = RawRsaKeyring.Hash.SHA_256;
    Keyring wrapping = RawRsaKeyring.wrapping("ns", "rsa", hash, RSA.getPublic());
    EncryptedDataKey copy = wrapping.wrap(DATA_KEY, CONTEXT);
    Keyring otherHash =
        RawRsaKeyring.unwrapping("ns", "rsa", RawRsaKeyring.Hash.SHA_512, RSA.getPrivate());
    assertTrue(otherHash.unwrap(copy, CONTEXT).isEmpty());
    Keyring otherName = RawRsaKeyring.unwrapping("ns", "rs", hash, RSA.getPrivate());
    assertTrue(otherName.unwrap(copy, CONTEXT).isEmpty());
    Keyring same = RawRsaKeyring.unwrapping("ns", "rsa", hash, RSA.getPrivate());
    for (int length = 0; length < 600; length++) {
      byte[] other = Arrays.copyOf(copy.ciphertext(), length);
      EncryptedDataKey cutOrLonger = EncryptedDataKey.of("ns", copy.providerInfo(), other);
      assertEquals(length == 256, same.unwrap(cutOrLonger, CONTEXT).isPresent());
    }
    byte[] beyondModulus = new byte[256];
    Arrays.fill(beyondModulus, (byte) 0xFF);
    EncryptedDataKey large = EncryptedDataKey.of("ns", copy.providerInfo(), beyondModulus);
    assertTrue(same.unwrap(large, CONTEXT).isEmpty());
    assertThrows(IllegalStateException.class, () -> same.wrap(DATA_KEY, CONTEXT));
  }

  @Test
  void aSourceMakesAFreshKeyForAllRecipients() {
    Keyring other = RawAesKeyring.of("ns", "other", new SecretKeySpec(new byte[16], "AES"));
    MessageKeys.Source source = Keyring.source(List.of(aes, other));
    try (MessageKeys keys = source.generate(CONTEXT);
        MessageKeys more = source.generate(CONTEXT)) {
      assertEquals(2, keys.copies().size());
      assertFalse(Arrays.equals(keys.dataKey(), more.dataKey()));
      byte[] found = Keyring.opener(List.of(other)).open(keys.copies(), CONTEXT);
      assertArrayEquals(keys.dataKey(), found);
    }
  }

  @Test
  void nobodysCopyIsInvalid() {
    List<EncryptedDataKey> copies = List.of(aes.wrap(DATA_KEY, CONTEXT));
    MessageKeys.Opener opener = Keyring.opener(List.of(RawAesKeyring.of("ns", "another", AES)));
    assertThrows(KmsException.InvalidCiphertext.class, () -> opener.open(copies, CONTEXT));
  }

  @Test
  void destroyedKeysAreZeroedAndNotGivenOut() {
    byte[] dataKey = DATA_KEY.clone();
    MessageKeys keys = MessageKeys.owning(dataKey, List.of(aes.wrap(DATA_KEY, CONTEXT)));
    keys.destroy();
    assertArrayEquals(new byte[32], dataKey);
    assertTrue(keys.isDestroyed());
    assertThrows(IllegalStateException.class, keys::dataKey);
  }

  @Test
  void keysOfAnotherLengthOrWithoutCopiesAreRefused() {
    EncryptedDataKey copy = aes.wrap(DATA_KEY, CONTEXT);
    assertThrows(
        IllegalArgumentException.class, () -> MessageKeys.owning(new byte[16], List.of(copy)));
    assertThrows(IllegalArgumentException.class, () -> MessageKeys.owning(new byte[32], List.of()));
  }

  @Test
  void namespacesOfKmsesAreRefused() {
    for (String namespace : new String[] {"", "strongroom", "aws-kms", "aws-kms-hierarchy"}) {
      assertThrows(IllegalArgumentException.class, () -> RawAesKeyring.of(namespace, "name", AES));
    }
    SecretKey mac = new SecretKeySpec(new byte[32], "HmacSHA256");
    assertThrows(IllegalArgumentException.class, () -> RawAesKeyring.of("ns", "name", mac));
  }

  private static KeyPair rsa() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
