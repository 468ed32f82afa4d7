// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import java.nio.file.Path;
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

  // spotless:off
  /** Operation: what happens to a key that is enabled, disabled, pending deletion. */
  private static final String TABLE = """
      CancelKeyDeletion                   staying  staying   ok
      CreateAlias                         ok       ok        leaving
      CreateGrant                         ok       disabled  leaving
      Decrypt                             ok       disabled  leaving
      Encrypt                             ok       disabled  leaving
      ReEncryptFrom                       ok       disabled  leaving
      ReEncryptTo                         ok       disabled  leaving
      GenerateDataKey                     ok       disabled  leaving
      GenerateDataKeyWithoutPlaintext     ok       disabled  leaving
      GenerateDataKeyPair                 ok       disabled  leaving
      GenerateDataKeyPairWithoutPlaintext ok       disabled  leaving
      DeleteAlias                         ok       ok        ok
      DescribeKey                         ok       ok        ok
      GetKeyPolicy                        ok       ok        ok
      PutKeyPolicy                        ok       ok        ok
      ListAliases                         ok       ok        ok
      ListGrants                          ok       ok        ok
      ListResourceTags                    ok       ok        ok
      RetireGrant                         ok       ok        ok
      RevokeGrant                         ok       ok        ok
      DisableKey                          ok       ok        leaving
      EnableKey                           ok       ok        leaving
      EnableKeyRotation                   ok       disabled  leaving
      DisableKeyRotation                  ok       disabled  leaving
      RotateKeyOnDemand                   ok       disabled  leaving
      GetKeyRotationStatus                ok       ok        ok
      ListKeyRotations                    ok       ok        ok
      GenerateMac                         ok       disabled  leaving
      VerifyMac                           ok       disabled  leaving
      Sign                                ok       disabled  leaving
      Verify                              ok       disabled  leaving
      DeriveSharedSecret                  ok       disabled  leaving
      Decapsulate                         ok       disabled  leaving
      GetPublicKey                        ok       disabled  leaving
      ScheduleKeyDeletion                 ok       ok        leaving
      TagResource                         ok       ok        leaving
      UntagResource                       ok       ok        leaving
      UpdateKeyDescription                ok       ok        leaving
      UpdateAlias                         ok       ok        leaving
      UpdateAlias/from                    ok       ok        ok
      GetKeyLastUsage                     ok       ok        ok
      DeletionImpact                      ok       ok        ok
      UpdatePkcs1Decryption               ok       ok        leaving
      PutKeyCertificateChain              ok       ok        leaving
      GetKeyCertificateChain              ok       ok        ok
      DeleteKeyCertificateChain           ok       ok        ok
      PutApprovalRule                     ok       ok        ok
      GetApprovalRule                     ok       ok        ok
      DeleteApprovalRule                  ok       ok        ok
      RequestApproval                     ok       ok        ok
      DescribeApprovalRequest             ok       ok        ok
      ApproveRequest                      ok       ok        ok
      Explain                             ok       ok        ok
      SimulateKeyPolicy                   ok       ok        ok
      """;
  // spotless:on

  private final KmsFixture fixture;
  private final KeyStateScene scene;

  KeyStateTableTest(@TempDir Path home) throws Exception {
    fixture = KmsFixture.in(home);
    scene = new KeyStateScene(fixture);
  }

  @AfterEach
  void close() {
    fixture.close();
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
        cell(row[0], KeyState.PENDING_DELETION, row[3]));
  }

  private DynamicTest cell(String operation, KeyState state, String expected) {
    return DynamicTest.dynamicTest(
        operation + " of a key that is " + state + ": " + expected,
        () -> check(operation, state, expected));
  }

  private void check(String operation, KeyState state, String expected) throws Exception {
    KeyId key = fixture.key(request(operation));
    Executable call = scene.prepare(operation, key);
    enter(state, key);
    switch (expected) {
      case "ok" -> assertDoesNotThrow(call);
      case "disabled" -> refused(KmsException.Disabled.class, call, DISABLED);
      case "leaving" -> refused(KmsException.InvalidState.class, call, LEAVING);
      case "staying" -> refused(KmsException.InvalidState.class, call, STAYING);
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
    }
    assertEquals(state, fixture.kms().describeKey(fixture.root(), key).state());
  }

  private static CreateKeyRequest request(String operation) {
    return switch (operation) {
      case "GenerateMac", "VerifyMac" -> CreateKeyRequest.of(CmkSpec.HMAC_256);
      case "Sign", "Verify", "GetPublicKey", "PutKeyCertificateChain" ->
          CreateKeyRequest.of(CmkSpec.ECC_NIST_P256).withUsage(KeyUsage.SIGN_VERIFY);
      case "DeriveSharedSecret" ->
          CreateKeyRequest.of(CmkSpec.ECC_NIST_P256).withUsage(KeyUsage.KEY_AGREEMENT);
      case "Decapsulate" -> CreateKeyRequest.of(CmkSpec.ML_KEM_512);
      case "UpdatePkcs1Decryption" ->
          CreateKeyRequest.of(CmkSpec.RSA_2048).withUsage(KeyUsage.ENCRYPT_DECRYPT);
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
