// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Every cell of AWS's table of key states and operations, as far as there are both. */
class KeyStateTableTest {
  private static final String DISABLED = "is disabled";
  private static final String LEAVING = "is pending deletion";
  private static final String STAYING = "is not pending deletion";
  private static final String WAITING = "is pending import";
  private static final String FOREIGN = "origin is EXTERNAL which is not valid for this operation";
  private static final String NOTHING_WAITS = "no key material that waits for a rotation";

  /** Less than approvals of the scene are good for. */
  private static final Duration VALIDITY = Duration.ofMinutes(30);

  // spotless:off
  /** Operation: what happens to a key that is enabled, disabled, pending deletion, pending import. */
  private static final String TABLE = """
      CancelKeyDeletion                   staying  staying   ok       staying
      CreateAlias                         ok       ok        leaving  ok
      CreateGrant                         ok       disabled  leaving  waiting
      Decrypt                             ok       disabled  leaving  waiting
      Encrypt                             ok       disabled  leaving  waiting
      ReEncryptFrom                       ok       disabled  leaving  waiting
      ReEncryptTo                         ok       disabled  leaving  waiting
      GenerateDataKey                     ok       disabled  leaving  waiting
      GenerateDataKeyWithoutPlaintext     ok       disabled  leaving  waiting
      GenerateDataKeyPair                 ok       disabled  leaving  waiting
      GenerateDataKeyPairWithoutPlaintext ok       disabled  leaving  waiting
      DeleteAlias                         ok       ok        ok       ok
      DescribeKey                         ok       ok        ok       ok
      GetKeyPolicy                        ok       ok        ok       ok
      PutKeyPolicy                        ok       ok        ok       ok
      ListAliases                         ok       ok        ok       ok
      ListGrants                          ok       ok        ok       ok
      ListResourceTags                    ok       ok        ok       ok
      RetireGrant                         ok       ok        ok       ok
      RevokeGrant                         ok       ok        ok       ok
      DisableKey                          ok       ok        leaving  waiting
      EnableKey                           ok       ok        leaving  waiting
      EnableKeyRotation                   ok       disabled  leaving  foreign
      DisableKeyRotation                  ok       disabled  leaving  foreign
      RotateKeyOnDemand                   ok       disabled  leaving  nothing
      GetKeyRotationStatus                ok       ok        ok       foreign
      ListKeyRotations                    ok       ok        ok       ok
      GenerateMac                         ok       disabled  leaving  waiting
      VerifyMac                           ok       disabled  leaving  waiting
      Sign                                ok       disabled  leaving  waiting
      Verify                              ok       disabled  leaving  waiting
      DeriveSharedSecret                  ok       disabled  leaving  waiting
      Decapsulate                         ok       disabled  leaving  -
      GetPublicKey                        ok       disabled  leaving  waiting
      ScheduleKeyDeletion                 ok       ok        leaving  ok
      TagResource                         ok       ok        leaving  ok
      UntagResource                       ok       ok        leaving  ok
      UpdateKeyDescription                ok       ok        leaving  ok
      UpdateAlias                         ok       ok        leaving  ok
      UpdateAlias/from                    ok       ok        ok       ok
      GetKeyLastUsage                     ok       ok        ok       ok
      DeletionImpact                      ok       ok        ok       ok
      UpdatePkcs1Decryption               ok       ok        leaving  ok
      PutKeyCertificateChain              ok       ok        leaving  ok
      GetKeyCertificateChain              ok       ok        ok       ok
      DeleteKeyCertificateChain           ok       ok        ok       ok
      PutApprovalRule                     ok       ok        ok       ok
      GetApprovalRule                     ok       ok        ok       ok
      DeleteApprovalRule                  ok       ok        ok       ok
      RequestApproval                     ok       ok        ok       ok
      DescribeApprovalRequest             ok       ok        ok       ok
      ApproveRequest                      ok       ok        ok       ok
      Explain                             ok       ok        ok       ok
      SimulateKeyPolicy                   ok       ok        ok       ok
      ReplicateKey                        ok       disabled  leaving  -
      UpdatePrimaryRegion                 ok       disabled  leaving  -
      SynchronizeMultiRegionKey           ok       ok        leaving  -
      GetParametersForImport              ok       ok        leaving  ok
      ImportKeyMaterial                   ok       ok        leaving  ok
      DeleteImportedKeyMaterial           ok       ok        ok       ok
      RestoreImportedKeyMaterial          ok       ok        ok       ok
      """;
  // spotless:on

