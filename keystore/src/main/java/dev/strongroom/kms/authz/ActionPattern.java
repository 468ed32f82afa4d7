// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import dev.strongroom.kms.Operation;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An action of a policy: {@code kms:} and a name, in which {@code *} stands for any characters and
 * {@code ?} for one. Upper and lower case are the same.
 */
final class ActionPattern {

  // spotless:off
  /**
   * The actions of AWS KMS, so that a policy of AWS is understood and a typing error is not. Those
   * that are no Operation here have nothing to allow yet.
   */
  static final List<String> KNOWN = List.of(
      "CancelKeyDeletion", "ConnectCustomKeyStore", "CreateAlias", "CreateCustomKeyStore", "CreateGrant", "CreateKey",
      "Decapsulate", "Decrypt", "DeleteAlias", "DeleteCustomKeyStore", "DeleteImportedKeyMaterial", "DeriveSharedSecret",
      "DescribeCustomKeyStores", "DescribeKey", "DisableKey", "DisableKeyRotation", "DisconnectCustomKeyStore",
      "EnableKey", "EnableKeyRotation", "Encapsulate", "Encrypt", "GenerateDataKey", "GenerateDataKeyPair",
      "GenerateDataKeyPairWithoutPlaintext", "GenerateDataKeyWithoutPlaintext", "GenerateMac", "GenerateRandom",
      "GetKeyLastUsage", "GetKeyPolicy", "GetKeyRotationStatus", "GetParametersForImport", "GetPublicKey",
      "ImportKeyMaterial", "ListAliases", "ListGrants", "ListKeyPolicies", "ListKeyRotations", "ListKeys",
      "ListResourceTags", "ListRetirableGrants", "PutKeyPolicy", "ReEncryptFrom", "ReEncryptTo", "ReplicateKey",
      "RetireGrant", "RevokeGrant", "RotateKeyOnDemand", "ScheduleKeyDeletion", "Sign", "SynchronizeMultiRegionKey",
      "TagResource", "UntagResource", "UpdateAlias", "UpdateCustomKeyStore", "UpdateKeyDescription",
      "UpdatePrimaryRegion", "Verify", "VerifyMac");
  /** Actions that only this KMS has. */
  static final List<String> OWN = List.of(
      "DeleteKeyCertificateChain", "GetKeyCertificateChain", "PutKeyCertificateChain");
  // spotless:on

  private final String pattern;

  ActionPattern(String pattern) {
    this.pattern = pattern.toLowerCase(Locale.ROOT);
  }

  /** Returns whether any action that there is is meant. */
  boolean isKnown() {
    return Stream.concat(KNOWN.stream(), OWN.stream()).anyMatch(name -> matches("kms:" + name));
  }

  /** Returns the operations that are meant. */
  Set<Operation> operations() {
    EnumSet<Operation> operations = EnumSet.noneOf(Operation.class);
    for (Operation operation : Operation.values()) {
      if (matches(operation.action())) {
        operations.add(operation);
      }
    }
    return operations;
  }

  /**
   * Matches greedily, going back to the last star only: time is bounded by the lengths' product.
   */
  private boolean matches(String action) {
    String text = action.toLowerCase(Locale.ROOT);
    int p = 0;
    int star = -1;
    int resume = 0;
    for (int t = 0; t < text.length(); ) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = t;
      } else if (p < pattern.length()
          && (pattern.charAt(p) == '?' || pattern.charAt(p) == text.charAt(t))) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++resume;
      } else {
        return false;
      }
    }
    return pattern.substring(p).chars().allMatch(c -> c == '*');
  }
}
