// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.DryRunModifier;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import dev.strongroom.kms.audit.usage.UsageQuery;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** Every operation that has a dry run, and that those do nothing. */
class DryRunTest {
  private static final EncryptionAlgorithm ALGORITHM = EncryptionAlgorithm.SYMMETRIC_DEFAULT;
  private static final EncryptionContext NONE = EncryptionContext.EMPTY;
  private static final byte[] TEXT = {1, 2, 3};

  /** Operations of the KMS without a dry run, by why. */
  private static final Map<String, Set<Operation>> WITHOUT =
      Map.of(
          "reads",
              EnumSet.of(
                  Operation.DESCRIBE_KEY,
                  Operation.LIST_KEYS,
                  Operation.GET_KEY_POLICY,
                  Operation.LIST_RESOURCE_TAGS,
                  Operation.LIST_GRANTS,
                  Operation.LIST_RETIRABLE_GRANTS,
                  Operation.DELETION_IMPACT,
                  Operation.GET_KEY_ROTATION_STATUS,
                  Operation.LIST_KEY_ROTATIONS,
                  Operation.DESCRIBE_CUSTOM_KEY_STORES,
                  Operation.LIST_ALIASES,
                  Operation.GET_PUBLIC_KEY,
                  Operation.GET_APPROVAL_RULE,
                  Operation.GET_ACCOUNT_APPROVAL_RULE,
                  Operation.DESCRIBE_APPROVAL_REQUEST,
                  Operation.GET_KEY_LAST_USAGE,
                  Operation.SUMMARIZE_USAGE,
                  Operation.EXPLAIN,
                  Operation.EXPLAIN_IN_ACCOUNT,
                  Operation.SIMULATE_KEY_POLICY,
                  Operation.GET_KEY_CERTIFICATE_CHAIN,
                  Operation.LIST_TRUSTED_CERTIFICATES),
          "leaves the key alone, and nothing but the answer behind",
              EnumSet.of(Operation.GET_PARAMETERS_FOR_IMPORT, Operation.GENERATE_RANDOM),
          "concerns no key",
              EnumSet.of(
                  Operation.CONFIRM_CLOCK,
                  Operation.CREATE_CUSTOM_KEY_STORE,
                  Operation.CONNECT_CUSTOM_KEY_STORE,
                  Operation.DISCONNECT_CUSTOM_KEY_STORE,
                  Operation.UPDATE_CUSTOM_KEY_STORE,
                  Operation.DELETE_CUSTOM_KEY_STORE,
                  Operation.PUT_TRUSTED_CERTIFICATE,
                  Operation.DELETE_TRUSTED_CERTIFICATE,
                  Operation.PUT_ACCOUNT_APPROVAL_RULE,
                  Operation.DELETE_ACCOUNT_APPROVAL_RULE,
                  Operation.REQUEST_ACCOUNT_APPROVAL),
          "comes before a call itself",
              EnumSet.of(Operation.REQUEST_APPROVAL, Operation.APPROVE_REQUEST));

  private final Path home;
  private final KmsFixture fixture;
  private final KmsFixture elsewhere;
  private final KeyStateScene scene;
  private final Kms kms;
  private final Caller root;

  DryRunTest(@TempDir Path folder) throws Exception {
    TwoRegions.write(folder, "import=allow");
    home = folder.resolve(TwoRegions.HERE);
    fixture = KmsFixture.in(home);
    elsewhere = KmsFixture.in(folder.resolve(TwoRegions.THERE));
    scene = new KeyStateScene(fixture);
    kms = fixture.kms();
    root = fixture.root();
  }

  @AfterEach
  void close() {
    fixture.close();
    elsewhere.close();
  }

  @Test
  void everyOperationOfTheKmsHasOneOrAReasonWhyNot() {
    Set<Operation> without = EnumSet.noneOf(Operation.class);
    WITHOUT.values().forEach(without::addAll);

    Set<Operation> missing =
        Stream.of(Operation.values())
            .filter(operation -> operation.service().equals("kms") && !operation.hasDryRun())
            .collect(() -> EnumSet.noneOf(Operation.class), Set::add, Set::addAll);

    assertEquals(without, missing);
  }

  @Test
  void operationsOfOtherServicesHaveNone() {
    assertEquals(
        0,
        Stream.of(Operation.values())
            .filter(operation -> !operation.service().equals("kms"))
            .filter(Operation::hasDryRun)
            .count());
    String refusal =
        String.valueOf(
            assertThrows(
                    KmsException.UnsupportedOperation.class,
                    () -> kms.iam().createUser(root.dryRun(), "bob", null))
                .getMessage());
    assertTrue(refusal.contains("CreateUser has no dry run"), refusal);
    fixture.user("bob"); // whom nobody has made yet
  }