  private static final String SYNCHRONIZE = "SynchronizeMultiRegionKey";

  private final MovingTime time = new MovingTime();
  private final KmsFixture fixture;

  /** Another region. */
  private final KmsFixture elsewhere;

  private final KeyStateScene scene;
  private final Importer importer;

  KeyStateTableTest(@TempDir Path home) throws Exception {
    TwoRegions.write(home, "import=allow");
    fixture = KmsFixture.in(home.resolve(TwoRegions.HERE), time);
    elsewhere = KmsFixture.in(home.resolve(TwoRegions.THERE));
    scene = new KeyStateScene(fixture);
    importer = new Importer(fixture.kms(), fixture.root());
  }

  @AfterEach
  void close() {
    fixture.close();
    elsewhere.close();
  }

  @TestFactory
  Stream<DynamicTest> operationDoesInEachStateWhatTheTableSays() {
    return TABLE.lines().flatMap(this::cells);
  }

  private Stream<DynamicTest> cells(String line) {
    String[] row = line.strip().split(" +", -1);
    return Stream.of(
        cell(row[0], KeyState.ENABLED, row[1]),
        cell(row[0], KeyState.DISABLED, row[2]),
        cell(row[0], KeyState.PENDING_DELETION, row[3]),
        waiting(row[0], false, row[4]),
        waiting(row[0], true, row[4]));
  }

  private DynamicTest waiting(String operation, boolean isExpired, String expected) {
    return DynamicTest.dynamicTest(
        operation
            + " of a key whose material "
            + (isExpired ? "has expired: " : "was deleted: ")
            + expected,
        () -> {
          if (!expected.equals("-")) {
            checkWaiting(operation, isExpired, expected);
          }
        });
  }

  private void checkWaiting(String operation, boolean isExpired, String expected) throws Exception {
    CreateKeyRequest request = request(operation).withOrigin(KeyOrigin.EXTERNAL);
    byte[] material = Materials.of(request.spec());
    KeyId key = isExpired ? expiring(request, material) : imported(request, material);
    Executable call = scene.prepare(operation, key);
    if (isExpired) {
      time.pass(VALIDITY);
    } else {
      fixture
          .kms()
          .deleteImportedKeyMaterial(fixture.root(), DeleteImportedKeyMaterialRequest.of(key));
    }
    assertEquals(KeyState.PENDING_IMPORT, stateOf(key));
    check(call, expected);
  }

  private KeyId expiring(CreateKeyRequest request, byte[] material) {
    KeyId key = fixture.key(request);
    Instant end = time.instant().plus(VALIDITY);
    importer.bring(key, material, brought -> brought.expiring(end));
    return key;
  }

  private KeyId imported(CreateKeyRequest request, byte[] material) {
    return fixture.kms().importKey(fixture.root(), request, material).keyId();
  }

  private KeyState stateOf(KeyId key) {
    return fixture.kms().describeKey(fixture.root(), key).state();
  }

  private DynamicTest cell(String operation, KeyState state, String expected) {
    return DynamicTest.dynamicTest(
        operation + " of a key that is " + state + ": " + expected,
        () -> check(operation, state, expected));
  }

  private void check(String operation, KeyState state, String expected) throws Exception {
    KeyId key = key(operation);
    Executable call =
        operation.equals(SYNCHRONIZE) ? () -> replicateHere(key) : scene.prepare(operation, key);
    enter(state, key);
    check(call, expected);
  }

