// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key.backing;

import dev.strongroom.kms.CanonicalEncoding;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.Sha256;
import dev.strongroom.kms.key.DomainRecord;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.KeyMaterialId;
import dev.strongroom.kms.key.KmsKey;

/**
 * What a key token is bound to besides its own bytes: a token moved to another key, or used with
 * another spec, does not open. All of it is fixed for the life of the key material.
 *
 * @param publicKey DER SubjectPublicKeyInfo; empty for symmetric and HMAC keys; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // package-private, passed on and never compared
record TokenBinding(
    KeyId keyId,
    KeyMaterialId materialId,
    ProtectionLevel level,
    CmkSpec spec,
    KeyUsage usage,
    KeyOrigin origin,
    byte[] publicKey) {

  static TokenBinding of(BackingKeys.Request request, KeyMaterialId materialId, byte[] publicKey) {
    return new TokenBinding(
        request.keyId(),
        materialId,
        request.level(),
        request.spec(),
        request.usage(),
        request.origin(),
        publicKey);
  }

  static TokenBinding of(KmsKey key, Generation generation) {
    return new TokenBinding(
        key.keyId(),
        generation.materialId(),
        key.level(),
        key.spec(),
        key.usage(),
        key.origin(),
        generation.publicKey());
  }

  /** Starts {@code enc(domain id, domain version, …, salt)}, the fields that all MACs cover. */
  CanonicalEncoding encode(DomainRecord domain, int domainVersion, byte[] salt) {
    return new CanonicalEncoding()
        .add(domain.domainId().toString())
        .add(domainVersion)
        .add(keyId.toBytes())
        .add(materialId.toBytes())
        .add(level.code())
        .add(spec.name())
        .add(usage.name())
        .add(origin.name())
        .add(Sha256.of(publicKey))
        .add(salt);
  }
}
