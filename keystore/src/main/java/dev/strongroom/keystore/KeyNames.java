// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.AliasArn;
import dev.strongroom.kms.KeyRef;
import java.util.Optional;

/**
 * What JCA callers call keys: the forms that KMS operations take, and a bare {@code app} for {@code
 * alias/app}. Text in the form of a key id is a key id, even where an alias of that name exists.
 */
public final class KeyNames {
  private KeyNames() {}

  /**
   * Reads a name.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static KeyRef parse(String name) {
    return KeyRef.isReference(name) ? KeyRef.parse(name) : new Alias(Alias.PREFIX + name);
  }

  /** Returns the alias that {@code name} means; empty if it means a key itself. */
  static Optional<Alias> alias(String name) {
    KeyRef ref = parse(name);
    if (ref instanceof AliasArn arn) {
      return Optional.of(arn.alias());
    }
    return ref instanceof Alias alias ? Optional.of(alias) : Optional.empty();
  }
}
