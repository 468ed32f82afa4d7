// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key.backing;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.key.KeyMaterial;
import dev.strongroom.kms.key.OpenKey;

/** Makes and opens backing keys of level SOFTWARE: the algorithms, which this package lacks. */
public interface SoftwareKeyring {

  /** Makes a backing key with random bytes of the operating system. */
  GeneratedKey generate(CmkSpec spec);

  /**
   * Checks key material that was made elsewhere, and returns it in the form in which this keyring
   * makes it. Takes ownership of {@code material}.
   *
   * @param material a secret, or a PKCS#8 private key
   * @throws dev.strongroom.kms.KmsException.Validation if it is no sound key of that spec
   */
  GeneratedKey adopt(CmkSpec spec, KeyMaterial material);

  /** Opens a backing key; takes ownership of {@code material}. */
  OpenKey open(CmkSpec spec, KeyMaterial material);

  /** A new backing key of level SOFTWARE. */
  final class GeneratedKey {
    private final KeyMaterial material;
    private final byte[] publicKey;

    /**
     * Takes ownership of both.
     *
     * @param material the secret, or a PKCS#8 private key
     * @param publicKey DER SubjectPublicKeyInfo; empty for a secret
     */
    public GeneratedKey(KeyMaterial material, byte[] publicKey) {
      this.material = material;
      this.publicKey = publicKey;
    }

    public KeyMaterial material() {
      return material;
    }

    /** Returns the array itself, which belongs to the receiver. */
    public byte[] publicKey() {
      return publicKey;
    }
  }
}
