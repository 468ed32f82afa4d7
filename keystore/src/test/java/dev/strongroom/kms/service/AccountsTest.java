// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.AliasArn;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.KmsException.AccessDenied;
import dev.strongroom.kms.KmsException.NotFound;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.Place;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import dev.strongroom.kms.audit.CloudTrailJson;
import dev.strongroom.kms.storage.Vandal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two accounts in one store: what callers of one can do and see of the other. */
class AccountsTest {
  private static final Alias APP = new Alias("alias/app");
  private static final byte[] HELLO = {1, 2, 3};
  private static final String ID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}";

  private KmsFixture fixture;
  private Kms kms;
  private Iam iam;

  /** The root of the management account, with a key that it calls alias/app. */
  private Caller ours;

  private KeyArn key;

  /** The root of the other account, and a user there who may do everything in it. */
  private Caller theirs;

  private Caller bob;

  private final Path home;

  AccountsTest(@TempDir Path home) {
    this.home = home;
  }

  @BeforeEach
  void open() {
    fixture = KmsFixture.in(home);
    kms = fixture.kms();
    iam = kms.iam();
    ours = fixture.root();
    key = keyOf(ours, APP);
    theirs = rootOf(kms.organizations().createAccount(ours, "tests"));
    bob = user(theirs, "bob");
    iam.putPolicy(theirs, IamKind.USER, "bob", "all", allow("*"));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private KeyArn keyOf(Caller caller, Alias alias) {
    CreateKeyRequest request = CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT);
    KeyArn arn = kms.createKey(caller, request).arn();
    kms.createAlias(caller, alias, arn);
    return arn;
  }

  private Caller rootOf(Organizations.NewAccount account) {
    NewAccessKey root = account.rootAccessKey();
    return kms.authenticate(root.accessKeyId(), root.secret());
  }

  private Caller user(Caller root, String name) {
    iam.createUser(root, name, null);
    NewAccessKey access = iam.createAccessKey(root, name);
    return kms.authenticate(access.accessKeyId(), access.secret());
  }

  private static String allow(String action) {
    return """
        {"Version": "2012-10-17", "Statement": {
          "Effect": "Allow", "Action": "%s", "Resource": "*"}}"""
        .formatted(action);
  }

  /** Lets somebody use our key besides us. */
  private void letUse(String principal, String action) {
    String policy = kms.getKeyPolicy(ours, key);
    int at = policy.indexOf('[') + 1;
    String statement =
        """
        {"Sid": "Ours %s", "Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "%s",
         "Resource": "*"},"""
            .formatted(UUID.randomUUID(), principal, action);
    kms.putKeyPolicy(ours, key, policy.substring(0, at) + statement + policy.substring(at));
  }

  private byte[] encrypt(Caller caller, KeyRef ref) {
    return kms.encrypt(
            caller, ref, EncryptionAlgorithm.SYMMETRIC_DEFAULT, HELLO, EncryptionContext.EMPTY)
        .ciphertextBlob();
  }

  private byte[] decrypt(Caller caller, byte[] blob) {
    return kms.decrypt(
            caller, null, EncryptionAlgorithm.SYMMETRIC_DEFAULT, blob, EncryptionContext.EMPTY)
        .plaintext();
  }

  private static String message(Class<? extends KmsException> type, Runnable call) {
    return String.valueOf(assertThrows(type, call::run).getMessage()).replaceAll(ID, "<id>");
  }

  private AliasArn arn(Alias alias) {
    return new AliasArn(key.place(), alias);
  }

  @Test
  void accountHasARootOfItsOwnWhoseKeysAreItsOwn() {
    KeyArn made = keyOf(theirs, APP);

    assertNotEquals(ours.accountId(), theirs.accountId());
    assertEquals(new Place("local", theirs.accountId()), made.place());
    assertEquals(made, kms.describeKey(bob, APP).arn());
    assertEquals(key, kms.describeKey(ours, APP).arn());
    assertArrayEquals(HELLO, decrypt(theirs, encrypt(bob, APP)));
  }

  @Test
  void onlyTheManagementAccountMakesAndListsAccounts() {
    assertThrows(AccessDenied.class, () -> kms.organizations().createAccount(bob, "more"));
    assertThrows(AccessDenied.class, () -> kms.organizations().listAccounts(theirs));
    Caller alice = user(ours, "alice");
    assertThrows(AccessDenied.class, () -> kms.organizations().createAccount(alice, "more"));
    iam.putPolicy(ours, IamKind.USER, "alice", "make", allow("organizations:*"));
    kms.organizations().createAccount(alice, "more");

    assertEquals(
        List.of("", "tests", "more"),
        kms.organizations().listAccounts(ours).stream().map(Organizations.Account::name).toList());
    assertThrows(
        KmsException.Validation.class, () -> kms.organizations().createAccount(ours, "\n"));
  }

  /** The database refuses the row of that table, whichever is written first. */
  @ParameterizedTest
  @ValueSource(strings = {"account", "principal", "access_key"})
  void accountIsMadeWithItsRootAccessKeyOrNotAtAll(String table) throws SQLException {
    List<Organizations.Account> before = kms.organizations().listAccounts(ours);
    Path store = home.resolve("store.db");
    Vandal.on(
        store,
        "CREATE TRIGGER fault BEFORE INSERT ON "
            + table
            + " BEGIN SELECT RAISE(ABORT, 'no more of these'); END");

    assertThrows(KmsException.class, () -> kms.organizations().createAccount(ours, "half"));

    assertEquals(before, kms.organizations().listAccounts(ours));
    Vandal.on(store, "DROP TRIGGER fault");
    Caller root = rootOf(kms.organizations().createAccount(ours, "half"));
    assertEquals(List.of(), iam.list(root, IamKind.USER));
    assertEquals(before.size() + 1, kms.organizations().listAccounts(ours).size());
    assertEquals(1, iam.listAccessKeys(root, "").size());
  }

  @Test
  void everyListShowsWhatIsOfTheCallersAccountAlone() {
    user(ours, "alice");
    iam.createRole(ours, "ours", new Iam.CreateRoleRequest(trust("*"), null, null, null));
    iam.createPolicy(ours, "ours", allow("kms:*"), "");

    for (Caller caller : List.of(theirs, bob)) {
      assertEquals(List.of(), kms.listKeys(caller, null, 100).items());
      assertEquals(List.of(), kms.listAliases(caller, null, null, 100).items());
      assertEquals(
          List.of("bob"), iam.list(caller, IamKind.USER).stream().map(Iam.Entity::name).toList());
      assertEquals(List.of(), iam.list(caller, IamKind.ROLE));
      assertEquals(List.of(), iam.listPolicies(caller));
      assertEquals(List.of(), kms.openKeyStore(caller).names());
    }
    KeyArn made = keyOf(theirs, new Alias("alias/theirs"));
    assertEquals(List.of(made.keyId()), kms.listKeys(bob, null, 100).items());
    assertEquals(List.of(key.keyId()), kms.listKeys(ours, null, 100).items());
    assertEquals(List.of("theirs"), kms.openKeyStore(bob).names());
    assertEquals(List.of("app"), kms.openKeyStore(ours).names());
  }

  @Test
  void openKeyStoreStaysOfItsAccountWhateverChanges() {
    KeyStoreView view = kms.openKeyStore(theirs);
    letUse(theirs.arn(), "kms:*");
    kms.createAlias(ours, new Alias("alias/second"), key);
    iam.createUser(ours, "alice", null);
    assertEquals(List.of(), view.names());

    keyOf(theirs, new Alias("alias/theirs"));
    assertEquals(List.of("theirs"), view.names());
  }

  @Test
  void foreignAndMissingKeysAreRefusedAlike() {
    KeyArn missing = new KeyArn(key.place(), new KeyId(UUID.randomUUID()));
    byte[] blob = encrypt(ours, key);
    byte[] forged = blob.clone();
    forged[3] ^= 1; // the key id

    for (Caller caller : List.of(theirs, bob)) {
      for (Consumer<KeyRef> call : calls(caller)) {
        assertAlike(AccessDenied.class, () -> call.accept(key), () -> call.accept(missing));
        assertAlike(
            AccessDenied.class,
            () -> call.accept(arn(APP)),
            () -> call.accept(arn(new Alias("alias/none"))));
      }
    }
    for (Consumer<KeyRef> call : calls(theirs)) {
      assertAlike(
          NotFound.class, () -> call.accept(key.keyId()), () -> call.accept(missing.keyId()));
      assertThrows(NotFound.class, () -> call.accept(APP));
    }
    assertAlike(
        KmsException.InvalidCiphertext.class,
        () -> decrypt(theirs, blob),
        () -> decrypt(theirs, forged));
    assertAlike(AccessDenied.class, () -> decrypt(bob, blob), () -> decrypt(bob, forged));
  }

  private List<Consumer<KeyRef>> calls(Caller caller) {
    return List.of(
        ref -> kms.describeKey(caller, ref),
        ref -> encrypt(caller, ref),
        ref -> kms.getKeyPolicy(caller, ref),
        ref -> kms.disableKey(caller, ref),
        ref -> kms.explain(caller, ExplainRequest.of(caller.arn(), Operation.DECRYPT, ref)));
  }

  private static void assertAlike(
      Class<? extends KmsException> type, Runnable foreign, Runnable missing) {
    assertEquals(
        message(type, missing).replaceAll("alias/none", "alias/app"), message(type, foreign));
  }

  @Test
  void otherAccountNeedsTheKeyPolicyAndAPolicyOfItsOwn() {
    letUse(theirs.accountId(), "kms:*");
    Caller carol = user(theirs, "carol");
    assertThrows(AccessDenied.class, () -> encrypt(carol, key));
    iam.putPolicy(theirs, IamKind.USER, "carol", "use", allow("kms:Encrypt"));
    byte[] blob = encrypt(carol, key);

    assertArrayEquals(HELLO, decrypt(ours, blob));
    assertThrows(AccessDenied.class, () -> decrypt(carol, blob));
    assertArrayEquals(HELLO, decrypt(bob, blob));
    encrypt(bob, arn(APP));
    assertThrows(AccessDenied.class, () -> encrypt(bob, key.keyId()));
    assertThrows(AccessDenied.class, () -> encrypt(bob, APP));
  }

  @Test
  void nameInTheKeyPolicyIsNotEnoughForOtherAccounts() {
    Caller carol = user(theirs, "carol");
    letUse(carol.arn(), "kms:Encrypt");
    assertThrows(AccessDenied.class, () -> encrypt(carol, key));

    iam.putPolicy(theirs, IamKind.USER, "carol", "use", allow("kms:Encrypt"));
    encrypt(carol, key);
    assertThrows(AccessDenied.class, () -> encrypt(bob, key));
  }

  @Test
  void administrationNeverCrossesAccounts() {
    letUse(theirs.accountId(), "kms:*");

    assertEquals(key, kms.describeKey(bob, key).arn());
    List<Runnable> never =
        List.of(
            () -> kms.getKeyPolicy(bob, key),
            () -> kms.putKeyPolicy(bob, key, kms.getKeyPolicy(ours, key)),
            () -> kms.disableKey(bob, key),
            () -> kms.updateKeyDescription(bob, key, "mine"),
            () -> kms.createAlias(bob, new Alias("alias/stolen"), key),
            () -> kms.explain(bob, ExplainRequest.of(ours.arn(), Operation.DECRYPT, key)));
    for (Runnable call : never) {
      assertThrows(AccessDenied.class, call::run);
    }
    assertThrows(KmsException.Validation.class, () -> kms.listAliases(bob, key, null, 100));
  }

  @Test
  void grantLetsAnotherAccountInAndEndsAgain() {
    CreateGrantResult grant =
        kms.createGrant(ours, CreateGrantRequest.of(key, bob.arn(), Set.of(Operation.ENCRYPT)));
    encrypt(bob, key);
    assertThrows(AccessDenied.class, () -> kms.describeKey(bob, key));

    kms.revokeGrant(ours, key, grant.grantId());
    assertThrows(AccessDenied.class, () -> encrypt(bob, key));
  }

  @Test
  void grantTokenOfAnotherAccountRetiresItsGrant() {
    CreateGrantResult grant =
        kms.createGrant(
            ours,
            CreateGrantRequest.of(key, bob.arn(), Set.of(Operation.ENCRYPT))
                .withRetiringPrincipal(bob.arn()));
    assertEquals(
        List.of(key),
        kms.listRetirableGrants(bob, bob.arn(), null, 10).items().stream()
            .map(GrantListEntry::key)
            .toList());
    assertThrows(
        KmsException.Validation.class, () -> kms.listRetirableGrants(bob, ours.arn(), null, 10));

    kms.retireGrant(bob, grant.grantToken());
    assertThrows(AccessDenied.class, () -> encrypt(bob, key));
  }

  private static String trust(String principal) {
    return """
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow",
          "Principal": {"AWS": "%s"}, "Action": "sts:AssumeRole"}}"""
        .formatted(principal);
  }

  private Caller assume(Caller caller, String role) {
    Sts.AssumeRoleRequest request = Sts.AssumeRoleRequest.of(role, "session");
    try (Credentials credentials = kms.sts().assumeRole(caller, request).credentials()) {
      return kms.authenticate(credentials);
    }
  }

  @Test
  void roleOfAnotherAccountIsAssumedWhereBothSidesLetIt() {
    iam.createRole(
        ours, "guests", new Iam.CreateRoleRequest(trust(theirs.accountId()), null, null, null));
    iam.putPolicy(ours, IamKind.ROLE, "guests", "use", allow("kms:Encrypt"));
    String role = IamKind.ROLE.arn(ours.accountId(), "guests");
    Caller carol = user(theirs, "carol");

    Caller guest = assume(bob, role);
    assertEquals(ours.accountId(), guest.accountId());
    encrypt(guest, APP);
    assertThrows(AccessDenied.class, () -> assume(carol, role));
    iam.updateAssumeRolePolicy(ours, "guests", trust(ours.accountId()));
    assertAlike(
        AccessDenied.class,
        () -> assume(bob, role),
        () -> assume(bob, IamKind.ROLE.arn(ours.accountId(), "guests")));
    assertThrows(AccessDenied.class, () -> assume(bob, role));
  }

  @Test
  void roleIsAssumedOnTheRecordOfBothAccounts() {
    iam.createRole(ours, "guests", new Iam.CreateRoleRequest(trust(bob.arn()), null, null, null));
    iam.createPolicy(ours, "limits", allow("kms:*"), "");
    String limits = IamKind.POLICY.arn(ours.accountId(), "limits");
    Sts.AssumeRoleRequest narrowed =
        new Sts.AssumeRoleRequest(
            IamKind.ROLE.arn(ours.accountId(), "guests"),
            "night",
            null,
            allow("kms:Encrypt"),
            List.of(limits),
            "case-7");
    kms.sts().assumeRole(bob, narrowed);

    AuditRecord seenByThem = only(kms.lookupEvents(theirs, AuditQuery.newest(1000)), "AssumeRole");
    AuditRecord seenByUs = only(kms.lookupEvents(ours, AuditQuery.newest(1000)), "AssumeRole");
    assertEquals(allow("kms:Encrypt"), seenByThem.parameters().get("policy"));
    assertEquals(Optional.empty(), seenByThem.decidedBy());
    assertFalse(seenByUs.parameters().containsKey("policy"));
    assertEquals(limits, seenByUs.parameters().get("policyArns"));
    assertEquals("case-7", seenByUs.parameters().get("externalId"));
    assertTrue(seenByUs.decidedBy().isPresent());
    assertEquals(Optional.of(bob.arn()), seenByUs.callerArn());
    assertShared(seenByThem, theirs.accountId());
    assertShared(seenByUs, ours.accountId());
    Caller third = rootOf(kms.organizations().createAccount(ours, "third"));
    assertEquals(List.of(), named(kms.lookupEvents(third, AuditQuery.newest(1000)), "AssumeRole"));
  }

  /** One record has one id, by which both accounts can speak of it. */
  private void assertShared(AuditRecord record, String recipient) {
    Map<String, ?> event = CloudTrailJson.event(record, kms.place());
    assertEquals(recipient, event.get("recipientAccountId"));
    assertEquals(record.eventId().toString(), event.get("sharedEventID"));
    assertEquals(event.get("eventID"), event.get("sharedEventID"));
    String shown = String.valueOf(event.get("requestParameters"));
    assertTrue(shown.contains("roleSessionName=night"), shown);
    assertFalse(shown.contains("AccountId"), shown);
  }

  @Test
  void failureOfACallThatAssumesARoleTellsItsAccountNothingOfThePolicy() {
    iam.createRole(ours, "guests", new Iam.CreateRoleRequest(trust(bob.arn()), null, null, null));
    Sts.AssumeRoleRequest broken =
        new Sts.AssumeRoleRequest(
            IamKind.ROLE.arn(ours.accountId(), "guests"),
            "night",
            null,
            "{\"Confidential\": 1}",
            List.of(),
            null);
    assertThrows(
        KmsException.MalformedPolicyDocument.class, () -> kms.sts().assumeRole(bob, broken));

    List<AuditRecord> seen = named(kms.lookupEvents(ours, AuditQuery.newest(1000)), "AssumeRole");
    assertEquals(
        List.of(Optional.empty(), Optional.of("MalformedPolicyDocumentException")),
        seen.stream().map(AuditRecord::errorCode).toList());
    assertFalse(seen.toString().contains("Confidential"), seen.toString());
    AuditRecord theirFailure =
        named(kms.lookupEvents(theirs, AuditQuery.newest(1000)), "AssumeRole").get(1);
    assertTrue(theirFailure.errorMessage().orElse("").contains("Confidential"));
  }

  @Test
  void refusalToAssumeARoleIsOnRecordInTheCallersAccountAlone() {
    iam.createRole(
        ours, "ours", new Iam.CreateRoleRequest(trust(ours.accountId()), null, null, null));
    String role = IamKind.ROLE.arn(ours.accountId(), "ours");
    assertThrows(AccessDenied.class, () -> assume(bob, role));

    assertEquals(List.of(), named(kms.lookupEvents(ours, AuditQuery.newest(1000)), "AssumeRole"));
    AuditRecord refusal = only(kms.lookupEvents(theirs, AuditQuery.newest(1000)), "AssumeRole");
    assertEquals(Optional.empty(), refusal.decidedBy());
    assertEquals(Optional.empty(), refusal.sharedWith());
  }

  @Test
  void confusedDeputyCannotLendTheRightsOfItsAccount() {
    // A service of ours acts for whoever asks, by a role that other accounts' ids protect.
    String condition =
        trust(theirs.accountId())
            .replace(
                "\"sts:AssumeRole\"}",
                "\"sts:AssumeRole\", \"Condition\": {\"StringEquals\": {\"sts:ExternalId\":"
                    + " \"customer-1\"}}}");
    iam.createRole(ours, "deputy", new Iam.CreateRoleRequest(condition, null, null, null));
    String role = IamKind.ROLE.arn(ours.accountId(), "deputy");

    assertThrows(AccessDenied.class, () -> assume(bob, role));
    Sts.AssumeRoleRequest wrong =
        new Sts.AssumeRoleRequest(role, "session", null, null, List.of(), "customer-2");
    assertThrows(AccessDenied.class, () -> kms.sts().assumeRole(bob, wrong));
    Sts.AssumeRoleRequest right =
        new Sts.AssumeRoleRequest(role, "session", null, null, List.of(), "customer-1");
    assertEquals(
        ours.accountId(),
        kms.authenticate(kms.sts().assumeRole(bob, right).credentials()).accountId());
  }

  @Test
  void trailShowsEachAccountItsOwnCallsAndThoseOnItsKeys() {
    letUse(bob.arn(), "kms:Encrypt");
    encrypt(ours, key);
    encrypt(bob, key);
    assertThrows(AccessDenied.class, () -> kms.describeKey(bob, key));
    assertThrows(
        KmsException.UnrecognizedClient.class,
        () -> kms.authenticate("AKIANOBODY2222222222", "wrong".toCharArray()));

    List<AuditRecord> seenByThem = kms.lookupEvents(theirs, AuditQuery.newest(1000));
    assertTrue(
        seenByThem.stream().allMatch(record -> isBy(record, theirs.accountId())),
        () -> seenByThem.toString());
    AuditRecord use = only(seenByThem, "Encrypt");
    assertEquals(Optional.of(key.text()), use.keyArn());
    assertEquals(Optional.empty(), use.decidedBy());
    assertEquals(Optional.empty(), only(seenByThem, "DescribeKey").keyArn());

    List<AuditRecord> seenByUs = kms.lookupEvents(ours, AuditQuery.newest(1000));
    assertTrue(
        seenByUs.stream()
            .filter(record -> isBy(record, theirs.accountId()))
            .allMatch(record -> record.keyArn().equals(Optional.of(key.text()))));
    assertEquals(
        2, seenByUs.stream().filter(record -> record.eventName().equals("Encrypt")).count());
    assertTrue(seenByUs.stream().anyMatch(record -> record.eventName().equals("Authenticate")));
    assertThrows(AccessDenied.class, () -> kms.validateLogs(theirs));
    assertThrows(AccessDenied.class, () -> kms.proveEvent(theirs, use.eventId()));
  }

  private static boolean isBy(AuditRecord record, String account) {
    return record.callerArn().filter(arn -> arn.contains("::" + account + ":")).isPresent();
  }

  private static AuditRecord only(List<AuditRecord> records, String event) {
    List<AuditRecord> found = named(records, event);
    assertEquals(1, found.size(), event);
    return found.get(0);
  }

  private static List<AuditRecord> named(List<AuditRecord> records, String event) {
    return records.stream().filter(record -> record.eventName().equals(event)).toList();
  }

  @Test
  void explanationsShowNothingOfTheOtherAccount() {
    iam.putPolicy(theirs, IamKind.USER, "bob", "secret-name", allow("kms:Encrypt"));
    String ofTheirs =
        kms.explain(ours, ExplainRequest.of(bob.arn(), Operation.DECRYPT, key)).text();
    String ofNobody =
        kms.explain(
                ours, ExplainRequest.of(bob.arn().replace("bob", "nobody"), Operation.DECRYPT, key))
            .text();
    assertEquals(ofNobody.replace("nobody", "bob"), ofTheirs);
    assertThrows(
        NotFound.class,
        () -> kms.explain(ours, ExplainRequest.inAccount(bob.arn(), Operation.LIST_KEYS)));

    String refusal =
        String.valueOf(
            assertThrows(AccessDenied.class, () -> encrypt(user(ours, "alice"), key)).getMessage());
    UUID id = UUID.fromString(refusal.replaceAll(".*--request-id ([0-9a-f-]{36}).*", "$1"));
    assertAlike(
        NotFound.class,
        () -> kms.explainRequest(theirs, id),
        () -> kms.explainRequest(theirs, UUID.randomUUID()));
  }

  @Test
  void accessKeysAndIdentitiesOfAnotherAccountAreOutOfReach() {
    iam.createUser(ours, "alice", null);
    String access = iam.createAccessKey(ours, "alice").accessKeyId();

    assertThrows(KmsException.NoSuchEntity.class, () -> iam.getAccessKeyLastUsed(theirs, access));
    assertThrows(
        KmsException.NoSuchEntity.class, () -> iam.deleteAccessKey(theirs, "alice", access));
    assertThrows(KmsException.NoSuchEntity.class, () -> iam.get(theirs, IamKind.USER, "alice"));
    assertThrows(
        KmsException.NoSuchEntity.class,
        () ->
            iam.attachPolicy(
                theirs,
                IamKind.USER,
                "bob",
                iam.createPolicy(ours, "ours", allow("kms:*"), "").arn()));
    iam.createUser(theirs, "alice", null);
    assertNotEquals(
        iam.get(ours, IamKind.USER, "alice").id(), iam.get(theirs, IamKind.USER, "alice").id());
  }

  @Test
  void otherProcessKnowsTheAccount() {
    NewAccessKey access = iam.createAccessKey(theirs, "");
    try (Kms other = fixture.secondProcess().get()) {
      Caller root = other.authenticate(access.accessKeyId(), access.secret());
      assertEquals(theirs.accountId(), root.accountId());
      assertEquals(List.of(), other.listKeys(root, null, 10).items());
    }
  }
}
