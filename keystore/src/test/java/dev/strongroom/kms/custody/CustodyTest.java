// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.custody;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.DomainKey;
import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.hsm.embedded.EmbeddedHsm;
import dev.strongroom.hsm.transport.TransportKeys;
import dev.strongroom.kms.KmsException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A domain key with three custodians, of whom two bring it back. */
class CustodyTest {
  private static final List<KeyPair> CUSTODIANS =
      Stream.generate(TransportKeys::newReceiver).limit(3).toList();
  private static final byte[] DATA = new byte[32];

  private final SecureRandom random = new SecureRandom();
  private final EmbeddedHsm hsm = EmbeddedHsm.inMemory();
  private final EmbeddedHsm other = EmbeddedHsm.inMemory();
  private final UUID domain = UUID.randomUUID();
  private final DomainKeyId first = new DomainKeyId(domain, 1);
  private final DomainKeyId second = new DomainKeyId(domain, 2);
  private final Custody.Handout handout;

  CustodyTest() {
    hsm.createDomainKey(first, WrapPolicy.OPEN);
    hsm.createDomainKey(second, WrapPolicy.OPEN);
    handout = export();
  }

  private Custody.Handout export() {
    List<PublicKey> keys = CUSTODIANS.stream().map(KeyPair::getPublic).toList();
    return new Custody(hsm, random).export(List.of(first, second), keys, 2);
  }

  private static KeyShare opened(Custody.Handout handout, int index) {
    return KeyShare.decode(handout.shares().get(index - 1).encode())
        .open(CUSTODIANS.get(index - 1).getPrivate());
  }

  private List<DomainKeyId> restore(CustodyPackage custodyPackage, KeyShare... shares) {
    return new Custody(other, random).restore(custodyPackage, List.of(shares), key -> true);
  }

  private void assertRefused(String why, CustodyPackage custodyPackage, KeyShare... shares) {
    KmsException e =
        assertThrows(KmsException.Validation.class, () -> restore(custodyPackage, shares));
    assertTrue(String.valueOf(e.getMessage()).contains(why), e.getMessage());
    assertNothingIsThere();
  }

  private void assertNothingIsThere() {
    assertFalse(other.findDomainKey(first).isPresent());
    assertFalse(other.findDomainKey(second).isPresent());
  }

  @Test
  void anyTwoBringAllVersionsBack() {
    CustodyPackage kept = CustodyPackage.decode(handout.custodyPackage().encode());

    assertEquals(List.of(first, second), restore(kept, opened(handout, 3), opened(handout, 1)));

    for (DomainKeyId id : List.of(first, second)) {
      DomainKey there = hsm.findDomainKey(id).orElseThrow();
      DomainKey here = other.findDomainKey(id).orElseThrow();
      assertArrayEquals(there.hmac(DATA), here.hmac(DATA));
      assertArrayEquals(there.publicKey(), here.publicKey());
    }
    assertEquals(List.of(), restore(kept, opened(handout, 1), opened(handout, 2)));
  }

  @Test
  void tooFewSharesAreRefused() {
    assertRefused("Too few custodians", handout.custodyPackage(), opened(handout, 1));
  }

  @Test
  void oneShareTwiceIsNotTwo() {
    assertRefused("there twice", handout.custodyPackage(), opened(handout, 1), opened(handout, 1));
  }

  @Test
  void alteredShareIsNamed() {
    KeyShare altered = opened(handout, 2);
    altered.bytes()[5] ^= 1;

    assertRefused("share 2", handout.custodyPackage(), opened(handout, 1), altered);
  }

  @Test
  void shareOfAnotherSetIsNamed() {
    Custody.Handout another = export();

    assertRefused(
        "does not belong", handout.custodyPackage(), opened(handout, 1), opened(another, 2));
  }

  @Test
  void sealedShareIsRefused() {
    assertRefused(
        "is sealed", handout.custodyPackage(), opened(handout, 1), handout.shares().get(1));
  }

  @Test
  void everyAlteredByteOfThePackageIsNoticedAndNothingIsDone() {
    byte[] whole = handout.custodyPackage().encode();
    KeyShare one = opened(handout, 1);
    KeyShare two = opened(handout, 2);
    for (int at = 0; at < whole.length; at++) {
      byte[] altered = whole.clone();
      altered[at] ^= 1;

      assertThrows(
          KmsException.Validation.class,
          () -> restore(CustodyPackage.decode(altered), one, two),
          "byte " + at);
      assertNothingIsThere();
    }
    assertThrows(
        KmsException.Validation.class,
        () -> CustodyPackage.decode(Arrays.copyOf(whole, whole.length - 1)));
  }

  @Test
  void keyThatIsNotThatOfTheStoreIsTakenAwayAgainWithAllThatCameBefore() {
    List<KeyShare> shares = List.of(opened(handout, 1), opened(handout, 2));

    assertThrows(
        KmsException.class,
        () ->
            new Custody(other, random)
                .restore(handout.custodyPackage(), shares, key -> key.id().version() == 1));

    assertNothingIsThere();
  }

  @Test
  void shareOpensForItsCustodianAlone() {
    assertThrows(
        KmsException.Validation.class,
        () -> handout.shares().get(0).open(CUSTODIANS.get(1).getPrivate()));
    assertThrows(KmsException.Validation.class, () -> KeyShare.decode("no share"));
    assertThrows(
        KmsException.Validation.class,
        () -> KeyShare.decode(handout.shares().get(0).encode().substring(1)));
  }

  @Test
  void custodiansAreSeveralWithKeysOfTheirOwn() {
    PublicKey key = CUSTODIANS.get(0).getPublic();
    Custody custody = new Custody(hsm, random);
    List<List<PublicKey>> wrong = new ArrayList<>();
    wrong.add(List.of(key));
    wrong.add(List.of(key, key));

    wrong.forEach(
        keys ->
            assertThrows(
                KmsException.Validation.class, () -> custody.export(List.of(first), keys, 2)));
    assertThrows(
        KmsException.Validation.class,
        () -> custody.export(List.of(first), List.of(key, CUSTODIANS.get(1).getPublic()), 1));
  }
}
