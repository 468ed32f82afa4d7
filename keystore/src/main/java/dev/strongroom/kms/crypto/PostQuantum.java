// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.KeyMaterial;
import dev.strongroom.kms.key.backing.SoftwareKeyring.GeneratedKey;
import java.io.IOException;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;

/**
 * The encodings of ML-DSA and ML-KEM keys. Private keys are kept as PKCS#8 with their seed alone
 * (RFC 9881 §6, RFC 9935 §6): everything else follows from it.
 *
 * <p>Both algorithms are Bouncy Castle's lightweight API on every JDK: 17 has neither, and one
 * engine for all means that a key behaves alike wherever the store is opened.
 */
final class PostQuantum {

  private PostQuantum() {}

  /**
   * @param privateKey one whose preferred format is its seed
   */
  static GeneratedKey encode(AsymmetricKeyParameter privateKey, AsymmetricKeyParameter publicKey) {
    try {
      return new GeneratedKey(
          KeyMaterial.owning(
              PrivateKeyInfoFactory.createPrivateKeyInfo(privateKey).getEncoded("DER")),
          SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(publicKey).getEncoded("DER"));
    } catch (IOException e) {
      throw new AssertionError("Encoding to memory does no I/O", e);
    }
  }

  /** Reads a PKCS#8 private key; {@code material} is left intact. */
  static <K extends AsymmetricKeyParameter> K privateKey(KeyMaterial material, Class<K> type) {
    return material.use(
        bytes -> {
          try {
            return type.cast(PrivateKeyFactory.createKey(bytes));
          } catch (IOException | IllegalArgumentException | ClassCastException e) {
            throw new KmsException.StoreTampered(
                "A private key cannot be read. Restore the store from a backup.");
          }
        });
  }

  static <K extends AsymmetricKeyParameter> K publicKey(byte[] encoded, Class<K> type) {
    try {
      return type.cast(PublicKeyFactory.createKey(encoded));
    } catch (IOException | ClassCastException e) {
      throw new IllegalArgumentException("Not a DER SubjectPublicKeyInfo of that kind", e);
    }
  }
}
