// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import dev.strongroom.kms.KeyMetadata;
import java.security.KeyStore;
import java.util.Set;

/**
 * A fact about a KeyStore entry's KMS key, under DescribeKey's name of it: {@code Arn}, {@code
 * KeyState}, {@code KeySpec}, {@code KeyUsage}, {@code Origin} or {@code ProtectionLevel}.
 */
record KeyAttribute(String name, String value) implements KeyStore.Entry.Attribute {

  static Set<KeyStore.Entry.Attribute> of(KeyMetadata metadata) {
    return Set.of(
        new KeyAttribute("Arn", metadata.arn().text()),
        new KeyAttribute("KeyState", metadata.state().apiName()),
        new KeyAttribute("KeySpec", metadata.spec().name()),
        new KeyAttribute("KeyUsage", metadata.usage().name()),
        new KeyAttribute("Origin", metadata.origin().name()),
        new KeyAttribute("ProtectionLevel", metadata.protectionLevel().name()));
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public String getValue() {
    return value;
  }

  @Override
  public String toString() {
    return name + "=" + value;
  }
}