  @TestFactory
  Stream<DynamicTest> dryRunSaysThatItWouldSucceedChangesNothingAndIsOnRecord() {
    return Stream.of(Operation.values())
        .filter(Operation::hasDryRun)
        // What these need besides a key has tests of its own.
        .filter(operation -> operation != Operation.CREATE_KEY)
        .filter(operation -> operation != Operation.UPDATE_PRIMARY_REGION)
        .filter(operation -> operation != Operation.PUT_KEY_CERTIFICATE_CHAIN)
        .map(
            operation ->
                DynamicTest.dynamicTest(operation.apiName(), () -> checkIsTried(operation)));
  }

  private void checkIsTried(Operation operation) throws Exception {
    if (operation == Operation.SYNCHRONIZE_MULTI_REGION_KEY) {
      KeyId key = elsewhere.key(request("ReplicateKey"));
      replicateHere(key, elsewhere.root());
      checkIsTried(
          operation,
          () -> replicateHere(key, elsewhere.root().dryRun()),
          () -> replicateHere(key, elsewhere.root()));
      return;
    }
    KeyId key = key(operation.apiName());
    Executable call = scene.prepare(operation.apiName(), key);
    if (operation == Operation.CANCEL_KEY_DELETION) {
      kms.scheduleKeyDeletion(root, ScheduleKeyDeletionRequest.of(key));
    }
    checkIsTried(
        operation,
        () -> {
          scene.dryRun(true);
          call.execute();
        },
        () -> {
          scene.dryRun(false);
          call.execute();
        });
  }

  private void checkIsTried(Operation operation, Executable dry, Executable real) throws Exception {
    String before = contents();
    long counted = kms.metrics().getCalls();

    assertThrows(KmsException.DryRunOperation.class, dry);
    scene.dryRun(false);

    assertEquals(before, contents());
    assertEquals(counted, kms.metrics().getCalls());
    assertEquals("DryRunOperationException", tried(operation.eventName()));
    assertDoesNotThrow(real);
  }

  private void replicateHere(KeyId key, Caller caller) {
    elsewhere.kms().replicateKey(caller, ReplicateKeyRequest.of(key, TwoRegions.HERE));
  }

  private KeyId key(String operation) {
    CreateKeyRequest request = request(operation);
    return request.origin() == KeyOrigin.EXTERNAL
        ? kms.importKey(root, request, Materials.of(request.spec())).keyId()
        : fixture.key(request);
  }

  private static CreateKeyRequest request(String operation) {
    return KeyStateTableTest.request(operation);
  }

  /** Returns how the dry runs of that name ended, by the newest records. */
  private String tried(String event) {
    return tried(kms.lookupEvents(root, AuditQuery.newest(10)), event);
  }

  private static String tried(List<AuditRecord> records, String event) {
    return records.stream()
        .filter(record -> record.eventName().equals(event))
        .filter(record -> "true".equals(record.parameters().get("dryRun")))
        .map(record -> record.errorCode().orElse("none"))
        .distinct()
        .sorted()
        .collect(Collectors.joining(" "));
  }

