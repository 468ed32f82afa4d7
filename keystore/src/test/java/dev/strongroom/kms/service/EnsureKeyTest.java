// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.approval.ApprovalProposal;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A key is brought into its described state, whole or not at all. */
class EnsureKeyTest extends ApproverScene {
  private static final Alias APP = new Alias("alias/app");
  private static final String POLICY =
      """
      {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
       "Principal": {"AWS": "000000000000"}, "Action": "kms:*", "Resource": "*"}]}""";
  private static final String FULL =
      """
      {
        "AliasName": "alias/app",
        "KeySpec": "SYMMETRIC_DEFAULT",
        "Description": "for the app",
        "Policy": %s,
        "Tags": [{"TagKey": "team", "TagValue": "blue"}, {"TagKey": "stage", "TagValue": "1"}],
        "RotationPeriodInDays": 180,
        "Enabled": true
      }"""
          .formatted(POLICY);

  private final Path home;

  EnsureKeyTest(@TempDir Path home) {
    super(home);
    this.home = home;
  }

  private EnsureKeyResult ensure(String json) {
    return ensure(root, json);
  }

  private EnsureKeyResult ensure(Caller caller, String json) {
    return kms.ensureKey(caller, KeyDescription.parse(json));
  }

  private static String operations(EnsureKeyResult result) {
    return result.changes().stream()
        .map(change -> change.operation().apiName())
        .collect(Collectors.joining(" "));
  }

  private static String refusal(Class<? extends KmsException> type, Executable call) {
    return String.valueOf(assertThrows(type, call).getMessage());
  }

  private String tags() {
    return kms.listResourceTags(root, APP, null, 100).items().stream()
        .map(tag -> tag.key() + "=" + tag.value())
        .collect(Collectors.joining(" "));
  }

  @Test
  void keyThatIsNotThereIsMadeAsDescribed() {
    EnsureKeyResult result = ensure(FULL);

    KeyMetadata key = kms.describeKey(root, APP);
    assertTrue(result.created());
    assertEquals(Optional.of(key.arn()), result.key());
    assertEquals("for the app", key.description());
    assertEquals("stage=1 team=blue", tags());
    assertEquals(Optional.of(180), kms.getKeyRotationStatus(root, APP).periodInDays());
  }

  @Test
  void keyCanBeMadeDisabled() {
    ensure("{\"AliasName\": \"alias/app\", \"Enabled\": false, \"KeyRotationEnabled\": true}");

    assertEquals(KeyState.DISABLED, kms.describeKey(root, APP).state());
    assertEquals(Optional.of(365), kms.getKeyRotationStatus(root, APP).periodInDays());
  }

  @Test
  void secondTimeNothingIsWritten() {
    ensure(FULL);
    List<AuditRecord> before = changesOnRecord();

    EnsureKeyResult result = ensure(FULL.replace("\n", " "));

    assertEquals(List.of(), result.changes());
    assertEquals(before, changesOnRecord());
  }

  private List<AuditRecord> changesOnRecord() {
    return kms.lookupEvents(root, AuditQuery.newest(100)).stream()
        .filter(record -> !record.readOnly())
        .toList();
  }

  @Test
  void eachDifferenceIsChangedAndOnRecordAsItsOwnCall() {
    ensure(FULL);
    kms.updateKeyDescription(root, APP, "other");
    kms.tagResource(root, APP, Map.of("team", "red", "more", "1"));
    kms.disableKeyRotation(root, APP);
    kms.putKeyPolicy(root, APP, policy(alice, "kms:Decrypt"));
    kms.disableKey(root, APP);

    EnsureKeyResult result = ensure(FULL);

    assertEquals(
        "EnableKey UpdateKeyDescription PutKeyPolicy UntagResource TagResource EnableKeyRotation",
        operations(result));
    EnsureKeyResult.Change tag = result.changes().get(4);
    assertEquals("{\"team\":\"red\"}", tag.before());
    assertEquals("{\"team\":\"blue\"}", tag.after());
    assertEquals("for the app", kms.describeKey(root, APP).description());
    assertEquals(KeyState.ENABLED, kms.describeKey(root, APP).state());
    assertEquals("stage=1 team=blue", tags());
    Set<String> recorded = new TreeSet<>();
    kms.lookupEvents(root, AuditQuery.newest(20)).stream()
        .filter(record -> record.errorCode().isEmpty() && !record.readOnly())
        .forEach(record -> recorded.add(record.eventName()));
    assertTrue(recorded.containsAll(List.of(operations(result).split(" "))), recorded.toString());
    assertEquals("", operations(ensure(FULL)));
  }

