// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Explanations see the tags of keys and of requests as decisions do. */
class TagExplanationsTest extends AliceScene {
  private static final Pattern REQUEST_ID = Pattern.compile("--request-id ([0-9a-f-]{36})'$");

  @BeforeEach
  void makeKeyAndUser() {
    kms.iam()
        .putPolicy(
            root,
            IamKind.USER,
            "alice",
            "tags",
            """
            {"Version": "2012-10-17", "Statement": [
              {"Effect": "Allow", "Action": "kms:Encrypt", "Resource": "*",
               "Condition": {"StringEquals": {"aws:ResourceTag/team": "blue"}}},
              {"Effect": "Allow", "Action": "kms:CreateKey", "Resource": "*"},
              {"Effect": "Allow", "Action": "kms:UntagResource", "Resource": "*",
               "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}}},
              {"Effect": "Allow", "Action": "kms:TagResource", "Resource": "*",
               "Condition": {"StringEquals": {"aws:RequestTag/team": "blue"}}}]}""");
  }

  private UUID refused(Executable call) {
    String message = assertThrows(KmsException.AccessDenied.class, call).getMessage();
    Matcher id = REQUEST_ID.matcher(String.valueOf(message));
    assertTrue(id.find(), message);
    return UUID.fromString(id.group(1));
  }

  @Test
  void tagOfTheKeyIsInTheExplanation() {
    ExplainRequest encrypt = ExplainRequest.of(ALICE, Operation.ENCRYPT, key);
    ExplainResult before = kms.explain(root, encrypt);

    kms.tagResource(root, key, Map.of("team", "blue"));

    assertFalse(before.isAllowed());
    assertTrue(before.text().contains("aws:ResourceTag/team"), before.text());
    assertTrue(kms.explain(root, encrypt).isAllowed());
  }

  @Test
  void questionNamesTagsAsPoliciesDo() {
    ExplainRequest tag = ExplainRequest.of(ALICE, Operation.TAG_RESOURCE, key);
    ExplainRequest untag = ExplainRequest.of(ALICE, Operation.UNTAG_RESOURCE, key);

    assertTrue(kms.explain(root, tag.with(Map.of("aws:RequestTag/team", "blue"))).isAllowed());
    assertFalse(kms.explain(root, tag.with(Map.of("aws:RequestTag/team", "red"))).isAllowed());
    assertTrue(kms.explain(root, untag.with(Map.of("aws:TagKeys", "a,b"))).isAllowed());
    assertFalse(kms.explain(root, untag.with(Map.of("aws:TagKeys", "a,c"))).isAllowed());
    assertThrows(
        KmsException.Validation.class, () -> kms.explain(root, tag.with(Map.of("tags", "{"))));
  }

  @Test
  void refusedCallOnRecordIsExplainedByItsTags() {
    UUID tagging = refused(() -> kms.tagResource(alice, key, Map.of("team", "red")));
    UUID untagging = refused(() -> kms.untagResource(alice, key, List.of("a", "c")));

    String tags = kms.explainRequest(root, tagging).text();
    assertTrue(tags.contains("aws:RequestTag/team") && tags.contains("\"red\""), tags);
    String keys = kms.explainRequest(root, untagging).text();
    assertTrue(keys.contains("aws:TagKeys") && keys.contains("[a, c]"), keys);
  }

  @Test
  void keyWithTagsIsExplainedByTheRightThatIsMissing() {
    CreateKeyRequest request = CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT);

    UUID id = refused(() -> kms.createKey(alice, request.withTags(Map.of("team", "red"))));
    ExplainResult result = kms.explainRequest(root, id);

    assertFalse(result.isAllowed());
    assertEquals(Operation.TAG_RESOURCE, result.operation());
    ExplainRequest create = ExplainRequest.inAccount(ALICE, Operation.CREATE_KEY);
    assertTrue(kms.explain(root, create).isAllowed());
    assertTrue(kms.explain(root, create.with(Map.of("aws:RequestTag/team", "blue"))).isAllowed());
  }
}