  /** Returns what there is of keys in the store, by revisions. */
  private String contents() throws SQLException {
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + home.resolve("store.db"));
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT (SELECT count(*) || ':' || max(revision) FROM cmk) || '/'"
                    + " || (SELECT count(*) FROM alias) || '/'"
                    + " || (SELECT count(*) FROM key_grant)")) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Test
  void createKeyIsTriedWithAliasPolicyAndTags() throws Exception {
    CreateKeyRequest request =
        CreateKeyRequest.of(CmkSpec.RSA_4096)
            .withUsage(KeyUsage.SIGN_VERIFY)
            .withAlias(new Alias("alias/new"))
            .withTags(Map.of("team", "blue"));
    String before = contents();

    assertThrows(KmsException.DryRunOperation.class, () -> kms.createKey(root.dryRun(), request));
    assertThrows(
        KmsException.DryRunOperation.class,
        () ->
            kms.importKey(
                root.dryRun(),
                CreateKeyRequest.of(CmkSpec.HMAC_256),
                Materials.of(CmkSpec.HMAC_256)));
    assertEquals(before, contents());

    kms.createKey(root, request);
    assertThrows(KmsException.AlreadyExists.class, () -> kms.createKey(root.dryRun(), request));
    assertThrows(
        KmsException.MalformedPolicyDocument.class,
        () -> kms.createKey(root.dryRun(), CreateKeyRequest.of(CmkSpec.HMAC_256).withPolicy("{}")));
  }

  @Test
  void updatePrimaryRegionIsTriedInBothRegions() throws Exception {
    KeyId key = fixture.key(request("ReplicateKey"));
    kms.replicateKey(root, ReplicateKeyRequest.of(key, TwoRegions.THERE));
    String before = contents();

    assertThrows(
        KmsException.DryRunOperation.class,
        () -> kms.updatePrimaryRegion(root.dryRun(), key, TwoRegions.THERE));

    assertEquals(before, contents());
    List<AuditRecord> there = elsewhere.kms().lookupEvents(elsewhere.root(), AuditQuery.newest(10));
    assertEquals("DryRunOperationException", tried(there, "SynchronizeMultiRegionKey"));
    kms.updatePrimaryRegion(root, key, TwoRegions.THERE);
  }

  @Test
  void refusalComesInTheOrderOfTheCallItself() {
    KeyId key = fixture.symmetricKey();
    Caller stranger = fixture.user("stranger").dryRun();
    byte[] blob = kms.encrypt(root, key, ALGORITHM, TEXT, NONE).ciphertextBlob();
    byte[] altered = blob.clone();
    altered[altered.length - 1] ^= 1;
    kms.disableKey(root, key);

    assertThrows(
        KmsException.AccessDenied.class, () -> kms.decrypt(stranger, key, ALGORITHM, blob, NONE));
    assertThrows(
        KmsException.Disabled.class,
        () -> kms.decrypt(root.dryRun(), key, ALGORITHM, altered, NONE));
    kms.enableKey(root, key);
    assertThrows(
        KmsException.InvalidCiphertext.class,
        () -> kms.decrypt(root.dryRun(), key, ALGORITHM, altered, NONE));
    assertEquals(
        "AccessDeniedException DisabledException InvalidCiphertextException", tried("Decrypt"));
  }

  @Test
  void ignoredCiphertextNeedsTheKeyAndNothingElse() {
    KeyId key = fixture.symmetricKey();
    KeyId other = fixture.symmetricKey();
    Caller trying = root.dryRun(DryRunModifier.IGNORE_CIPHERTEXT);
    ReEncryptRequest request =
        new ReEncryptRequest(Optional.of(key), ALGORITHM, NONE, other, ALGORITHM, NONE);

    assertThrows(
        KmsException.DryRunOperation.class,
        () -> kms.decrypt(trying, key, ALGORITHM, new byte[0], NONE));
    assertThrows(
        KmsException.DryRunOperation.class, () -> kms.reEncrypt(trying, new byte[0], request));
    assertThrows(
        KmsException.Validation.class,
        () -> kms.decrypt(trying, null, ALGORITHM, new byte[0], NONE));
    assertThrows(
        KmsException.InvalidCiphertext.class,
        () -> kms.decrypt(root.dryRun(), key, ALGORITHM, new byte[0], NONE));
    kms.disableKey(root, other);
    assertThrows(KmsException.Disabled.class, () -> kms.reEncrypt(trying, new byte[0], request));
  }

  @Test
  void useOfAGrantIsNotUsedUp() {
    KeyId key = fixture.symmetricKey();
    Caller bob = fixture.user("bob");
    kms.createGrant(
        root, CreateGrantRequest.of(key, bob.arn(), Set.of(Operation.ENCRYPT)).withMaxUses(1));

    for (int i = 0; i < 3; i++) {
      assertThrows(
          KmsException.DryRunOperation.class,
          () -> kms.encrypt(bob.dryRun(), key, ALGORITHM, TEXT, NONE));
    }
    kms.encrypt(bob, key, ALGORITHM, TEXT, NONE);

    assertThrows(
        KmsException.AccessDenied.class,
        () -> kms.encrypt(bob.dryRun(), key, ALGORITHM, TEXT, NONE));
  }

  @Test
  void usageAndLastUseKnowNothingOfIt() {
    KeyId key = fixture.symmetricKey();
    kms.encrypt(root, key, ALGORITHM, TEXT, NONE);
    UUID last = kms.getKeyLastUsage(root, key).lastUsage().orElseThrow().requestId();

    assertThrows(
        KmsException.DryRunOperation.class,
        () -> kms.encrypt(root.dryRun(), key, ALGORITHM, TEXT, NONE));
    assertThrows(
        KmsException.Validation.class,
        () -> kms.encrypt(root.dryRun(), key, ALGORITHM, new byte[0], NONE));

    assertEquals(last, kms.getKeyLastUsage(root, key).lastUsage().orElseThrow().requestId());
    assertEquals(
        "1/0/0",
        kms
            .summarizeUsage(
                root, new UsageQuery(Optional.of(key), Optional.empty(), Optional.empty()))
            .sums()
            .stream()
            .map(sum -> sum.calls() + "/" + sum.failures() + "/" + sum.refusals())
            .findFirst()
            .orElse(""));
  }
}
