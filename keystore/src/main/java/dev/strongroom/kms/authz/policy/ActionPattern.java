// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.policy;

import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.match.Glob;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

  private static final Map<String, Operation> OPERATIONS = new LinkedHashMap<>();
  private static final Set<String> KNOWN_ACTIONS = new HashSet<>();

  static {
    for (Operation operation : Operation.values()) {
      OPERATIONS.put(operation.action().toLowerCase(Locale.ROOT), operation);
    }
    KNOWN.forEach(name -> KNOWN_ACTIONS.add("kms:" + name.toLowerCase(Locale.ROOT)));
    STS.forEach(name -> KNOWN_ACTIONS.add("sts:" + name.toLowerCase(Locale.ROOT)));
  }

  private final String service;
  private final String text;
  private final Set<Operation> operations;

  /** {@code text} is in lower case. */
  private ActionPattern(String service, String text) {
    this.service = service;
    this.text = text;
    this.operations = meant(text);
  }

  private static Set<Operation> meant(String text) {
    EnumSet<Operation> meant = EnumSet.noneOf(Operation.class);
    if (hasWildcards(text)) {
      Glob pattern = Glob.of(text);
      OPERATIONS.forEach(
          (action, operation) -> {
            if (pattern.matches(action)) {
              meant.add(operation);
            }
          });
    } else if (OPERATIONS.containsKey(text)) {
      meant.add(OPERATIONS.get(text));
    }
    return meant;
  }

  private static boolean hasWildcards(String text) {
    return text.indexOf('*') >= 0 || text.indexOf('?') >= 0;
  }

  /** Returns the action that a text means; null where it has another form. */
  static @Nullable ActionPattern parse(String text) {
    if (!SYNTAX.matcher(text).matches()) {
      return null;
    }
    String lower = text.toLowerCase(Locale.ROOT);
    int colon = lower.indexOf(':');
    return new ActionPattern(colon < 0 ? lower : lower.substring(0, colon), lower);
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
      case "kms" -> !operations.isEmpty() || meansKnown();
      case "sts" -> meansKnown();
      default -> true;
    };
  }

  private boolean meansKnown() {
    return hasWildcards(text)
        ? KNOWN_ACTIONS.stream().anyMatch(Glob.of(text)::matches)
        : KNOWN_ACTIONS.contains(text);
  }

  /** Returns the operations that are meant. */
  Set<Operation> operations() {
    return operations;
  }
}
