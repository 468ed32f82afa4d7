// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.AliasArn;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.Operation;
import java.util.ArrayList;
import java.util.List;

/**
 * What it takes to make something besides the right to make it. A key that is being made has no
 * policy yet, so identities alone decide.
 */
final class CreationRights {
  private CreationRights() {}

  /**
   * Returns the calls that must be allowed as well: iam:TagUser where a user gets tags, iam:TagRole
   * where a role does, as in AWS.
   */
  static List<Call> besides(Call create) {
    if (RequestTags.shownBy(create.parameters()).isEmpty()) {
      return List.of();
    }
    return switch (create.operation()) {
      case CREATE_USER -> List.of(create.as(Operation.TAG_USER));
      case CREATE_ROLE -> List.of(create.as(Operation.TAG_ROLE));
      default -> List.of();
    };
  }

  /**
   * Returns the calls that must be allowed as well: kms:TagResource on the key where it gets tags,
   * as in AWS, kms:EnableKeyRotation where it is to rotate, kms:DisableKey where it begins
   * disabled, and kms:CreateAlias on the alias where it gets one. Else whoever may make keys could
   * take a name that others encrypt under.
   */
  static List<Call> besides(Call createKey, KeyArn made) {
    List<Call> besides = new ArrayList<>();
    if (!RequestTags.shownBy(createKey.parameters()).isEmpty()) {
      besides.add(createKey.as(Operation.TAG_RESOURCE).about(made.text()));
    }
    String alias = createKey.parameters().get(Call.ALIAS_NAME);
    if (alias != null) {
      String arn = new AliasArn(made.place(), new Alias(alias)).text();
      besides.add(createKey.as(Operation.CREATE_ALIAS).about(arn));
    }
    if (createKey.parameters().containsKey(EnableKeyRotationRequest.PERIOD)) {
      besides.add(createKey.as(Operation.ENABLE_KEY_ROTATION).about(made.text()));
    }
    if (createKey.parameters().containsKey(KeyCreation.DISABLED)) {
      besides.add(createKey.as(Operation.DISABLE_KEY).about(made.text()));
    }
    return besides;
  }
}