  @Test
  void whatIsNotDescribedStays() {
    ensure(FULL);

    EnsureKeyResult result = ensure("{\"AliasName\": \"alias/app\", \"Enabled\": false}");

    assertEquals("DisableKey", operations(result));
    assertEquals("stage=1 team=blue", tags());
  }

  @Test
  void whatCannotBeChangedIsRefusedByName() {
    ensure(FULL);

    for (String member :
        List.of(
            "\"KeySpec\": \"RSA_2048\"",
            "\"KeyUsage\": \"SIGN_VERIFY\"",
            "\"Origin\": \"EXTERNAL\"",
            "\"ProtectionLevel\": \"HSM\"",
            "\"MultiRegion\": true")) {
      String message =
          refusal(
              KmsException.Validation.class,
              () -> ensure("{\"AliasName\": \"alias/app\", " + member + "}"));
      String name = member.substring(1, member.indexOf('"', 1));
      assertTrue(message.contains(" has the " + name + " "), message);
    }
    kms.scheduleKeyDeletion(
        root, ScheduleKeyDeletionRequest.of(kms.describeKey(root, APP).keyId()));
    assertThrows(KmsException.InvalidState.class, () -> ensure(FULL));
  }

  @Test
  void whatIsNotUnderstoodIsRefusedByName() {
    for (String[] wrong :
        new String[][] {
          {"{\"AliasName\": \"alias/app\", \"Tag\": []}", "there is no member \"Tag\""},
          {"{\"Description\": \"\"}", "no AliasName"},
          {"{\"AliasName\": \"app\"}", "alias/"},
          {"{\"AliasName\": \"alias/app\", \"Enabled\": \"yes\"}", "Enabled must be true or false"},
          {"{\"AliasName\": \"alias/app\", \"KeySpec\": \"DES\"}", "KeySpec must be one of"},
          {"{\"AliasName\": \"alias/app\", \"Tags\": {}}", "Tags must be an array"},
          {"{\"AliasName\": \"alias/app\", \"Origin\": \"AWS_CLOUDHSM\"}", "create-key"},
          {
            "{\"AliasName\": \"alias/app\", \"KeyRotationEnabled\": false,"
                + " \"RotationPeriodInDays\": 90}",
            "Leave one out"
          },
          {"[]", "must be an object"},
          {"{", "no JSON"},
        }) {
      String message = refusal(KmsException.Validation.class, () -> ensure(wrong[0]));
      assertTrue(message.contains(wrong[1]), message);
    }
    assertThrows(
        KmsException.Validation.class,
        () -> ensure("{\"AliasName\": \"alias/app\", \"RotationPeriodInDays\": 89}"));
    assertEquals(1, kms.listKeys(root, null, 100).items().size());
  }

  @Test
  void eachChangeNeedsItsOwnPermission() {
    String allowed =
        """
        {"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Principal": {"AWS": "000000000000"}, "Action": "kms:*", "Resource": "*"},
          {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Resource": "*",
           "Action": ["kms:DescribeKey", "kms:ListResourceTags", "kms:TagResource"]}]}"""
            .formatted(alice.arn());
    ensure("{\"AliasName\": \"alias/app\", \"Policy\": " + allowed + "}");
    String tagging =
        "{\"AliasName\": \"alias/app\", \"Tags\": [{\"TagKey\": \"a\", \"TagValue\": \"1\"}]";

    String refusal =
        refusal(
            KmsException.AccessDenied.class,
            () -> ensure(alice, tagging + ", \"Description\": \"new\"}"));

    assertTrue(refusal.contains("kms:UpdateKeyDescription"), refusal);
    assertEquals("", tags());
    assertEquals("TagResource", operations(ensure(alice, tagging + "}")));
    assertEquals("a=1", tags());
  }

