// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key.backing;

import dev.strongroom.hsm.BackingKey;
import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.DomainKey;
import dev.strongroom.hsm.HashAlgorithm;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.kms.KeyType;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.HsmErrors;
import dev.strongroom.kms.key.KeyMaterialId;
import dev.strongroom.kms.key.KeyToken;
import dev.strongroom.kms.key.OpenKey;
import dev.strongroom.kms.key.StoredObject;
import java.security.MessageDigest;

/** From a key token that was checked to a key of its level. */
final class TokenOpening {
  private final TokenSealer sealer;
  private final SoftwareKeyring software;
  private final TokenKeyring tokens;

  TokenOpening(TokenSealer sealer, SoftwareKeyring software, TokenKeyring tokens) {
    this.sealer = sealer;
    this.software = software;
    this.tokens = tokens;
  }

  /** Returns the key of a token; one that was not written for that binding is StoreTampered. */
  OpenKey open(TokenBinding binding, Generation generation) {
    try {
      return opened(binding, sealer.check(binding, generation.token()));
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    }
  }

  /** {@code token} is genuine. */
  OpenKey opened(TokenBinding binding, KeyToken token) {
    OpenKey opened =
        switch (token.level()) {
          case HSM -> openInHsm(binding, token);
          case SOFTWARE -> software.open(binding.spec(), sealer.unseal(binding, token));
          case CUSTOM_KEY_STORE -> openInStore(binding, token);
        };
    requireMaterial(binding, opened);
    return opened;
  }

  private OpenKey openInHsm(TokenBinding binding, KeyToken token) {
    DomainKey domainKey = sealer.key(token.domainVersion());
    BackingKeySpec spec = HsmSpecs.of(binding.spec(), binding.usage());
    return new HsmKey(() -> domainKey.unwrap(spec, token.body()));
  }

  /** Another token may be in the slot whenever the key is found again: then it is checked again. */
  private OpenKey openInStore(TokenBinding binding, KeyToken token) {
    StoredObject object = StoredObject.decode(token.body());
    return new HsmKey(
        () -> {
          BackingKey found = tokens.open(object);
          KeyMaterialId material =
              MaterialNames.derived(
                  binding.keyId(), data -> found.hmac(HashAlgorithm.SHA_256, data));
          if (!MessageDigest.isEqual(material.toBytes(), binding.materialId().toBytes())) {
            found.close();
            throw new HsmException.Untrustworthy(
                "The token of custom key store "
                    + object.store()
                    + " has another key under the id of "
                    + binding.keyId()
                    + ". Bring back the token that the key was made in.");
          }
          return found;
        });
  }

  private static void requireMaterial(TokenBinding binding, OpenKey opened) {
    if (binding.spec().type() != KeyType.SYMMETRIC) {
      return;
    }
    KeyMaterialId found =
        MaterialNames.derived(binding.keyId(), data -> opened.hmac("SHA-256", data));
    if (!MessageDigest.isEqual(found.toBytes(), binding.materialId().toBytes())) {
      opened.close();
      throw KeyToken.tampered();
    }
  }
}
