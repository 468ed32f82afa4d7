// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope.keyring;

import java.util.Set;

/** The name of a raw wrapping key: whose keys, and which of them. Both stand in the message. */
record RawKeyName(String namespace, String keyName) {
  private static final Set<String> OF_A_KMS = Set.of("strongroom", "aws-kms", "aws-kms-hierarchy");

  static RawKeyName of(String namespace, String keyName) {
    if (namespace.isEmpty() || OF_A_KMS.contains(namespace)) {
      throw new IllegalArgumentException(
          "A raw key can't have the namespace \""
              + namespace
              + "\": it must be there, and must not be one that a KMS uses. Take the name of your"
              + " application or company.");
    }
    return new RawKeyName(namespace, keyName);
  }

  @Override
  public String toString() {
    return namespace + "/" + keyName;
  }
}