  @Test
  void whoMayNotSeeTheKeyDoesNotLearnWhetherThereIsOne() {
    ensure(FULL);

    String known = refusal(KmsException.AccessDenied.class, () -> ensure(alice, FULL));
    String unknown =
        refusal(
            KmsException.AccessDenied.class,
            () -> ensure(alice, FULL.replace("alias/app", "alias/none")));

    assertEquals(withoutIds(known), withoutIds(unknown));
  }

  private static String withoutIds(String message) {
    return message.replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "ID");
  }

  @Test
  void changeThatNeedsApprovalsWaitsForThemAndUsesThemUp() throws Exception {
    ensure(FULL);
    KeyId id = kms.describeKey(root, APP).keyId();
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    kms.putApprovalRule(
        root, id, kms.approvalRule(root, 1, List.of(elsewhere(alice, pair)), Set.of("DisableKey")));
    String wanted = "{\"AliasName\": \"alias/app\", \"Description\": \"old\", \"Enabled\": false}";

    assertThrows(KmsException.ApprovalRequired.class, () -> ensure(wanted));
    assertEquals("for the app", kms.describeKey(root, APP).description());
    approve(alice, pair, kms.requestApproval(root, id, ApprovalProposal.disableKey(), HOUR).id());
    assertEquals("UpdateKeyDescription DisableKey", operations(ensure(wanted)));

    kms.enableKey(root, id);
    assertThrows(KmsException.ApprovalRequired.class, () -> ensure(wanted));
  }

  @Test
  void dryRunShowsWhatWouldChange() {
    int keys = kms.listKeys(root, null, 100).items().size();
    EnsureKeyResult made = ensure(root.dryRun(), FULL);
    assertTrue(made.created());
    assertEquals(Optional.empty(), made.key());
    assertEquals(keys, kms.listKeys(root, null, 100).items().size());
    ensure(FULL);
    kms.disableKey(root, APP);
    kms.untagResource(root, APP, List.of("team"));

    assertEquals("EnableKey TagResource", operations(ensure(root.dryRun(), FULL)));

    assertEquals(KeyState.DISABLED, kms.describeKey(root, APP).state());
    assertEquals("stage=1", tags());
    assertEquals(
        Set.of("EnableKey", "TagResource", "CreateKey"),
        kms.lookupEvents(root, AuditQuery.newest(30)).stream()
            .filter(record -> record.parameters().containsKey("dryRun"))
            .map(AuditRecord::eventName)
            .collect(Collectors.toSet()));
  }

  @Test
  void twoProcessesAtOnceMakeOneKey() throws Exception {
    try (EmbeddedKms other = fixture.secondProcess().get();
        Credentials credentials = fixture.config().credentials().orElseThrow()) {
      Caller there = other.authenticate(credentials);
      ExecutorService both = Executors.newFixedThreadPool(2);
      for (int i = 0; i < 10; i++) {
        KeyDescription wanted = KeyDescription.parse(FULL.replace("alias/app", "alias/" + i));
        List<Callable<EnsureKeyResult>> calls =
            List.of(() -> kms.ensureKey(root, wanted), () -> other.ensureKey(there, wanted));
        List<EnsureKeyResult> results = new ArrayList<>();
        for (Future<EnsureKeyResult> each : both.invokeAll(calls)) {
          results.add(each.get());
        }
        assertEquals(1, results.stream().filter(EnsureKeyResult::created).count());
        assertEquals(results.get(0).key(), results.get(1).key());
      }
      both.shutdownNow();
    }
    assertEquals(11, kms.listKeys(root, null, 100).items().size());
  }

  @Test
  void killedProcessLeavesTheOldStateOrTheNew() throws Exception {
    ensure(FULL);
    for (int kill = 0; kill < 5; kill++) {
      Process process = EnsureProgram.start(home, FULL, EnsureProgram.other(FULL));
      assertEquals('o', process.getInputStream().read());
      Thread.sleep(100 + 137 * kill);
      process.destroyForcibly().waitFor();
      assertTrue(isWhole(FULL) || isWhole(EnsureProgram.other(FULL)));
    }
    assertEquals(2, kms.listKeys(root, null, 100).items().size());
  }

  private boolean isWhole(String json) {
    return ensure(root.dryRun(), json).changes().isEmpty();
  }
}
