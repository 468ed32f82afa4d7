// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Tag;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tags of users and roles. */
class IamTagsTest extends AliceScene {
  private static final String OWN_TEAM =
      """
      {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "kms:DescribeKey", "Resource": "*", "Condition":
          {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}},
        {"Effect": "Allow", "Action": "iam:TagUser", "Resource": "*", "Condition":
          {"StringEquals": {"aws:RequestTag/team": "blue"}}}]}""";

  @BeforeEach
  void makeUser() {
    iam.putPolicy(root, IamKind.USER, "alice", "team", OWN_TEAM);
  }

  private List<Tag> tags() {
    return iam.listTags(root, IamKind.USER, "alice");
  }

  @Test
  void tagOfTheCallerDecidesAtOnce() {
    KeyId key =
        fixture.key(
            CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT).withTags(Map.of("team", "blue")));
    assertThrows(KmsException.AccessDenied.class, () -> kms.describeKey(alice, key));

    iam.tag(root, IamKind.USER, "alice", Map.of("team", "blue"));
    kms.describeKey(alice, key);
    iam.tag(root, IamKind.USER, "alice", Map.of("team", "red"));
    assertThrows(KmsException.AccessDenied.class, () -> kms.describeKey(alice, key));
    iam.tag(root, IamKind.USER, "alice", Map.of("team", "blue"));
    kms.describeKey(alice, key);
    iam.untag(root, IamKind.USER, "alice", List.of("team"));
    assertThrows(KmsException.AccessDenied.class, () -> kms.describeKey(alice, key));
  }

  @Test
  void keysAreTheSameInUpperAndLowerCase() {
    iam.tag(root, IamKind.USER, "alice", Map.of("Team", "blue", "stage", "1"));

    iam.tag(root, IamKind.USER, "alice", Map.of("team", "red"));
    assertEquals(List.of(new Tag("stage", "1"), new Tag("team", "red")), tags());
    iam.untag(root, IamKind.USER, "alice", List.of("STAGE", "other"));
    assertEquals(List.of(new Tag("team", "red")), tags());
    assertThrows(
        KmsException.Tag.class,
        () -> iam.tag(root, IamKind.USER, "alice", Map.of("a", "1", "A", "2")));
  }

  @Test
  void policiesAskAboutTheTagsOfTheRequest() {
    iam.tag(alice, IamKind.USER, "alice", Map.of("team", "blue"));

    assertThrows(
        KmsException.AccessDenied.class,
        () -> iam.tag(alice, IamKind.USER, "alice", Map.of("team", "red")));
    assertEquals(List.of(new Tag("team", "blue")), tags());
  }

  @Test
  void mapThatChangesMeanwhilePutsWhatWasDecidedOn() {
    Map<String, String> tags = new FickleMap(Map.of("team", "blue"), Map.of("team", "red"));

    iam.tag(alice, IamKind.USER, "alice", tags);

    assertEquals(List.of(new Tag("team", "blue")), tags());
  }

  @Test
  void rolesHaveTagsAndGroupsHaveNone() {
    iam.createGroup(root, "users");
    iam.createRole(
        root,
        "batch",
        new Iam.CreateRoleRequest(
            """
            {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
             "Principal": {"AWS": "arn:aws:iam::000000000000:user/alice"}}}""",
            null,
            null,
            null));

    iam.tag(root, IamKind.ROLE, "batch", Map.of("team", "blue"));

    assertEquals(List.of(new Tag("team", "blue")), iam.listTags(root, IamKind.ROLE, "batch"));
    assertThrows(
        KmsException.Validation.class,
        () -> iam.tag(root, IamKind.GROUP, "users", Map.of("team", "blue")));
  }

  @Test
  void policiesAskAboutTheTagsOfTheUserThatACallIsAbout() {
    fixture.user("bob");
    iam.tag(root, IamKind.USER, "bob", Map.of("protected", "yes"));
    iam.putPolicy(
        root,
        IamKind.USER,
        "alice",
        "helpdesk",
        """
        {"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Action": "iam:*", "Resource": "*"},
          {"Effect": "Deny", "Action": "iam:*", "Resource": "*", "Condition":
            {"StringEquals": {"aws:ResourceTag/Protected": "yes"}}}]}""");
    iam.createUser(root, "carol", null);

    iam.createAccessKey(alice, "carol");
    assertThrows(KmsException.AccessDenied.class, () -> iam.createAccessKey(alice, "bob"));
    assertThrows(
        KmsException.AccessDenied.class,
        () -> iam.untag(alice, IamKind.USER, "bob", List.of("protected")));

    iam.untag(root, IamKind.USER, "bob", List.of("protected"));
    iam.listTags(alice, IamKind.USER, "bob");
  }

  @Test
  void userThatIsMadeWithTagsTakesTheRightToTagAsWell() {
    iam.putPolicy(
        root,
        IamKind.USER,
        "alice",
        "make",
        """
        {"Version": "2012-10-17", "Statement":
          {"Effect": "Allow", "Action": "iam:CreateUser", "Resource": "*"}}""");

    KmsException refusal =
        assertThrows(
            KmsException.AccessDenied.class,
            () -> iam.createUser(alice, "bob", null, Map.of("team", "red")));
    assertTrue(String.valueOf(refusal.getMessage()).contains("iam:TagUser"), refusal::getMessage);
    iam.createUser(alice, "bob", null, Map.of("team", "blue"));

    assertEquals(List.of(new Tag("team", "blue")), iam.listTags(root, IamKind.USER, "bob"));
    assertThrows(
        KmsException.Tag.class,
        () -> iam.createUser(root, "carol", null, Map.of("a", "1", "A", "2")));
  }

  @Test
  void limitsAreThoseOfKeys() {
    Map<String, String> fifty = new HashMap<>();
    for (int i = 0; i < 50; i++) {
      fifty.put("tag" + i, "");
    }
    iam.tag(root, IamKind.USER, "alice", fifty);

    assertThrows(
        KmsException.LimitExceeded.class,
        () -> iam.tag(root, IamKind.USER, "alice", Map.of("more", "")));
    assertThrows(
        KmsException.Tag.class, () -> iam.tag(root, IamKind.USER, "alice", Map.of("aws:x", "")));
    assertEquals(50, tags().size());
  }
}
