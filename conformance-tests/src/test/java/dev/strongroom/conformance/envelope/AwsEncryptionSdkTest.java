// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.envelope;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.encryptionsdk.AwsCrypto;
import com.amazonaws.encryptionsdk.CommitmentPolicy;
import com.amazonaws.encryptionsdk.CryptoAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.crypto.envelope.EnvelopeLimits;
import dev.strongroom.kms.crypto.envelope.EnvelopeOptions;
import dev.strongroom.kms.crypto.envelope.EnvelopeStreams;
import dev.strongroom.kms.crypto.envelope.frame.FrameWorkers;
import dev.strongroom.kms.crypto.envelope.keyring.Keyring;
import dev.strongroom.kms.crypto.envelope.keyring.RawAesKeyring;
import dev.strongroom.kms.crypto.envelope.keyring.RawRsaKeyring;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.cryptography.materialproviders.IKeyring;
import software.amazon.cryptography.materialproviders.model.PaddingScheme;

/** What we write, a stock AWS Encryption SDK reads, and the other way round. */
class AwsEncryptionSdkTest {
  private static final FrameWorkers WORKERS = FrameWorkers.create();
  private static final byte[] AES_KEY = bytes(32);
  private static final KeyPair RSA_KEY = rsaKey();
  private static final Map<String, String> CONTEXT =
      Map.of("tenant", "a", "Größe", "µ", "🔑", "\uFB01ligature");

  @AfterAll
  static void stopWorkers() {
    WORKERS.close();
  }

  /** A message's signature, frame length (0: one piece, from the SDK) and plaintext length. */
  record Shape(boolean signed, int frameLength, int length) {}

  static Stream<Shape> shapes() {
    List<Shape> shapes = new ArrayList<>();
    for (boolean signed : new boolean[] {false, true}) {
      for (int frameLength : new int[] {16, 1024, 4096, 65536}) {
        for (int length :
            new int[] {0, 1, frameLength - 1, frameLength, frameLength + 1, 300_000}) {
          shapes.add(new Shape(signed, frameLength, length));
        }
      }
      shapes.add(new Shape(signed, 65536, 5_000_000));
    }
    return shapes.stream();
  }

