// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key.backing;

import dev.strongroom.hsm.HsmException;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.HsmErrors;
import dev.strongroom.kms.key.ImportedMaterial;
import dev.strongroom.kms.key.KeyMaterial;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.key.backing.BackingKeys.Request;
import dev.strongroom.kms.key.backing.SoftwareKeyring.GeneratedKey;
import java.security.MessageDigest;
import java.util.Optional;

/** Key material that comes from elsewhere, or goes to another KMS; all at the level SOFTWARE. */
final class MaterialTransfer {
  private final TokenSealer sealer;
  private final SoftwareKeyring software;
  private final MaterialSealing sealing;

  MaterialTransfer(TokenSealer sealer, SoftwareKeyring software, MaterialSealing sealing) {
    this.sealer = sealer;
    this.software = software;
    this.sealing = sealing;
  }

  /** See {@link BackingKeys#adopt}. */
  Generation adopt(Request request, KeyMaterial material) {
    try {
      return sealing
          .seal(request, software.adopt(request.spec(), material))
          .with(ImportedMaterial.toStay());
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    }
  }

  /** See {@link BackingKeys#receive}. */
  Generation receive(Request request, Generation there, KeyMaterial material) {
    try {
      GeneratedKey taken = software.adopt(request.spec(), material);
      Generation sealed = sealing.seal(request, taken, Optional.of(there.materialId()));
      if (!sealed.materialId().equals(there.materialId())
          || !MessageDigest.isEqual(sealed.publicKey(), there.publicKey())) {
        throw new KmsException.IncorrectKeyMaterial(
            "The key material that arrived is not that of the id " + there.materialId() + ".");
      }
      return there.withToken(sealed.token());
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    }
  }

  /** See {@link BackingKeys#export}. */
  KeyMaterial export(KmsKey key, Generation generation) {
    if (key.level() != ProtectionLevel.SOFTWARE) {
      throw new KmsException.UnsupportedOperation(
          key.arn() + " has the protection level " + key.level() + ", and does not leave its HSM.");
    }
    try {
      TokenBinding binding = TokenBinding.of(key, generation);
      return sealer.unseal(binding, sealer.check(binding, generation.token()));
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    }
  }
}
