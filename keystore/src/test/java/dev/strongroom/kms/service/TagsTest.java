// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Tag;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TagsTest extends AliceScene {

  private List<Tag> tags() {
    return kms.listResourceTags(root, key, null, 1000).items();
  }

  private void encryptAsAlice() {
    kms.encrypt(
        alice, key, EncryptionAlgorithm.SYMMETRIC_DEFAULT, new byte[1], EncryptionContext.EMPTY);
  }

  /** Gives alice one statement. */
  private void allow(String action, String condition) {
    kms.iam()
        .putPolicy(
            root,
            IamKind.USER,
            "alice",
            "allow-" + action.replace("kms:", ""),
            """
            {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "%s",
             "Resource": "*", "Condition": {%s}}}"""
                .formatted(action, condition));
  }

  @Test
  void tagReplacesTheOneOfTheVerySameKey() {
    kms.tagResource(root, key, Map.of("Team", "blue", "team", "red"));

    kms.tagResource(root, key, Map.of("Team", "", "Ä b_.:/=+-@9", "Ä b_.:/=+-@9"));

    assertEquals(
        List.of(
            new Tag("Team", ""), new Tag("team", "red"), new Tag("Ä b_.:/=+-@9", "Ä b_.:/=+-@9")),
        tags());
  }

  @Test
  void tagThatDiffersInCaseOnlyLetsNobodyInWhomTheOtherKeptOut() {
    allow("kms:Encrypt", "\"StringEquals\": {\"aws:ResourceTag/Team\": \"blue\"}");
    kms.tagResource(root, key, Map.of("team", "red"));
    assertThrows(KmsException.AccessDenied.class, () -> encryptAsAlice());

    kms.tagResource(root, key, Map.of("Team", "blue"));

    assertThrows(KmsException.AccessDenied.class, () -> encryptAsAlice());
    kms.untagResource(root, key, List.of("team"));
    encryptAsAlice();
  }

  @Test
  void untaggingPassesOverWhatIsNotThere() {
    kms.tagResource(root, key, Map.of("a", "1", "b", "2"));

    kms.untagResource(root, key, List.of("b", "B", "c"));

    assertEquals(List.of(new Tag("a", "1")), tags());
  }

  @Test
  void listComesInPages() {
    kms.tagResource(root, key, Map.of("a", "1", "b", "2", "c", "3"));

    Kms.Page<Tag> first = kms.listResourceTags(root, key, null, 2);
    Kms.Page<Tag> second = kms.listResourceTags(root, key, first.nextMarker().orElseThrow(), 2);

    assertEquals(List.of(new Tag("a", "1"), new Tag("b", "2")), first.items());
    assertEquals(List.of(new Tag("c", "3")), second.items());
    assertEquals(Optional.empty(), second.nextMarker());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "aws:team", "AWS:x", "a,b", "a\nb", "a\u0000", "a*", "${a}", "\ud83d"})
  void keyThatNoTagHasIsRefused(String tagKey) {
    assertThrows(KmsException.Tag.class, () -> kms.tagResource(root, key, Map.of(tagKey, "value")));
    assertThrows(KmsException.Tag.class, () -> kms.untagResource(root, key, List.of(tagKey)));
    assertThrows(
        KmsException.Tag.class,
        () ->
            kms.createKey(
                root,
                CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT).withTags(Map.of(tagKey, "value"))));
    assertEquals(List.of(), tags());
  }

  @Test
  void lengthsHaveLimits() {
    kms.tagResource(root, key, Map.of("k".repeat(128), "v".repeat(256)));

    assertThrows(
        KmsException.Tag.class, () -> kms.tagResource(root, key, Map.of("k".repeat(129), "")));
    assertThrows(
        KmsException.Tag.class, () -> kms.tagResource(root, key, Map.of("k", "v".repeat(257))));
    assertThrows(KmsException.Validation.class, () -> kms.tagResource(root, key, Map.of()));
  }

  @Test
  void keyHasFiftyTagsAtMost() {
    Map<String, String> fifty = new HashMap<>();
    for (int i = 0; i < 50; i++) {
      fifty.put("tag" + i, "");
    }
    kms.tagResource(root, key, fifty);

    kms.tagResource(root, key, Map.of("tag0", "again"));
    assertThrows(
        KmsException.LimitExceeded.class, () -> kms.tagResource(root, key, Map.of("one more", "")));
    assertEquals(50, tags().size());
    fifty.put("one more", "");
    assertThrows(
        KmsException.LimitExceeded.class,
        () -> fixture.key(CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT).withTags(fifty)));
  }

  @Test
  void disabledKeyCanBeTagged() {
    kms.disableKey(root, key);

    kms.tagResource(root, key, Map.of("a", "1"));
    kms.untagResource(root, key, List.of("a"));

    assertEquals(List.of(), tags());
  }

  @Test
  void tagDecidesAtOnceWhoMayUseTheKey() {
    allow("kms:DescribeKey", "\"StringEquals\": {\"aws:ResourceTag/team\": \"blue\"}");
    assertThrows(KmsException.AccessDenied.class, () -> kms.describeKey(alice, key));

    kms.tagResource(root, key, Map.of("team", "blue"));
    kms.describeKey(alice, key);
    kms.tagResource(root, key, Map.of("team", "red"));
    assertThrows(KmsException.AccessDenied.class, () -> kms.describeKey(alice, key));
    kms.tagResource(root, key, Map.of("team", "blue"));
    kms.describeKey(alice, key);
    kms.untagResource(root, key, List.of("team"));
    assertThrows(KmsException.AccessDenied.class, () -> kms.describeKey(alice, key));
  }

  @Test
  void otherProcessHearsOfATag() throws InterruptedException {
    allow("kms:DescribeKey", "\"StringEquals\": {\"aws:ResourceTag/team\": \"blue\"}");
    kms.tagResource(root, key, Map.of("team", "blue"));
    try (EmbeddedKms other = fixture.secondProcess().get();
        Credentials credentials = fixture.config().credentials().orElseThrow()) {
      Caller admin = other.authenticate(credentials.accessKeyId(), credentials.secret());
      NewAccessKey accessKey = other.iam().createAccessKey(admin, "alice");
      Caller there = other.authenticate(accessKey.accessKeyId(), accessKey.secret());
      other.describeKey(there, key);

      kms.untagResource(root, key, List.of("team"));

      Waits.millisUntil(() -> isRefused(() -> other.describeKey(there, key)));
    }
  }

  private static boolean isRefused(Runnable call) {
    try {
      call.run();
      return false;
    } catch (KmsException.AccessDenied e) {
      return true;
    }
  }

  @Test
  void policiesAskAboutTheTagsOfTheRequest() {
    allow("kms:TagResource", "\"StringEquals\": {\"aws:RequestTag/team\": [\"blue\", \"red\"]}");
    allow("kms:UntagResource", "\"ForAllValues:StringEquals\": {\"aws:TagKeys\": [\"team\"]}");

    kms.tagResource(alice, key, Map.of("team", "blue"));
    assertThrows(
        KmsException.AccessDenied.class,
        () -> kms.tagResource(alice, key, Map.of("team", "green")));
    assertThrows(
        KmsException.AccessDenied.class, () -> kms.tagResource(alice, key, Map.of("x", "blue")));
    assertThrows(
        KmsException.AccessDenied.class, () -> kms.untagResource(alice, key, List.of("team", "x")));
    kms.untagResource(alice, key, List.of("team"));
    assertThrows(KmsException.AccessDenied.class, () -> kms.listResourceTags(alice, key, null, 10));
  }

  @Test
  void keyWithTagsTakesTheRightToTagAsWell() {
    CreateKeyRequest bare = CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT);
    CreateKeyRequest tagged = bare.withTags(Map.of("team", "blue"));
    allow("kms:CreateKey", "");
    kms.createKey(alice, bare);

    KmsException refusal =
        assertThrows(KmsException.AccessDenied.class, () -> kms.createKey(alice, tagged));
    assertTrue(
        String.valueOf(refusal.getMessage()).contains("kms:TagResource"), refusal::getMessage);

    allow("kms:TagResource", "\"StringEquals\": {\"aws:RequestTag/team\": \"blue\"}");
    KeyId made = kms.createKey(alice, tagged).keyId();
    assertEquals(
        List.of(new Tag("team", "blue")), kms.listResourceTags(root, made, null, 10).items());
    assertThrows(
        KmsException.AccessDenied.class,
        () -> kms.createKey(alice, bare.withTags(Map.of("team", "red"))));
  }

  @Test
  void mapThatChangesMeanwhilePutsWhatWasDecidedOn() {
    allow("kms:TagResource", "\"StringEquals\": {\"aws:RequestTag/team\": \"blue\"}");

    kms.tagResource(alice, key, new FickleMap(Map.of("team", "blue"), Map.of("team", "red")));

    assertEquals(List.of(new Tag("team", "blue")), tags());
  }

  @Test
  void tagsOfTheRequestAreOnRecord() {
    kms.tagResource(root, key, Map.of("team", "blue", "a", "="));
    kms.untagResource(root, key, List.of("team", "a"));

    assertEquals(Map.of("tagKeys", "[\"a\",\"team\"]"), recorded("UntagResource"));
    assertEquals(
        Map.of(
            "tags",
            "[{\"tagKey\":\"a\",\"tagValue\":\"=\"},{\"tagKey\":\"team\",\"tagValue\":\"blue\"}]"),
        recorded("TagResource"));
  }

  private Map<String, String> recorded(String event) {
    return kms.lookupEvents(root, AuditQuery.newest(100)).stream()
        .filter(found -> found.eventName().equals(event))
        .map(AuditRecord::parameters)
        .findFirst()
        .orElseThrow();
  }
}
