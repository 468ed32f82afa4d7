// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.policy;

import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.match.Glob;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An action of a policy: a service, a colon and a name, in which {@code *} stands for any
 * characters and {@code ?} for one; or {@code *} alone. Upper and lower case are the same.
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

  /** The actions of AWS STS, for the same reason. */
  private static final List<String> STS = List.of(
      "AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity", "AssumeRoot", "DecodeAuthorizationMessage",
      "GetAccessKeyInfo", "GetCallerIdentity", "GetFederationToken", "GetServiceBearerToken", "GetSessionToken",
      "SetContext", "SetSourceIdentity", "TagGetFederationToken", "TagSession");
  // spotless:on

  private static final Pattern SYNTAX =
      Pattern.compile("\\*|(\\*|[a-zA-Z0-9-]{1,64}):[a-zA-Z0-9*?-]{1,128}");
  private static final List<String> OURS = List.of("*", "kms", "sts", "iam", "cloudtrail");

  private final String service;
  private final Glob pattern;

  private ActionPattern(String service, Glob pattern) {
    this.service = service;
    this.pattern = pattern;
  }

  /** Returns the action that a text means; null where it has another form. */
  static @Nullable ActionPattern parse(String text) {
    if (!SYNTAX.matcher(text).matches()) {
      return null;
    }
    String lower = text.toLowerCase(Locale.ROOT);
    int colon = lower.indexOf(':');
    return new ActionPattern(colon < 0 ? lower : lower.substring(0, colon), Glob.of(lower));
  }

  String service() {
    return service;
  }

  /** Returns whether it is about services only that this product does not have. */
  boolean isForeign() {
    return !OURS.contains(service);
  }

  /** Returns whether any action is meant that there is; of other services that is not known. */
  boolean isKnown() {
    return switch (service) {
      case "kms" -> meansOneOf("kms:", KNOWN) || !operations().isEmpty();
      case "sts" -> meansOneOf("sts:", STS);
      default -> true;
    };
  }

  private boolean meansOneOf(String prefix, List<String> names) {
    return names.stream().anyMatch(name -> means(prefix + name));
  }

  /** Returns the operations that are meant. */
  Set<Operation> operations() {
    EnumSet<Operation> operations = EnumSet.noneOf(Operation.class);
    for (Operation operation : Operation.values()) {
      if (means(operation.action())) {
        operations.add(operation);
      }
    }
    return operations;
  }

  private boolean means(String action) {
    return pattern.matches(action.toLowerCase(Locale.ROOT));
  }
}
