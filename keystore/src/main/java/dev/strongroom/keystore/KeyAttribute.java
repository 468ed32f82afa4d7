// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import dev.strongroom.kms.KeyMetadata;
import java.security.KeyStore;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A fact about a KeyStore entry's KMS key, under DescribeKey's name of it: {@code Arn}, {@code
 * KeyState}, {@code KeySpec}, {@code KeyUsage}, {@code Origin} or {@code ProtectionLevel}; and its
 * tags, {@code Tag/team}.
 */
record KeyAttribute(String name, String value) implements KeyStore.Entry.Attribute {

  static Set<KeyStore.Entry.Attribute> of(KeyMetadata metadata, Map<String, String> tags) {
    Set<KeyStore.Entry.Attribute> attributes = new LinkedHashSet<>();
    attributes.add(new KeyAttribute("Arn", metadata.arn().text()));
    attributes.add(new KeyAttribute("KeyState", metadata.state().apiName()));
    attributes.add(new KeyAttribute("KeySpec", metadata.spec().name()));
    attributes.add(new KeyAttribute("KeyUsage", metadata.usage().name()));
    attributes.add(new KeyAttribute("Origin", metadata.origin().name()));
    attributes.add(new KeyAttribute("ProtectionLevel", metadata.protectionLevel().name()));
    new TreeMap<>(tags)
        .forEach((key, value) -> attributes.add(new KeyAttribute("Tag/" + key, value)));
    return Collections.unmodifiableSet(attributes);
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
