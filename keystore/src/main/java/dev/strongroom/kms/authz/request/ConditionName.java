// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.request;

import org.jspecify.annotations.Nullable;

/**
 * A condition key as a policy writes it: one of the table, and for families such as {@code
 * aws:PrincipalTag/team} what follows the prefix.
 *
 * @param suffix with the policy's case; empty where the key is no family
 */
public record ConditionName(ConditionKey key, String suffix) {

  /** Returns the name that a policy means; null where the table has none. Case does not matter. */
  public static @Nullable ConditionName find(String text) {
    for (ConditionKey key : ConditionKey.values()) {
      String name = key.keyName();
      if (!key.isFamily() && name.equalsIgnoreCase(text)) {
        return new ConditionName(key, "");
      }
      if (key.isFamily()
          && text.length() > name.length()
          && text.regionMatches(true, 0, name, 0, name.length())) {
        return new ConditionName(key, text.substring(name.length()));
      }
    }
    return null;
  }

  @Override
  public String toString() {
    return key.keyName() + suffix;
  }
}