  private KeyId key(String operation) {
    CreateKeyRequest request = request(operation);
    if (operation.equals(SYNCHRONIZE)) {
      KeyId key = elsewhere.key(request);
      replicateHere(key);
      return key;
    }
    return request.origin() == KeyOrigin.EXTERNAL
        ? imported(request, Materials.of(request.spec()))
        : fixture.key(request);
  }

  private void replicateHere(KeyId key) {
    elsewhere.kms().replicateKey(elsewhere.root(), ReplicateKeyRequest.of(key, TwoRegions.HERE));
  }

  private static void check(Executable call, String expected) {
    switch (expected) {
      case "ok" -> assertDoesNotThrow(call);
      case "disabled" -> refused(KmsException.Disabled.class, call, DISABLED);
      case "leaving" -> refused(KmsException.InvalidState.class, call, LEAVING);
      case "staying" -> refused(KmsException.InvalidState.class, call, STAYING);
      case "waiting" -> refused(KmsException.InvalidState.class, call, WAITING);
      case "nothing" -> refused(KmsException.InvalidState.class, call, NOTHING_WAITS);
      case "foreign" -> refused(KmsException.UnsupportedOperation.class, call, FOREIGN);
      default -> throw new AssertionError(expected);
    }
  }

  private static void refused(Class<? extends KmsException> type, Executable call, String words) {
    String message = String.valueOf(assertThrows(type, call).getMessage());
    assertTrue(message.contains(words), message);
  }

  private void enter(KeyState state, KeyId key) {
    switch (state) {
      case ENABLED -> {}
      case DISABLED -> fixture.kms().disableKey(fixture.root(), key);
      case PENDING_DELETION ->
          fixture.kms().scheduleKeyDeletion(fixture.root(), ScheduleKeyDeletionRequest.of(key));
      case PENDING_IMPORT -> throw new AssertionError("See checkWaiting");
      case UNAVAILABLE -> throw new AssertionError("Only keys in custom key stores are that");
    }
    assertEquals(state, fixture.kms().describeKey(fixture.root(), key).state());
  }

  static CreateKeyRequest request(String operation) {
    return switch (operation) {
      case "GenerateMac", "VerifyMac" -> CreateKeyRequest.of(CmkSpec.HMAC_256);
      case "Sign", "Verify", "GetPublicKey", "PutKeyCertificateChain" ->
          CreateKeyRequest.of(CmkSpec.ECC_NIST_P256).withUsage(KeyUsage.SIGN_VERIFY);
      case "DeriveSharedSecret" ->
          CreateKeyRequest.of(CmkSpec.ECC_NIST_P256).withUsage(KeyUsage.KEY_AGREEMENT);
      case "Decapsulate" -> CreateKeyRequest.of(CmkSpec.ML_KEM_512);
      case "UpdatePkcs1Decryption" ->
          CreateKeyRequest.of(CmkSpec.RSA_2048).withUsage(KeyUsage.ENCRYPT_DECRYPT);
      case "ReplicateKey", "UpdatePrimaryRegion", SYNCHRONIZE ->
          CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT).inSeveralRegions();
      case "GetParametersForImport",
          "ImportKeyMaterial",
          "DeleteImportedKeyMaterial",
          "RestoreImportedKeyMaterial" ->
          CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT).withOrigin(KeyOrigin.EXTERNAL);
      default -> CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT);
    };
  }

  @Test
  void tableHasEveryOperationOnAKey() {
    Set<String> operations =
        Stream.of(Operation.values())
            .filter(operation -> operation.scope() == Operation.Scope.KEY)
            .map(Operation::apiName)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> rows =
        TABLE
            .lines()
            .map(line -> line.strip().replaceFirst("[ /].*", ""))
            .collect(Collectors.toSet());

    operations.removeAll(rows);

    assertEquals(Set.of(), operations);
  }
}
