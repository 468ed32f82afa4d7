// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.cloudhsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.conformance.hsm.SoftHsmToken;
import dev.strongroom.hsm.transport.TransportKeys;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.custody.Custody;
import dev.strongroom.kms.custody.KeyShare;
import dev.strongroom.kms.service.CreateKeyRequest;
import dev.strongroom.kms.service.KmsConfig;
import dev.strongroom.kms.service.KmsSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Custodians bring the domain key of a KMS back, or into another HSM. */
class CustodianTest {
  private static final List<KeyPair> CUSTODIANS =
      Stream.generate(TransportKeys::newReceiver).limit(3).toList();
  private static final byte[] TEXT = {1, 2, 3};

  private final Path folder;
  private final Path at;
  private KmsHome home;

  CustodianTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.at = Files.createDirectory(folder.resolve("home"));
    open();
  }

  private void open(String... settings) throws IOException {
    Path file = Files.write(at.resolve("strongroom.properties"), List.of(settings));
    KmsSetup.init(KmsConfig.fromFile(file));
    home = KmsHome.in(at);
  }

  @AfterEach
  void close() {
    home.close();
  }

  private Custody.Handout export() {
    List<PublicKey> keys = CUSTODIANS.stream().map(KeyPair::getPublic).toList();
    return home.kms().cloudHsm().exportDomainKey(home.root(), keys, 2);
  }

  private static List<KeyShare> opened(Custody.Handout handout, int... indices) {
    return IntStream.of(indices)
        .mapToObj(
            index -> handout.shares().get(index - 1).open(CUSTODIANS.get(index - 1).getPrivate()))
        .toList();
  }

  private byte[] encrypt(KeyId key) {
    return home.kms()
        .encrypt(
            home.root(), key, EncryptionAlgorithm.SYMMETRIC_DEFAULT, TEXT, EncryptionContext.EMPTY)
        .ciphertextBlob();
  }

  private void assertOpens(KeyId key, byte[] blob) {
    assertArrayEquals(
        TEXT,
        home.kms()
            .decrypt(
                home.root(),
                key,
                EncryptionAlgorithm.SYMMETRIC_DEFAULT,
                blob,
                EncryptionContext.EMPTY)
            .plaintext());
  }

  private int events(String name) {
    AuditQuery.Attribute wanted =
        new AuditQuery.Attribute(AuditQuery.AttributeKey.EVENT_NAME, name);
    return home.kms()
        .lookupEvents(
            home.root(),
            new AuditQuery(
                Optional.empty(), Optional.empty(), List.of(wanted), Optional.empty(), 10))
        .size();
  }

  private KmsConfig config() {
    return KmsConfig.fromFile(at.resolve("strongroom.properties"));
  }

  @Test
  void domainKeyThatWasLostComesBackAndAllOpens() throws IOException {
    KeyId key = home.create(CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT)).keyId();
    byte[] blob = encrypt(key);
    home.kms().cloudHsm().rotateDomainKey(home.root(), (done, total) -> {});
    Custody.Handout handout = export();
    home.close();
    Files.delete(at.resolve("domain.p12"));

    assertThrows(
        KmsException.Validation.class,
        () -> KmsSetup.importDomainKey(config(), handout.custodyPackage(), opened(handout, 2)));
    assertEquals(
        2,
        KmsSetup.importDomainKey(config(), handout.custodyPackage(), opened(handout, 3, 1)).size());

    open();
    assertOpens(key, blob);
    assertEquals(1, events("ExportDomainKey"));
    assertEquals(1, events("DomainKeyImported"));
  }

  @Test
  void domainKeyOfAFileMovesIntoATokenAndDoesNotLeaveItAgain() throws IOException {
    KeyId key = home.create(CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT)).keyId();
    byte[] blob = encrypt(key);
    Custody.Handout handout = export();
    home.close();
    SoftHsmToken token = SoftHsmToken.in(Files.createDirectory(folder.resolve("token"))).select();
    Files.write(at.resolve("strongroom.properties"), List.of("hsm=" + token.setting()));

    KmsSetup.importDomainKey(config(), handout.custodyPackage(), opened(handout, 1, 2));

    open("hsm=" + token.setting());
    assertOpens(key, blob);
    assertEquals(4, token.ids().size());
    KmsException e = assertThrows(KmsException.UnsupportedOperation.class, this::export);
    assertTrue(String.valueOf(e.getMessage()).contains("not extractable"), e.getMessage());
  }

  @Test
  void packageOfAnotherKmsIsRefusedAndChangesNothing() throws IOException {
    Custody.Handout handout = export();
    KeyId key = home.create(CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT)).keyId();
    byte[] blob = encrypt(key);
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Path settings = Files.write(elsewhere.resolve("strongroom.properties"), List.of());
    KmsConfig other = KmsConfig.fromFile(settings);
    KmsSetup.init(other);

    KmsException e =
        assertThrows(
            KmsException.Validation.class,
            () -> KmsSetup.importDomainKey(other, handout.custodyPackage(), opened(handout, 1, 2)));

    assertTrue(String.valueOf(e.getMessage()).contains("this store is of domain"));
    assertOpens(key, blob);
  }
}