  static Stream<Shape> shapesInOnePiece() {
    return Stream.of(0, 1, 15, 4096, 300_000)
        .flatMap(n -> Stream.of(new Shape(false, 0, n), new Shape(true, 0, n)));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void theSdkReadsOurs(Shape shape) {
    byte[] plaintext = bytes(shape.length());
    byte[] message = encrypt(plaintext, shape, ours(AES_KEY));
    assertArrayEquals(plaintext, decryptWithSdk(shape, AwsSdk.aes(AES_KEY), message));
  }

  @ParameterizedTest
  @MethodSource({"shapes", "shapesInOnePiece"})
  void weReadTheirs(Shape shape) {
    byte[] plaintext = bytes(shape.length());
    byte[] message = encryptWithSdk(shape, AwsSdk.aes(AES_KEY), plaintext);
    assertArrayEquals(plaintext, decrypt(message, ours(AES_KEY)));
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 24, 32})
  void rawAesKeysOfAllLengthsAreShared(int length) {
    byte[] key = bytes(length);
    byte[] plaintext = bytes(1000);
    Shape shape = new Shape(false, 4096, 1000);
    byte[] ours = encrypt(plaintext, shape, ours(key));
    assertArrayEquals(plaintext, decryptWithSdk(shape, AwsSdk.aes(key), ours));
    assertArrayEquals(
        plaintext, decrypt(encryptWithSdk(shape, AwsSdk.aes(key), plaintext), ours(key)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SHA_1", "SHA_256", "SHA_384", "SHA_512"})
  void rawRsaKeysWithAllHashesAreShared(String name) {
    RawRsaKeyring.Hash hash = RawRsaKeyring.Hash.valueOf(name);
    PaddingScheme padding =
        switch (hash) {
          case SHA_1 -> PaddingScheme.OAEP_SHA1_MGF1;
          case SHA_256 -> PaddingScheme.OAEP_SHA256_MGF1;
          case SHA_384 -> PaddingScheme.OAEP_SHA384_MGF1;
          case SHA_512 -> PaddingScheme.OAEP_SHA512_MGF1;
        };
    byte[] plaintext = bytes(1000);
    Shape shape = new Shape(true, 4096, 1000);
    IKeyring theirs = AwsSdk.rsa(RSA_KEY, padding);
    Keyring wrapping = RawRsaKeyring.wrapping("break-glass", "rsa 1", hash, RSA_KEY.getPublic());
    byte[] message = encrypt(plaintext, shape, wrapping);
    assertArrayEquals(plaintext, decryptWithSdk(shape, theirs, message));
    Keyring unwrapping =
        RawRsaKeyring.unwrapping("break-glass", "rsa 1", hash, RSA_KEY.getPrivate());
    assertArrayEquals(plaintext, decrypt(encryptWithSdk(shape, theirs, plaintext), unwrapping));
  }

  @Test
  void eachOfSeveralRecipientsReadsTheMessage() {
    byte[] plaintext = bytes(1000);
    Shape shape = new Shape(false, 4096, 1000);
    RawRsaKeyring.Hash hash = RawRsaKeyring.Hash.SHA_256;
    byte[] message =
        encrypt(
            plaintext,
            shape,
            RawAesKeyring.of("other", "key", new SecretKeySpec(bytes(16), "AES")),
            ours(AES_KEY),
            RawRsaKeyring.wrapping("break-glass", "rsa 1", hash, RSA_KEY.getPublic()));
    assertArrayEquals(plaintext, decryptWithSdk(shape, AwsSdk.aes(AES_KEY), message));
    IKeyring rsa = AwsSdk.rsa(RSA_KEY, PaddingScheme.OAEP_SHA256_MGF1);
    assertArrayEquals(plaintext, decryptWithSdk(shape, rsa, message));
  }

  @Test
  void theSdkSeesOurContext() {
    Shape shape = new Shape(true, 4096, 10);
    byte[] message = encrypt(bytes(10), shape, ours(AES_KEY));
    Map<String, String> context =
        new HashMap<>(
            AwsSdk.crypto(true, 4096)
                .decryptData(AwsSdk.aes(AES_KEY), message)
                .getEncryptionContext());
    assertTrue(context.containsKey("aws-crypto-public-key"));
    context.remove("aws-crypto-public-key");
    assertEquals(CONTEXT, context);
  }

  @Test
  void messagesThatDoNotCommitToTheirKeyAreRefusedWithTheReason() {
    AwsCrypto old =
        AwsCrypto.builder()
            .withCommitmentPolicy(CommitmentPolicy.ForbidEncryptAllowDecrypt)
            .withEncryptionAlgorithm(CryptoAlgorithm.ALG_AES_256_GCM_IV12_TAG16_HKDF_SHA256)
            .build();
    byte[] message = old.encryptData(AwsSdk.aes(AES_KEY), bytes(10), CONTEXT).getResult();
    KmsException refusal =
        assertThrows(
            KmsException.UnsupportedOperation.class, () -> decrypt(message, ours(AES_KEY)));
    assertTrue(refusal.toString().contains("version 1"), refusal.toString());
  }

  private static Keyring ours(byte[] key) {
    return RawAesKeyring.of("break-glass", "schlüssel 1", new SecretKeySpec(key, "AES"));
  }

  private static byte[] encryptWithSdk(Shape shape, IKeyring keyring, byte[] plaintext) {
    return AwsSdk.crypto(shape.signed(), shape.frameLength())
        .encryptData(keyring, plaintext, CONTEXT)
        .getResult();
  }

  private static byte[] decryptWithSdk(Shape shape, IKeyring keyring, byte[] message) {
    return AwsSdk.crypto(shape.signed(), shape.frameLength())
        .decryptData(keyring, message)
        .getResult();
  }

  private static byte[] encrypt(byte[] plaintext, Shape shape, Keyring... keyrings) {
    EnvelopeOptions options =
        EnvelopeOptions.of(EncryptionContext.of(CONTEXT)).withFrameLength(shape.frameLength());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      new EnvelopeStreams(WORKERS, EnvelopeLimits.DEFAULT)
          .encrypt(
              new ByteArrayInputStream(plaintext),
              out,
              Keyring.source(List.of(keyrings)),
              shape.signed() ? options.signed() : options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static byte[] decrypt(byte[] message, Keyring keyring) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      new EnvelopeStreams(WORKERS, EnvelopeLimits.DEFAULT)
          .decrypt(new ByteArrayInputStream(message), out, Keyring.opener(List.of(keyring)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static KeyPair rsaKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
