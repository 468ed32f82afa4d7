// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.ProtectionLevel;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What CreateKey is asked for.
 *
 * @param usage empty: the only one that the spec has, or signing for a curve; for RSA it must be
 *     said
 * @param protectionLevel empty: HSM where there is one, else SOFTWARE
 * @param description up to 8192 characters
 * @param policy a key policy in JSON; empty for the default one, which delegates to the account
 * @param alias a name that the key gets in the same transaction; with one, the caller needs {@code
 *     kms:CreateAlias} on it as well. AWS has no such parameter
 * @param tags up to 50 tags, see {@link Kms#tagResource}; with some, the caller needs {@code
 *     kms:TagResource} as well
 * @param origin AWS_KMS; or EXTERNAL for a key without material, which is imported then
 * @param customKeyStoreId of a key of the origin AWS_CLOUDHSM, the custom key store in whose token
 *     it is to live
 * @param multiRegion true for a key that can be replicated to other regions; for good
 * @param subkeyCache false for one HSM call per message instead of a subkey in the JVM for minutes
 * @param rotationPeriodInDays every how many days it rotates by itself, 90 to 2560; with it, the
 *     caller needs {@code kms:EnableKeyRotation} as well. Empty: it does not. AWS has no such
 *     parameter
 * @param enabled false for a key that nobody can use until EnableKey; the caller then needs {@code
 *     kms:DisableKey} as well. AWS has no such parameter
 */
public record CreateKeyRequest(
    CmkSpec spec,
    Optional<KeyUsage> usage,
    Optional<ProtectionLevel> protectionLevel,
    String description,
    Optional<String> policy,
    Optional<Alias> alias,
    Map<String, String> tags,
    KeyOrigin origin,
    Optional<String> customKeyStoreId,
    boolean multiRegion,
    boolean subkeyCache,
    Optional<Integer> rotationPeriodInDays,
    boolean enabled) {

  public CreateKeyRequest {
    tags = Map.copyOf(tags);
  }

  /** Returns a request with every default for {@code spec}. */
  public static CreateKeyRequest of(CmkSpec spec) {
    return new CreateKeyRequest(
        spec,
        Optional.empty(),
        Optional.empty(),
        "",
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        KeyOrigin.AWS_KMS,
        Optional.empty(),
        false,
        true,
        Optional.empty(),
        true);
  }

  public CreateKeyRequest withUsage(KeyUsage newUsage) {
    return with(draft -> draft.usage = Optional.of(newUsage));
  }

  public CreateKeyRequest withProtectionLevel(ProtectionLevel level) {
    return with(draft -> draft.protectionLevel = Optional.of(level));
  }

  public CreateKeyRequest withDescription(String text) {
    return with(draft -> draft.description = text);
  }

  public CreateKeyRequest withPolicy(String json) {
    return with(draft -> draft.policy = Optional.of(json));
  }

  public CreateKeyRequest withAlias(Alias name) {
    return with(draft -> draft.alias = Optional.of(name));
  }

  /** Returns a request with these tags, in the place of others. */
  public CreateKeyRequest withTags(Map<String, String> newTags) {
    return with(draft -> draft.tags = newTags);
  }

  /** Returns a request for a key without material, if the origin is EXTERNAL. */
  public CreateKeyRequest withOrigin(KeyOrigin newOrigin) {
    return with(draft -> draft.origin = newOrigin);
  }

  /** Returns a request for a key that lives in the token of that custom key store. */
  public CreateKeyRequest withCustomKeyStore(String id) {
    return with(
        draft -> {
          draft.origin = KeyOrigin.AWS_CLOUDHSM;
          draft.customKeyStoreId = Optional.of(id);
        });
  }

  /** Returns a request for a primary multi-Region key, whose level is SOFTWARE. */
  public CreateKeyRequest inSeveralRegions() {
    return with(draft -> draft.multiRegion = true);
  }

  public CreateKeyRequest withoutSubkeyCache() {
    return with(draft -> draft.subkeyCache = false);
  }

  public CreateKeyRequest withRotation(int periodInDays) {
    return with(draft -> draft.rotationPeriodInDays = Optional.of(periodInDays));
  }

  public CreateKeyRequest disabled() {
    return with(draft -> draft.enabled = false);
  }

  private CreateKeyRequest with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.request();
  }

  /** A copy that can be changed. */
  private static final class Draft {
    private final CmkSpec spec;
    private Optional<KeyUsage> usage;
    private Optional<ProtectionLevel> protectionLevel;
    private String description;
    private Optional<String> policy;
    private Optional<Alias> alias;
    private Map<String, String> tags;
    private KeyOrigin origin;
    private Optional<String> customKeyStoreId;
    private boolean multiRegion;
    private boolean subkeyCache;
    private Optional<Integer> rotationPeriodInDays;
    private boolean enabled;

    Draft(CreateKeyRequest from) {
      spec = from.spec;
      usage = from.usage;
      protectionLevel = from.protectionLevel;
      description = from.description;
      policy = from.policy;
      alias = from.alias;
      tags = from.tags;
      origin = from.origin;
      customKeyStoreId = from.customKeyStoreId;
      multiRegion = from.multiRegion;
      subkeyCache = from.subkeyCache;
      rotationPeriodInDays = from.rotationPeriodInDays;
      enabled = from.enabled;
    }

    CreateKeyRequest request() {
      return new CreateKeyRequest(
          spec,
          usage,
          protectionLevel,
          description,
          policy,
          alias,
          tags,
          origin,
          customKeyStoreId,
          multiRegion,
          subkeyCache,
          rotationPeriodInDays,
          enabled);
    }
  }
}
