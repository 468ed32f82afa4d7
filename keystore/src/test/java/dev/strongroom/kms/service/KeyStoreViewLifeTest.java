// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.KmsException.ExpiredToken;
import dev.strongroom.kms.KmsException.UnrecognizedClient;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** How long views of the KeyStore are good: no longer than whoever opened them may call. */
class KeyStoreViewLifeTest {
  private static final String ROLE = "arn:aws:iam::000000000000:role/batch";

  private final MovingTime time = new MovingTime();
  private KmsConfig config;
  private Kms kms;
  private Iam iam;
  private Caller root;
  private NewAccessKey accessKey;
  private Caller alice;
  private KeyId key;

  @BeforeEach
  void open(@TempDir Path home) {
    config = KmsConfig.inHome(home);
    kms = KmsAssembly.open(config, time, () -> {});
    iam = kms.iam();
    root = rootOf(kms);
    iam.createUser(root, "alice", null);
    iam.putPolicy(root, IamKind.USER, "alice", "all", allow("*"));
    accessKey = iam.createAccessKey(root, "alice");
    alice = kms.authenticate(accessKey.accessKeyId(), accessKey.secret());
    key = create("alias/app");
    kms.tagResource(root, key, Map.of("team", "blue"));
  }

  @AfterEach
  void close() {
    kms.close();
  }

  private Caller rootOf(Kms of) {
    try (Credentials credentials = config.credentials().orElseThrow()) {
      return of.authenticate(credentials.accessKeyId(), credentials.secret());
    }
  }

  private KeyId create(String alias) {
    return kms.createKey(
            root, CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT).withAlias(new Alias(alias)))
        .keyId();
  }

  private static String allow(String action) {
    return """
        {"Version": "2012-10-17", "Statement": {
          "Effect": "Allow", "Action": "%s", "Resource": "*"}}"""
        .formatted(action);
  }

  private Caller session() {
    String trust =
        """
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
          "Principal": {"AWS": "arn:aws:iam::000000000000:user/alice"}}}""";
    iam.createRole(root, "batch", new Iam.CreateRoleRequest(trust, null, null, null));
    iam.putPolicy(root, IamKind.ROLE, "batch", "use", allow("kms:*"));
    Sts.AssumeRoleRequest shortest =
        new Sts.AssumeRoleRequest(ROLE, "nightly", 900, null, List.of(), null);
    try (Credentials credentials = kms.sts().assumeRole(alice, shortest).credentials()) {
      return kms.authenticate(credentials);
    }
  }

  private void activate(Iam by, Caller administrator, boolean active) {
    by.updateAccessKey(administrator, "alice", accessKey.accessKeyId(), active);
  }

  private void assertGood(KeyStoreView view) {
    assertDoesNotThrow(view::requireLive);
    assertEquals(Map.of("team", "blue"), view.tags(key));
  }

  /** A fresh call is refused in the same words. */
  private void assertRefused(
      Class<? extends KmsException> refusal, Caller caller, KeyStoreView view) {
    String fresh = assertThrows(refusal, () -> kms.describeKey(caller, key)).getMessage();
    assertEquals(fresh, assertThrows(refusal, () -> view.tags(key)).getMessage());
    assertEquals(fresh, assertThrows(refusal, view::requireLive).getMessage());
  }

  @Test
  void aViewIsRefusedWithTheSessionThatOpenedIt() {
    Caller session = session();
    KeyStoreView view = kms.openKeyStore(session);
    time.pass(Duration.ofMinutes(14));
    assertGood(view);

    time.pass(Duration.ofMinutes(1));

    assertRefused(ExpiredToken.class, session, view);
    assertEquals(List.of("app"), view.names());
    assertEquals(key, view.find("alias/app").orElseThrow().keyId());
  }

  @Test
  void aViewOfAnOldSessionShowsNothingNewAndLosesWhatIsGone() {
    KeyId other = create("alias/other");
    Caller session = session();
    KeyStoreView view = kms.openKeyStore(session);
    time.pass(Duration.ofMinutes(15));

    create("alias/late");
    kms.createAlias(root, new Alias("alias/second"), key);
    assertEquals(List.of("app", "other"), view.names());
    kms.disableKey(root, other);
    assertEquals(List.of("app"), view.names());
    kms.enableKey(root, other);
    assertEquals(List.of("app"), view.names());
    assertTrue(view.find(other.text()).isEmpty());
  }

  @Test
  void aViewIsRefusedWhileItsAccessKeyIsInactiveAndNoLonger() {
    KeyStoreView view = kms.openKeyStore(alice);
    assertGood(view);

    activate(iam, root, false);
    assertRefused(UnrecognizedClient.class, alice, view);
    assertEquals(List.of("app"), view.names());
    create("alias/late");
    kms.deleteAlias(root, new Alias("alias/app"));
    assertEquals(List.of(), view.names());

    activate(iam, root, true);
    assertGood(view);
    assertEquals(List.of(key.text(), "late").stream().sorted().toList(), view.names());
  }

  @Test
  void aViewOfADeletedAccessKeyIsRefusedForGood() {
    KeyStoreView view = kms.openKeyStore(alice);

    iam.deleteAccessKey(root, "alice", accessKey.accessKeyId());
    iam.createAccessKey(root, "alice");

    assertRefused(UnrecognizedClient.class, alice, view);
    create("alias/late");
    assertEquals(List.of("app"), view.names());
  }

  @Test
  void aViewIsRefusedWhenTheRoleIsGone() {
    Caller session = session();
    KeyStoreView view = kms.openKeyStore(session);

    iam.deletePolicy(root, IamKind.ROLE, "batch", "use");
    assertEquals(Map.of(), view.tags(key));
    iam.delete(root, IamKind.ROLE, "batch");

    assertRefused(UnrecognizedClient.class, session, view);
  }

  @Test
  void refusalsAreOnRecordAndWhatFollowsTheStoreIsNoUse() {
    KeyStoreView view = kms.openKeyStore(alice);
    activate(iam, root, false);
    create("alias/late");
    assertThrows(UnrecognizedClient.class, () -> view.tags(key));

    List<AuditRecord> refused =
        kms.lookupEvents(root, AuditQuery.newest(1000)).stream()
            .filter(record -> record.callerArn().equals(Optional.of(alice.arn())))
            .filter(record -> record.errorCode().isPresent())
            .toList();
    assertEquals(
        List.of("ListResourceTags"), refused.stream().map(AuditRecord::eventName).toList());
    assertEquals(Map.of("keyId", key.text()), refused.get(0).parameters());
  }

  /** Both processes have a view, and the other one deactivates and activates. */
  @Test
  void theOtherProcessRefusesToo(TestReporter reporter) throws InterruptedException {
    KeyStoreView view = kms.openKeyStore(alice);
    try (EmbeddedKms other = KmsAssembly.open(config, () -> {})) {
      Caller administrator = rootOf(other);
      List<Long> waits = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        activate(other.iam(), administrator, false);
        waits.add(Waits.millisUntil(() -> !isGood(view)));
        assertRefused(UnrecognizedClient.class, alice, view);
        activate(other.iam(), administrator, true);
        waits.add(Waits.millisUntil(() -> isGood(view)));
        assertGood(view);
      }
      // 100 ms are promised, which a machine with other work to do cannot keep at any time.
      reporter.publishEntry("milliseconds until a change counts", waits.toString());
    }
  }

  private boolean isGood(KeyStoreView view) {
    try {
      return view.tags(key).equals(Map.of("team", "blue"));
    } catch (UnrecognizedClient e) {
      return false;
    }
  }
}
