// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key.backing;

import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyType;
import dev.strongroom.kms.Sha256;
import dev.strongroom.kms.key.Derivation;
import dev.strongroom.kms.key.Derivation.Label;
import dev.strongroom.kms.key.KeyMaterialId;
import dev.strongroom.kms.key.OpenKey;
import dev.strongroom.kms.key.backing.BackingKeys.Request;
import dev.strongroom.kms.key.backing.SoftwareKeyring.GeneratedKey;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Gives key material its name, {@link KeyMaterialId}. */
final class MaterialNames {
  private final SecureRandom random;

  MaterialNames(SecureRandom random) {
    this.random = random;
  }

  /**
   * Returns the name of material of the level SOFTWARE.
   *
   * @param name of an HMAC key that has one already
   */
  KeyMaterialId of(
      Request request, GeneratedKey generated, OpenKey opened, Optional<KeyMaterialId> name) {
    if (request.spec().type() == KeyType.HMAC && name.isPresent()) {
      return name.get();
    }
    return request.spec().type() == KeyType.HMAC && request.origin() == KeyOrigin.EXTERNAL
        ? generated.material().use(bytes -> KeyMaterialId.ofImported(request.keyId(), bytes))
        : of(request, generated.publicKey(), data -> opened.hmac("SHA-256", data));
  }

  /** Returns the name of new material; {@code hmac} is of that material. */
  KeyMaterialId of(Request request, byte[] publicKey, UnaryOperator<byte[]> hmac) {
    if (request.spec().type() == KeyType.SYMMETRIC) {
      return derived(request.keyId(), hmac);
    }
    if (request.spec().isAsymmetric()) {
      return new KeyMaterialId(Sha256.of(publicKey));
    }
    byte[] name = new byte[KeyMaterialId.BYTES];
    random.nextBytes(name);
    return new KeyMaterialId(name);
  }

  /** Returns the name of a symmetric key, which shows whether a token opens to the right one. */
  static KeyMaterialId derived(KeyId keyId, UnaryOperator<byte[]> hmac) {
    return new KeyMaterialId(Derivation.derive(hmac, Label.MATERIAL_ID, keyId.toBytes()));
  }
}
