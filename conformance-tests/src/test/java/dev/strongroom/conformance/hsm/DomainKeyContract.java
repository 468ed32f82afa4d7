// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.hsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.BackingKey;
import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.DomainKey;
import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.HashAlgorithm;
import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.hsm.WrappedKey;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every {@link Hsm} promises of domain keys. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DomainKeyContract {
  Hsm hsm;
  DomainKey domain;

  abstract Hsm open();

  Hsm hsm() {
    return hsm;
  }

  DomainKey domain() {
    return domain;
  }

  static DomainKeyId newId() {
    return new DomainKeyId(UUID.randomUUID(), 1);
  }

  @BeforeAll
  void openAndCreate() {
    hsm = open();
    domain = hsm.createDomainKey(newId(), WrapPolicy.OPEN);
  }

  @AfterAll
  void destroyAndClose() {
    if (hsm != null) {
      hsm.destroyDomainKey(domain.id());
      hsm.close();
    }
  }

  Stream<BackingKeySpec> specs() {
    return hsm.info().backingKeySpecs().stream().sorted();
  }

  Stream<WrapPolicy> policies() {
    return hsm.info().wrapPolicies().stream().sorted();
  }

  @Test
  void infoOffersSecretsOf256BitsAndTheOpenPolicy() {
    assertTrue(hsm.info().backingKeySpecs().contains(BackingKeySpec.SECRET_256));
    assertTrue(hsm.info().wrapPolicies().contains(WrapPolicy.OPEN));
    assertFalse(hsm.info().label().isBlank());
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("policies")
  void createdDomainKeyIsFoundAndIsTheSame(WrapPolicy policy) {
    DomainKey created = hsm.createDomainKey(newId(), policy);

    DomainKey found = hsm.findDomainKey(created.id()).orElseThrow();

    assertEquals(created.id(), found.id());
    assertEquals(policy, created.wrapPolicy());
    assertEquals(policy, found.wrapPolicy());
    assertArrayEquals(created.publicKey(), found.publicKey());
    assertArrayEquals(created.hmac(new byte[7]), found.hmac(new byte[7]));
    hsm.destroyDomainKey(created.id());
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("policies")
  void keysWrappedUnderAnyPolicyOpenAgain(WrapPolicy policy) {
    DomainKey created = hsm.createDomainKey(newId(), policy);

    WrappedKey wrapped = created.generate(BackingKeySpec.SECRET_256);
    try (BackingKey key = created.unwrap(BackingKeySpec.SECRET_256, wrapped.body())) {
      assertEquals(32, key.hmac(HashAlgorithm.SHA_256, new byte[1]).length);
    }
    hsm.destroyDomainKey(created.id());
  }

  @ParameterizedTest
  @MethodSource("specs")
  void keyThatIsWrappedAnewIsTheSameKey(BackingKeySpec spec) {
    DomainKey next = next(WrapPolicy.OPEN);
    byte[] body = domain.generate(spec).body();

    byte[] moved = domain.rewrap(spec, body, next);

    try (BackingKey before = domain.unwrap(spec, body);
        BackingKey after = next.unwrap(spec, moved)) {
      if (spec.isSecret()) {
        assertArrayEquals(
            before.hmac(HashAlgorithm.SHA_256, body), after.hmac(HashAlgorithm.SHA_256, body));
      }
    }
    assertThrows(HsmException.Tampered.class, () -> domain.unwrap(spec, moved));
    hsm.destroyDomainKey(next.id());
  }

  private DomainKey next(WrapPolicy policy) {
    return hsm.createDomainKey(new DomainKeyId(domain.id().domain(), 2), policy);
  }

  @Test
  void alteredKeyIsNotWrappedAnew() {
    DomainKey next = next(WrapPolicy.OPEN);
    byte[] body = domain.generate(BackingKeySpec.SECRET_256).body();
    body[3] ^= 1;

    assertThrows(
        HsmException.Tampered.class, () -> domain.rewrap(BackingKeySpec.SECRET_256, body, next));
    hsm.destroyDomainKey(next.id());
  }

  @Test
  void whatIsUnderAStrictKeyIsNotWrappedAnew() {
    if (!hsm.info().wrapPolicies().contains(WrapPolicy.STRICT)) {
      return; // nothing can be under one
    }
    DomainKey strict = next(WrapPolicy.STRICT);
    byte[] body = strict.generate(BackingKeySpec.SECRET_256).body();

    assertThrows(
        HsmException.Unsupported.class,
        () -> strict.rewrap(BackingKeySpec.SECRET_256, body, domain));
    hsm.destroyDomainKey(strict.id());
  }

  @Test
  void domainKeyThatWasNeverMadeIsNotFound() {
    assertTrue(hsm.findDomainKey(newId()).isEmpty());
  }

  @Test
  void otherVersionsOfADomainAreOtherKeys() {
    DomainKeyId second = new DomainKeyId(domain.id().domain(), 2);
    assertTrue(hsm.findDomainKey(second).isEmpty());

    DomainKey rotated = hsm.createDomainKey(second, WrapPolicy.OPEN);

    assertFalse(Arrays.equals(domain.hmac(new byte[1]), rotated.hmac(new byte[1])));
    hsm.destroyDomainKey(second);
  }

  @Test
  void domainKeyIsMadeOnlyOnce() {
    assertThrows(
        HsmException.AlreadyExists.class, () -> hsm.createDomainKey(domain.id(), WrapPolicy.OPEN));
    assertTrue(hsm.findDomainKey(domain.id()).isPresent());
  }

  @Test
  void destroyedDomainKeyIsGone() {
    DomainKey created = hsm.createDomainKey(newId(), WrapPolicy.OPEN);

    hsm.destroyDomainKey(created.id());

    assertTrue(hsm.findDomainKey(created.id()).isEmpty());
    assertThrows(HsmException.class, () -> created.hmac(new byte[1]));
    hsm.destroyDomainKey(created.id());
  }

  @Test
  void destroyingOneDomainKeyLeavesKeysOfAnotherOpen() {
    DomainKey other = hsm.createDomainKey(newId(), WrapPolicy.OPEN);
    WrappedKey wrapped = domain.generate(BackingKeySpec.SECRET_256);
    try (BackingKey key = domain.unwrap(BackingKeySpec.SECRET_256, wrapped.body())) {
      hsm.destroyDomainKey(other.id());
      assertThrows(HsmException.class, () -> other.hmac(new byte[1]));

      assertEquals(32, key.hmac(HashAlgorithm.SHA_256, new byte[1]).length);
    }
  }

  @Test
  void unofferedPoliciesAreRefused() {
    for (WrapPolicy policy : WrapPolicy.values()) {
      if (!hsm.info().wrapPolicies().contains(policy)) {
        DomainKeyId id = newId();
        assertThrows(HsmException.Unsupported.class, () -> hsm.createDomainKey(id, policy));
        assertTrue(hsm.findDomainKey(id).isEmpty());
      }
    }
  }

  @Test
  void domainHmacIsAFunctionOfItsInput() {
    for (int length : new int[] {0, 1, 63, 64, 65, 8191, 8192, 8193, 100_000}) {
      byte[] data = new byte[length];
      assertArrayEquals(domain.hmac(data), domain.hmac(data));
      assertEquals(32, domain.hmac(data).length);
    }
    assertNotEquals(List.of(domain.hmac(new byte[1])), List.of(domain.hmac(new byte[2])));
  }

  @Test
  void domainSignatureVerifiesWithThePublicKey() throws Exception {
    byte[] hash = Peers.digest(HashAlgorithm.SHA_256, new byte[] {1, 2, 3});

    byte[] signature = domain.sign(hash);

    assertTrue(Peers.verifiesEcdsa(domain.publicKey(), hash, signature));
    hash[0] ^= 1;
    assertFalse(Peers.verifiesEcdsa(domain.publicKey(), hash, signature));
  }

  @Test
  void domainSignsOnlyHashesOf32Bytes() {
    assertThrows(IllegalArgumentException.class, () -> domain.sign(new byte[31]));
  }

  @Test
  void givenArraysAreLeftIntactAndReturnedOnesAreTheCallers() {
    byte[] data = {1, 2, 3};
    domain.hmac(data)[0] ^= 1;
    domain.publicKey()[0] ^= 1;

    assertArrayEquals(new byte[] {1, 2, 3}, data);
    assertEquals(0x30, domain.publicKey()[0]);
  }
}
