// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.ProtectionLevel;
import java.util.Map;
import java.util.Optional;

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
    boolean subkeyCache) {

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
        true);
  }

  public CreateKeyRequest withUsage(KeyUsage newUsage) {
    return new CreateKeyRequest(
        spec,
        Optional.of(newUsage),
        protectionLevel,
        description,
        policy,
        alias,
        tags,
        origin,
        customKeyStoreId,
        multiRegion,
        subkeyCache);
  }

  public CreateKeyRequest withProtectionLevel(ProtectionLevel level) {
    return new CreateKeyRequest(
        spec,
        usage,
        Optional.of(level),
        description,
        policy,
        alias,
        tags,
        origin,
        customKeyStoreId,
        multiRegion,
        subkeyCache);
  }

  public CreateKeyRequest withDescription(String text) {
    return new CreateKeyRequest(
        spec,
        usage,
        protectionLevel,
        text,
        policy,
        alias,
        tags,
        origin,
        customKeyStoreId,
        multiRegion,
        subkeyCache);
  }

  public CreateKeyRequest withPolicy(String json) {
    return new CreateKeyRequest(
        spec,
        usage,
        protectionLevel,
        description,
        Optional.of(json),
        alias,
        tags,
        origin,
        customKeyStoreId,
        multiRegion,
        subkeyCache);
  }

  public CreateKeyRequest withAlias(Alias name) {
    return new CreateKeyRequest(
        spec,
        usage,
        protectionLevel,
        description,
        policy,
        Optional.of(name),
        tags,
        origin,
        customKeyStoreId,
        multiRegion,
        subkeyCache);
  }

  /** Returns a request with these tags, in the place of others. */
  public CreateKeyRequest withTags(Map<String, String> newTags) {
    return new CreateKeyRequest(
        spec,
        usage,
        protectionLevel,
        description,
        policy,
        alias,
        newTags,
        origin,
        customKeyStoreId,
        multiRegion,
        subkeyCache);
  }

  /** Returns a request for a key without material, if the origin is EXTERNAL. */
  public CreateKeyRequest withOrigin(KeyOrigin newOrigin) {
    return new CreateKeyRequest(
        spec,
        usage,
        protectionLevel,
        description,
        policy,
        alias,
        tags,
        newOrigin,
        customKeyStoreId,
        multiRegion,
        subkeyCache);
  }

  /** Returns a request for a key that lives in the token of that custom key store. */
  public CreateKeyRequest withCustomKeyStore(String id) {
    return new CreateKeyRequest(
        spec,
        usage,
        protectionLevel,
        description,
        policy,
        alias,
        tags,
        KeyOrigin.AWS_CLOUDHSM,
        Optional.of(id),
        multiRegion,
        subkeyCache);
  }

  /** Returns a request for a primary multi-Region key, whose level is SOFTWARE. */
  public CreateKeyRequest inSeveralRegions() {
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
        true,
        subkeyCache);
  }

  public CreateKeyRequest withoutSubkeyCache() {
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
        false);
  }
}
