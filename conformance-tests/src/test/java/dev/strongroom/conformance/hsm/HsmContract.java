// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.hsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.BackingKey;
import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.DomainKey;
import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.HashAlgorithm;
import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.SignatureScheme;
import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.hsm.WrappedKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every {@link Hsm} promises: of domain keys, and here of the backing keys under them.
 * EmbeddedHsmTest, SoftHsmTest and NssHsmTest extend it.
 */
abstract class HsmContract extends DomainKeyContract {
  Stream<BackingKeySpec> secrets() {
    return specs().filter(BackingKeySpec::isSecret);
  }

  Stream<BackingKeySpec> curves() {
    return specs().filter(spec -> spec.type() == BackingKeySpec.Type.EC);
  }

  Stream<BackingKeySpec> rsa() {
    return specs().filter(spec -> spec.type() == BackingKeySpec.Type.RSA);
  }

  @Test
  void unofferedSpecsAreRefused() {
    for (BackingKeySpec spec : BackingKeySpec.values()) {
      if (!hsm.info().backingKeySpecs().contains(spec)) {
        assertThrows(HsmException.Unsupported.class, () -> domain.generate(spec));
      }
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("secrets")
  void wrappedSecretOpensToTheSameKeyEachTime(BackingKeySpec spec) {
    HashAlgorithm hash = Peers.hashFor(spec);
    byte[] body = domain.generate(spec).body();

    try (BackingKey first = domain.unwrap(spec, body);
        BackingKey second = domain.unwrap(spec, body)) {
      assertEquals(spec, first.spec());
      assertEquals(hash.bytes(), first.hmac(hash, new byte[9]).length);
      assertArrayEquals(first.hmac(hash, new byte[9]), second.hmac(hash, new byte[9]));
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("secrets")
  void wrappedSecretIsAsLongAsRfc5649Says(BackingKeySpec spec) {
    int padded = (spec.bits() / 8 + 7) / 8 * 8;
    assertEquals(padded + 8, domain.generate(spec).body().length);
    assertEquals(0, domain.generate(spec).publicKey().length);
  }

  @Test
  void twoGeneratedSecretsDiffer() {
    byte[] first = domain.generate(BackingKeySpec.SECRET_256).body();
    byte[] second = domain.generate(BackingKeySpec.SECRET_256).body();
    assertFalse(Arrays.equals(first, second));
  }

  @Test
  void everyFlippedBitOfAWrappedSecretIsTampering() {
    byte[] body = domain.generate(BackingKeySpec.SECRET_256).body();
    for (int bit = 0; bit < 8 * body.length; bit++) {
      byte[] altered = body.clone();
      altered[bit / 8] ^= (byte) (1 << bit % 8);
      assertThrows(
          HsmException.Tampered.class, () -> domain.unwrap(BackingKeySpec.SECRET_256, altered));
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("specs")
  void alterationsOfAWrappedKeyAreTampering(BackingKeySpec spec) {
    byte[] body = domain.generate(spec).body();
    for (int at = 0; at < body.length; at += Math.max(1, body.length / 20)) {
      byte[] altered = body.clone();
      altered[at] ^= (byte) 0x80;
      assertThrows(HsmException.Tampered.class, () -> domain.unwrap(spec, altered));
    }
    for (int length : new int[] {0, 1, 8, 15, 16, body.length - 8, body.length - 1}) {
      byte[] cut = Arrays.copyOf(body, length);
      assertThrows(HsmException.Tampered.class, () -> domain.unwrap(spec, cut));
    }
    byte[] longer = Arrays.copyOf(body, body.length + 8);
    assertThrows(HsmException.Tampered.class, () -> domain.unwrap(spec, longer));
  }

  @Test
  void keyWrappedByAnotherVersionIsTampering() {
    DomainKey other =
        hsm.createDomainKey(new DomainKeyId(domain.id().domain(), 3), WrapPolicy.OPEN);
    byte[] body = other.generate(BackingKeySpec.SECRET_256).body();

    assertThrows(HsmException.Tampered.class, () -> domain.unwrap(BackingKeySpec.SECRET_256, body));
    hsm.destroyDomainKey(other.id());
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("specs")
  void wrappedKeyOpensOnlyAsItsOwnSpec(BackingKeySpec spec) {
    byte[] body = domain.generate(spec).body();
    specs()
        .filter(other -> other != spec)
        .filter(other -> !couldBe(other, body) && !isOnTheSameCurve(other, spec))
        .forEach(
            other ->
                assertThrows(
                    HsmException.Tampered.class,
                    () -> domain.unwrap(other, body).close(),
                    other.name()));
  }

  /**
   * SoftHSM doesn't tell how long an opened secret is, so anything of the length of a wrapped
   * secret opens as one; and a key on a curve does not tell what it was made for. What binds a
   * wrapped key to its spec is the MAC of the key token around it.
   */
  private static boolean isOnTheSameCurve(BackingKeySpec one, BackingKeySpec other) {
    return curve(one).equals(curve(other));
  }

  private static String curve(BackingKeySpec spec) {
    return spec.name().replaceFirst("^(EC|ECDH)_", "curve ");
  }

  private static boolean couldBe(BackingKeySpec spec, byte[] body) {
    return spec.isSecret() && body.length == (spec.bits() + 63) / 64 * 8 + 8;
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("curves")
  void curveKeySignsEveryLengthOfHash(BackingKeySpec spec) throws Exception {
    WrappedKey wrapped = domain.generate(spec);
    try (BackingKey key = domain.unwrap(spec, wrapped.body())) {
      for (HashAlgorithm hash : HashAlgorithm.values()) {
        byte[] digest = Peers.digest(hash, new byte[] {5});
        byte[] signature = key.sign(SignatureScheme.ECDSA, digest);
        assertTrue(Peers.verifiesEcdsa(wrapped.publicKey(), digest, signature), hash.name());
      }
      assertThrows(
          IllegalArgumentException.class, () -> key.sign(SignatureScheme.ECDSA, new byte[19]));
      assertThrows(
          IllegalArgumentException.class, () -> key.sign(SignatureScheme.ECDSA, new byte[65]));
    }
  }

  Stream<BackingKeySpec> agreement() {
    return specs().filter(spec -> spec.type() == BackingKeySpec.Type.AGREEMENT);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("agreement")
  void agreementKeyAgreesWithAKeyOfAnyMaker(BackingKeySpec spec) throws Exception {
    WrappedKey wrapped = domain.generate(spec);
    try (BackingKey key = domain.unwrap(spec, wrapped.body())) {
      for (int i = 0; i < 3; i++) {
        Peers.Agreement theirs = Peers.agree(wrapped.publicKey());
        assertArrayEquals(theirs.secret(), key.agree(theirs.point()));
        assertEquals((spec.bits() + 7) / 8, theirs.secret().length);
      }
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("rsa")
  void rsaKeySignsWithBothPaddings(BackingKeySpec spec) throws Exception {
    WrappedKey wrapped = domain.generate(spec);
    try (BackingKey key = domain.unwrap(spec, wrapped.body())) {
      for (HashAlgorithm hash : HashAlgorithm.values()) {
        byte[] message = {7, 7};
        byte[] digest = Peers.digest(hash, message);
        byte[] pkcs1 = key.sign(SignatureScheme.pkcs1(hash), digest);
        byte[] pss = key.sign(SignatureScheme.pss(hash, hash.bytes()), digest);
        assertEquals(spec.bits() / 8, pkcs1.length);
        assertTrue(Peers.verifiesPkcs1(hash, wrapped.publicKey(), message, pkcs1), hash.name());
        assertTrue(Peers.verifiesPss(hash, wrapped.publicKey(), message, pss), hash.name());
        assertThrows(
            IllegalArgumentException.class,
            () -> key.sign(SignatureScheme.pkcs1(hash), new byte[hash.bytes() - 1]));
      }
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("rsa")
  void rsaKeyDecryptsOaepOfEveryHash(BackingKeySpec spec) throws Exception {
    WrappedKey wrapped = domain.generate(spec);
    try (BackingKey key = domain.unwrap(spec, wrapped.body())) {
      for (HashAlgorithm hash : HashAlgorithm.values()) {
        for (HashAlgorithm mgf : List.of(HashAlgorithm.SHA_1, hash)) {
          for (int length : new int[] {0, 1, spec.bits() / 8 - 2 * hash.bytes() - 2}) {
            byte[] message = hsm.random(length + 1);
            byte[] clear = Arrays.copyOf(message, length);
            byte[] encrypted = Peers.encryptOaep(hash, mgf, wrapped.publicKey(), clear);
            assertArrayEquals(clear, key.decryptOaep(hash, mgf, encrypted), hash + " " + mgf);
          }
        }
      }
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("rsa")
  void rsaKeyDoesTheBareOperationAsLongAsItsModulus(BackingKeySpec spec) throws Exception {
    WrappedKey wrapped = domain.generate(spec);
    try (BackingKey key = domain.unwrap(spec, wrapped.body())) {
      byte[] padded = new byte[spec.bits() / 8];
      padded[1] = 2;
      padded[padded.length - 1] = 9;
      assertArrayEquals(padded, key.decryptRaw(Peers.encryptRaw(wrapped.publicKey(), padded)));
      byte[] small = new byte[padded.length];
      small[small.length - 1] = 1;
      assertArrayEquals(small, key.decryptRaw(small));
      byte[] tooLarge = new byte[padded.length];
      Arrays.fill(tooLarge, (byte) 0xFF);
      for (byte[] wrong : List.of(tooLarge, new byte[padded.length - 1], new byte[0])) {
        assertThrows(HsmException.Tampered.class, () -> key.decryptRaw(wrong));
      }
    }
  }

  @Test
  void everyWrongOaepCiphertextGivesTheSameAnswer() throws Exception {
    if (rsa().findAny().isEmpty()) {
      return;
    }
    WrappedKey wrapped = domain.generate(BackingKeySpec.RSA_2048);
    List<String> answers = new ArrayList<>();
    try (BackingKey key = domain.unwrap(BackingKeySpec.RSA_2048, wrapped.body())) {
      for (HashAlgorithm hash : List.of(HashAlgorithm.SHA_1, HashAlgorithm.SHA_256)) {
        byte[] good = Peers.encryptOaep(hash, hash, wrapped.publicKey(), new byte[3]);
        byte[] altered = good.clone();
        altered[100] ^= 1;
        byte[] tooLarge = new byte[256];
        Arrays.fill(tooLarge, (byte) 0xFF);
        byte[] otherHash =
            Peers.encryptOaep(
                HashAlgorithm.SHA_384, HashAlgorithm.SHA_384, wrapped.publicKey(), new byte[3]);
        for (byte[] wrong :
            List.of(altered, tooLarge, otherHash, new byte[256], new byte[255], new byte[0])) {
          answers.add(
              assertThrows(HsmException.Tampered.class, () -> key.decryptOaep(hash, hash, wrong))
                  .getMessage());
        }
        assertArrayEquals(new byte[3], key.decryptOaep(hash, hash, good));
      }
    }
    assertEquals(1, answers.stream().distinct().count(), answers.toString());
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("specs")
  void keyDoesOnlyWhatItsTypeDoes(BackingKeySpec spec) {
    try (BackingKey key = domain.unwrap(spec, domain.generate(spec).body())) {
      BackingKeySpec.Type type = spec.type();
      SignatureScheme pkcs1 = SignatureScheme.pkcs1(HashAlgorithm.SHA_256);
      if (type != BackingKeySpec.Type.SECRET) {
        assertUnsupported(() -> key.hmac(HashAlgorithm.SHA_256, new byte[1]));
      }
      if (type != BackingKeySpec.Type.RSA) {
        assertUnsupported(() -> key.sign(pkcs1, new byte[32]));
        assertUnsupported(
            () -> key.decryptOaep(HashAlgorithm.SHA_1, HashAlgorithm.SHA_1, new byte[256]));
        assertUnsupported(() -> key.decryptRaw(new byte[256]));
      }
      if (type != BackingKeySpec.Type.EC) {
        assertUnsupported(() -> key.sign(SignatureScheme.ECDSA, new byte[32]));
      }
      if (type != BackingKeySpec.Type.AGREEMENT) {
        assertUnsupported(() -> key.agree(new byte[65]));
      }
      if (type != BackingKeySpec.Type.EDWARDS) {
        assertUnsupported(() -> key.sign(SignatureScheme.ED25519, new byte[32]));
      }
    }
  }

  private static void assertUnsupported(Callable<byte[]> call) {
    assertThrows(HsmException.Unsupported.class, call::call);
  }

  @Test
  void closedBackingKeyIsGone() {
    byte[] body = domain.generate(BackingKeySpec.SECRET_256).body();
    BackingKey key = domain.unwrap(BackingKeySpec.SECRET_256, body);

    key.close();
    key.close();

    assertThrows(HsmException.Gone.class, () -> key.hmac(HashAlgorithm.SHA_256, new byte[1]));
  }

  @Test
  void randomBytesHaveTheLengthAskedForAndDiffer() {
    for (int length : new int[] {1, 31, 32, 8192, 8193, 65_536}) {
      assertEquals(length, hsm.random(length).length);
    }
    assertFalse(Arrays.equals(hsm.random(32), hsm.random(32)));
    assertThrows(IllegalArgumentException.class, () -> hsm.random(0));
    assertThrows(IllegalArgumentException.class, () -> hsm.random(65_537));
  }

  @Test
  void eightThreadsMixAllOperations() throws Exception {
    hammer(hsm, domain, 8, 60);
  }

  /** Runs every operation in {@code threads} threads and checks each result. */
  static void hammer(Hsm hsm, DomainKey domain, int threads, int rounds)
      throws InterruptedException, ExecutionException {
    WrappedKey shared = domain.generate(BackingKeySpec.SECRET_256);
    byte[] expected = domain.hmac(new byte[5]);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (BackingKey key = domain.unwrap(BackingKeySpec.SECRET_256, shared.body())) {
      byte[] mac = key.hmac(HashAlgorithm.SHA_256, new byte[6]);
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(
            pool.submit(
                () -> {
                  for (int round = 0; round < rounds; round++) {
                    assertArrayEquals(expected, domain.hmac(new byte[5]));
                    assertArrayEquals(mac, key.hmac(HashAlgorithm.SHA_256, new byte[6]));
                    assertEquals(32, hsm.random(32).length);
                    byte[] hash = hsm.random(32);
                    byte[] signature = domain.sign(hash);
                    assertTrue(Peers.verifiesEcdsa(domain.publicKey(), hash, signature));
                    byte[] body = domain.generate(BackingKeySpec.SECRET_256).body();
                    try (BackingKey own = domain.unwrap(BackingKeySpec.SECRET_256, body)) {
                      assertFalse(Arrays.equals(mac, own.hmac(HashAlgorithm.SHA_256, new byte[6])));
                    }
                    if (round % 20 == 0) {
                      DomainKey made = hsm.createDomainKey(newId(), WrapPolicy.OPEN);
                      assertTrue(hsm.findDomainKey(made.id()).isPresent());
                      hsm.destroyDomainKey(made.id());
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> future : running) {
        future.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }
}
