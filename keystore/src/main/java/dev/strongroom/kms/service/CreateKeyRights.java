// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.AliasArn;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.Operation;
import java.util.ArrayList;
import java.util.List;

/**
 * What CreateKey takes besides kms:CreateKey. A key that is being made has no policy yet, so
 * identities alone decide.
 */
final class CreateKeyRights {
  private CreateKeyRights() {}

  /**
   * Returns the calls that must be allowed as well: kms:TagResource on the key where it gets tags,
   * as in AWS, and kms:CreateAlias on the alias where it gets one. Else whoever may make keys could
   * take a name that others encrypt under.
   */
  static List<Call> besides(Call createKey, KeyArn made) {
    List<Call> besides = new ArrayList<>();
    if (!RequestTags.shownBy(createKey.parameters()).isEmpty()) {
      besides.add(right(createKey, Operation.TAG_RESOURCE, made.text()));
    }
    String alias = createKey.parameters().get(Call.ALIAS_NAME);
    if (alias != null) {
      String arn = new AliasArn(made.place(), new Alias(alias)).text();
      besides.add(right(createKey, Operation.CREATE_ALIAS, arn));
    }
    return besides;
  }

  private static Call right(Call createKey, Operation operation, String resource) {
    return new Call(createKey.caller(), operation, EncryptionContext.EMPTY, createKey.parameters())
        .about(resource);
  }
}
