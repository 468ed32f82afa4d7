// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What DescribeKey tells about a KMS key.
 *
 * @param arn the key's full name; region and account are in it
 * @param deletionDate when the key is due to be destroyed, if it is pending deletion
 * @param pkcs1Decryption whether an RSA key decrypts RSAES-PKCS1-v1_5, too
 * @param expirationModel whether its current material goes by itself; empty for material that was
 *     made here or is not there
 * @param validTo from when on that is unusable
 * @param multiRegion in which regions it is; empty for a key of one region for good
 * @param keyMaterialId 64 hexadecimal digits that name the current generation of key material; no
 *     text where none was imported yet
 * @param customKeyStoreId the custom key store whose token the key lives in
 * @param wrapPolicy what the domain key lets happen to the opened backing key, in lower case
 */
public record KeyMetadata(
    KeyArn arn,
    CmkSpec spec,
    KeyUsage usage,
    KeyState state,
    KeyOrigin origin,
    ProtectionLevel protectionLevel,
    String description,
    Instant creationDate,
    Optional<Instant> deletionDate,
    Optional<ExpirationModel> expirationModel,
    Optional<Instant> validTo,
    Optional<MultiRegion> multiRegion,
    boolean pkcs1Decryption,
    String keyMaterialId,
    Optional<String> customKeyStoreId,
    String wrapPolicy) {

  public KeyId keyId() {
    return arn.keyId();
  }

  /** Returns the same in another state. */
  public KeyMetadata withState(KeyState other) {
    return with(other, keyMaterialId);
  }

  /** Returns the same, about another generation of the key's material. */
  public KeyMetadata withKeyMaterialId(String id) {
    return with(state, id);
  }

  private KeyMetadata with(KeyState newState, String newMaterialId) {
    return new KeyMetadata(
        arn,
        spec,
        usage,
        newState,
        origin,
        protectionLevel,
        description,
        creationDate,
        deletionDate,
        expirationModel,
        validTo,
        multiRegion,
        pkcs1Decryption,
        newMaterialId,
        customKeyStoreId,
        wrapPolicy);
  }

  public boolean isEnabled() {
    return state == KeyState.ENABLED;
  }

  /** Returns how the key encrypts; empty unless that is its usage. */
  public List<EncryptionAlgorithm> encryptionAlgorithms() {
    if (usage != KeyUsage.ENCRYPT_DECRYPT) {
      return List.of();
    }
    List<EncryptionAlgorithm> named = new ArrayList<>(EncryptionAlgorithm.namedFor(spec));
    if (pkcs1Decryption) {
      named.add(EncryptionAlgorithm.RSAES_PKCS1_V1_5);
    }
    return named;
  }

  /** Returns how the key signs; empty unless that is its usage. */
  public List<SigningAlgorithm> signingAlgorithms() {
    return usage == KeyUsage.SIGN_VERIFY ? SigningAlgorithm.namedFor(spec) : List.of();
  }

  /** Returns how the key agrees on secrets; empty unless that is its usage. */
  public List<KeyAgreementAlgorithm> keyAgreementAlgorithms() {
    return usage == KeyUsage.KEY_AGREEMENT ? KeyAgreementAlgorithm.namedFor(spec) : List.of();
  }

  /** Returns how the key makes MACs; empty unless that is its usage. */
  public List<MacAlgorithm> macAlgorithms() {
    return usage == KeyUsage.GENERATE_VERIFY_MAC ? List.of(MacAlgorithm.of(spec)) : List.of();
  }
}
