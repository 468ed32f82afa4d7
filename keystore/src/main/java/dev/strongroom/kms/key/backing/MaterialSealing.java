// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key.backing;

import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.KeyMaterial;
import dev.strongroom.kms.key.KeyMaterialId;
import dev.strongroom.kms.key.OpenKey;
import dev.strongroom.kms.key.backing.BackingKeys.Request;
import dev.strongroom.kms.key.backing.SoftwareKeyring.GeneratedKey;
import java.time.Clock;
import java.util.Optional;

/** Turns key material of the level SOFTWARE into key tokens, with the name that it gets. */
final class MaterialSealing {
  private final TokenSealer sealer;
  private final SoftwareKeyring software;
  private final MaterialNames names;
  private final Clock clock;

  MaterialSealing(TokenSealer sealer, SoftwareKeyring software, MaterialNames names, Clock clock) {
    this.sealer = sealer;
    this.software = software;
    this.names = names;
    this.clock = clock;
  }

  /** Returns new material, sealed under its own name; it is closed. */
  Generation seal(Request request, GeneratedKey generated) {
    return seal(request, generated, Optional.empty());
  }

  /**
   * Returns the material sealed; it is closed.
   *
   * @param name of an HMAC key that has one already
   */
  Generation seal(Request request, GeneratedKey generated, Optional<KeyMaterialId> name) {
    try (KeyMaterial material = generated.material();
        OpenKey opened =
            software.open(request.spec(), KeyMaterial.owning(material.use(byte[]::clone)))) {
      KeyMaterialId materialId = names.of(request, generated, opened, name);
      TokenBinding binding = TokenBinding.of(request, materialId, generated.publicKey());
      byte[] token = sealer.seal(binding, material);
      return new Generation(materialId, token, generated.publicKey(), clock.instant());
    }
  }
}
