// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.AuditQuery;
import java.security.InvalidKeyException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Security;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.crypto.SecretKey;
import org.bouncycastle.crypto.SecretWithEncapsulation;
import org.bouncycastle.crypto.kems.MLKEMGenerator;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class KemTest {
  private static Room room;
  private static KmsPrivateKey key;

  @BeforeAll
  static void makeKeys() throws Exception {
    room = new Room();
    key = receiving(CmkSpec.ML_KEM_768);
  }

  @AfterAll
  static void close() {
    room.close();
  }

  private static KmsPrivateKey receiving(CmkSpec spec) throws Exception {
    room.create(spec, KeyUsage.KEY_ENCAPSULATION, spec.name());
    return (KmsPrivateKey) room.key(spec.name());
  }

  private static void assumeKem() {
    assumeTrue(KemSpis.areThere(), "skipped: this JDK has no javax.crypto.KEM");
  }

  private static byte[] decapsulate(byte[] encapsulation) {
    return room.kms().decapsulate(key.caller(), key.arn(), encapsulation);
  }

  private static SecretWithEncapsulation bouncyCastles(PublicKey publicKey) throws Exception {
    return new MLKEMGenerator(new SecureRandom())
        .generateEncapsulated(PublicKeyFactory.createKey(publicKey.getEncoded()));
  }

  /** On every JDK: without the JDK's API, the KMS's own operation. */
  @ParameterizedTest
  @EnumSource(mode = Mode.MATCH_ANY, names = "ML_KEM_.*")
  void theKmsOpensWhatBouncyCastleEncapsulated(CmkSpec spec) throws Exception {
    KmsPrivateKey receiver = spec == CmkSpec.ML_KEM_768 ? key : receiving(spec);
    SecretWithEncapsulation sent = bouncyCastles(receiver.publicKey());

    byte[] secret =
        room.kms().decapsulate(receiver.caller(), receiver.arn(), sent.getEncapsulation());

    assertArrayEquals(sent.getSecret(), secret);
  }

  @Test
  void everyDecapsulationIsRecorded() throws Exception {
    decapsulate(bouncyCastles(key.publicKey()).getEncapsulation());
    String trail = room.kms().lookupEvents(key.caller(), AuditQuery.newest(2)).toString();
    assertTrue(trail.contains("Decapsulate"), trail);
  }

  @Test
  void anAlteredEncapsulationOpensToAnotherSecretAndOneOfAnotherLengthNotAtAll() throws Exception {
    SecretWithEncapsulation sent = bouncyCastles(key.publicKey());
    byte[] altered = sent.getEncapsulation();
    altered[7] ^= 1;

    assertFalse(Arrays.equals(sent.getSecret(), decapsulate(altered)));
    assertArrayEquals(decapsulate(altered), decapsulate(altered));
    assertThrows(
        KmsException.InvalidCiphertext.class,
        () -> decapsulate(Arrays.copyOf(altered, altered.length - 1)));
  }

  @Test
  void aKeyOfAnotherUsageDoesNotDecapsulate() throws Exception {
    KmsPrivateKey signing = room.signing(CmkSpec.ECC_NIST_P256);
    assertThrows(
        KmsException.InvalidKeyUsage.class,
        () -> room.kms().decapsulate(signing.caller(), signing.arn(), new byte[1088]));
  }

  @Test
  void kemExchangesASecretWithTheHandleUnderEachName() throws Exception {
    assumeKem();
    for (String name :
        List.of("ML-KEM", "ML-KEM-768", "2.16.840.1.101.3.4.4.2", "OID.2.16.840.1.101.3.4.4.2")) {
      Kem.Encapsulated sent = Kem.ours(name).encapsulate(key.publicKey(), 0, 32, "AES");
      SecretKey received = Kem.ours(name).decapsulate(key, sent.encapsulation(), 0, 32, "AES");

      assertEquals(1088, sent.encapsulation().length, name);
      assertEquals("AES", received.getAlgorithm());
      assertArrayEquals(sent.key().getEncoded(), received.getEncoded(), name);
    }
  }

  @Test
  void partsOfTheSecretAreGiven() throws Exception {
    assumeKem();
    SecretWithEncapsulation sent = bouncyCastles(key.publicKey());
    SecretKey part = Kem.ours("ML-KEM").decapsulate(key, sent.getEncapsulation(), 4, 20, "AES");
    assertArrayEquals(Arrays.copyOfRange(sent.getSecret(), 4, 20), part.getEncoded());
  }

  @Test
  void jcaItselfChoosesOursForAHandle() throws Exception {
    assumeKem();
    Security.addProvider(room.provider);
    try {
      Kem kem = Kem.anybodys("ML-KEM");
      Kem.Encapsulated sent = kem.encapsulate(key.publicKey(), 0, 32, "Generic");
      SecretKey received = kem.decapsulate(key, sent.encapsulation(), 0, 32, "Generic");
      assertArrayEquals(sent.key().getEncoded(), received.getEncoded());
    } finally {
      Security.removeProvider(room.provider.getName());
    }
  }

  @Test
  void theJdksOwnKemExchangesWithOurs() throws Exception {
    assumeTrue(
        Security.getProvider("SunJCE").getService("KEM", "ML-KEM") != null,
        "skipped: the JDK has ML-KEM from 24 on");
    Kem.Encapsulated sent =
        Kem.of("ML-KEM", Security.getProvider("SunJCE")).encapsulate(key.publicKey(), 0, 32, "AES");
    assertArrayEquals(sent.key().getEncoded(), decapsulate(sent.encapsulation()));

    var pair = KeyPairGenerator.getInstance("ML-KEM-1024").generateKeyPair();
    Kem.Encapsulated ours = Kem.ours("ML-KEM-1024").encapsulate(pair.getPublic(), 0, 32, "AES");
    SecretKey theirs =
        Kem.of("ML-KEM", Security.getProvider("SunJCE"))
            .decapsulate(pair.getPrivate(), ours.encapsulation(), 0, 32, "AES");
    assertArrayEquals(ours.key().getEncoded(), theirs.getEncoded());
  }

  @Test
  void wrongKeysAndEncapsulationsAreCheckedExceptions() throws Exception {
    assumeKem();
    Kem kem = Kem.ours("ML-KEM");
    PrivateKey foreign = KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate();
    assertThrows(
        InvalidKeyException.class, () -> kem.decapsulate(foreign, new byte[1088], 0, 32, "AES"));
    assertThrows(
        InvalidKeyException.class,
        () -> Kem.ours("ML-KEM-512").decapsulate(key, new byte[768], 0, 32, "AES"));
    assertThrows(
        InvalidKeyException.class,
        () ->
            kem.encapsulate(
                KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic(), 0, 32, "AES"));
    Exception refused =
        assertThrows(Exception.class, () -> kem.decapsulate(key, new byte[1087], 0, 32, "AES"));
    assertEquals("javax.crypto.DecapsulateException", refused.getClass().getName());
    assertInstanceOf(KmsException.InvalidCiphertext.class, refused.getCause());
  }

  @Test
  void theServiceIsOfferedWhereTheJdkHasTheApi() {
    Set<String> types = new java.util.TreeSet<>();
    room.provider.getServices().forEach(service -> types.add(service.getType()));
    assertEquals(KemSpis.areThere(), types.contains("KEM"));
  }
}
