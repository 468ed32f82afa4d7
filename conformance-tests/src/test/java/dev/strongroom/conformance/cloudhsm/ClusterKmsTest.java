// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.cloudhsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.conformance.hsm.Tokens;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.MacAlgorithm;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.service.ClusterDescription;
import dev.strongroom.kms.service.ClusterDescription.State;
import dev.strongroom.kms.service.CreateKeyRequest;
import dev.strongroom.kms.service.KmsConfig;
import dev.strongroom.kms.service.KmsSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A KMS whose domain key is in several SoftHSM2 tokens. */
class ClusterKmsTest {
  private static final byte[] TEXT = {1, 2, 3};

  private final Path folder;
  private final Tokens tokens;
  private KmsHome home;

  ClusterKmsTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.tokens = Tokens.in(folder, 3);
    this.home = open("hsm=" + tokens.setting(0, 1));
  }

  private KmsHome open(String... settings) throws IOException {
    Path at = Files.createDirectories(folder.resolve("home"));
    Path file = Files.write(at.resolve("strongroom.properties"), List.of(settings));
    KmsSetup.init(KmsConfig.fromFile(file));
    return KmsHome.in(at);
  }

  private void reopen(String... settings) throws IOException {
    home.close();
    home = open(settings);
  }

  @AfterEach
  void close() {
    home.close();
  }

  private KeyId key(CmkSpec spec) {
    return home.create(CreateKeyRequest.of(spec)).keyId();
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

  private ClusterDescription describe() {
    return home.kms().cloudHsm().describeCluster(home.root());
  }

  private List<State> states() {
    return describe().members().stream().map(ClusterDescription.Member::state).toList();
  }

  private long events(String name) {
    return home.kms()
        .lookupEvents(
            home.root(),
            new AuditQuery(
                Optional.empty(),
                Optional.empty(),
                List.of(new AuditQuery.Attribute(AuditQuery.AttributeKey.EVENT_NAME, name)),
                Optional.empty(),
                10))
        .size();
  }

  @Test
  void keysOpenAtWhicheverMemberIsLeftAlsoInAnotherProcess() throws IOException {
    KeyId symmetric = key(CmkSpec.SYMMETRIC_DEFAULT);
    KeyId mac = key(CmkSpec.HMAC_256);
    byte[] blob = encrypt(symmetric);
    byte[] tag = home.kms().generateMac(home.root(), mac, MacAlgorithm.HMAC_SHA_256, TEXT);
    for (int away = 0; away < 2; away++) {
      tokens.pull(away);
      reopen("hsm=" + tokens.setting(0, 1));

      assertEquals(State.DOWN, states().get(away));
      assertOpens(symmetric, blob);
      home.kms().verifyMac(home.root(), mac, MacAlgorithm.HMAC_SHA_256, TEXT, tag);
      KeyId made = key(CmkSpec.SYMMETRIC_DEFAULT);
      assertOpens(made, encrypt(made));

      tokens.plugIn(away);
    }
  }

  @Test
  void newKeysAreRefusedWhileThereAreTooFewCopiesAndAllOthersWork() throws Exception {
    reopen("hsm=" + tokens.setting(0, 1), "minDomainKeyCopies=2");
    KeyId key = key(CmkSpec.SYMMETRIC_DEFAULT);
    byte[] blob = encrypt(key);
    tokens.pull(0);
    home.kms().generateRandom(home.root(), 16);
    awaitDown();

    KmsException e =
        assertThrows(KmsException.HsmUnavailable.class, () -> key(CmkSpec.SYMMETRIC_DEFAULT));

    assertTrue(String.valueOf(e.getMessage()).contains("1 of the 2 copies"), e.getMessage());
    assertTrue(String.valueOf(e.getMessage()).contains("member 0 is away"), e.getMessage());
    assertOpens(key, blob);
    tokens.plugIn(0);
    for (int i = 0; i < 200 && states().contains(State.DOWN); i++) {
      Thread.sleep(10);
    }
    key(CmkSpec.SYMMETRIC_DEFAULT);
  }

  /** Whichever member this thread's calls begin at, the other is asked when that fails. */
  private void awaitDown() throws InterruptedException {
    for (int i = 0; i < 200 && !states().contains(State.DOWN); i++) {
      Thread other = new Thread(() -> home.kms().generateRandom(home.root(), 16));
      other.start();
      other.join();
    }
  }

  @Test
  void memberThatIsAddedHasTheNextVersionAndTheFirstOnesCanLeaveOnlyWhenOthersHaveAll()
      throws IOException {
    KeyId key = key(CmkSpec.SYMMETRIC_DEFAULT);
    byte[] blob = encrypt(key);
    reopen("hsm=" + tokens.setting(0, 1, 2));
    assertEquals(List.of(State.ACTIVE, State.ACTIVE, State.INCOMPLETE), states());

    KmsException refused =
        assertThrows(
            KmsException.UnsupportedOperation.class,
            () -> home.kms().cloudHsm().joinCluster(home.root(), "member 2"));
    home.kms().cloudHsm().rotateDomainKey(home.root(), (done, total) -> {});

    assertTrue(String.valueOf(refused.getMessage()).contains("rotate-domain-key"));
    assertEquals(List.of(2), describe().members().get(2).versions());
    assertEquals(List.of(1), describe().members().get(2).lacking());
    assertOpens(key, blob);
    home.kms().cloudHsm().leaveCluster(home.root(), tokens.name(0));
    assertEquals(List.of(), tokens.get(0).token().ids());
    KmsException last =
        assertThrows(
            KmsException.InvalidState.class,
            () -> home.kms().cloudHsm().leaveCluster(home.root(), "member 1"));
    assertTrue(String.valueOf(last.getMessage()).contains("cannot leave"), last.getMessage());
    reopen("hsm=" + tokens.setting(1, 2));
    assertOpens(key, blob);
    assertOpens(key, encrypt(key));
    // What fails after it was let through has a second record.
    assertEquals(2, events("JoinCluster"));
    assertEquals(3, events("LeaveCluster"));
  }

  @Test
  void whileAMemberIsAwayTheDomainKeyIsNotRotatedAndNothingIsLeft() throws IOException {
    KeyId key = key(CmkSpec.SYMMETRIC_DEFAULT);
    byte[] blob = encrypt(key);
    int objects = tokens.get(1).token().ids().size();
    tokens.pull(0);

    KmsException e =
        assertThrows(
            KmsException.class,
            () -> home.kms().cloudHsm().rotateDomainKey(home.root(), (done, total) -> {}));

    assertTrue(String.valueOf(e.getMessage()).contains("member 0"), e.getMessage());
    assertEquals(objects, tokens.get(1).token().ids().size());
    assertOpens(key, blob);
    tokens.plugIn(0);
    home.kms().cloudHsm().rotateDomainKey(home.root(), (done, total) -> {});
    assertOpens(key, blob);
  }

  @Test
  void tokensOfTheDomainKeyAreNoCustomers() {
    assertThrows(
        KmsException.CloudHsmClusterInUse.class,
        () -> home.kms().createCustomKeyStore(home.root(), "vault", tokens.get(1).setting()));
    KmsException unknown =
        assertThrows(
            KmsException.Validation.class,
            () -> home.kms().cloudHsm().leaveCluster(home.root(), "elsewhere"));
    assertTrue(String.valueOf(unknown.getMessage()).contains("member 1"), unknown.getMessage());
  }
}
