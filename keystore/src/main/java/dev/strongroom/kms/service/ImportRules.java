// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.ImportType;
import dev.strongroom.kms.KeyType;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.ImportedMaterial;
import dev.strongroom.kms.key.ImportedMaterial.Presence;
import dev.strongroom.kms.key.KmsKey;
import java.time.Instant;
import java.util.Optional;

/** What becomes of a key when material is brought to it, deleted from it and restored. */
final class ImportRules {
  private ImportRules() {}

  /**
   * Returns the key with material that was brought to it.
   *
   * @throws KmsException.IncorrectKeyMaterial if it is other material than the request says
   */
  static KmsKey merged(KmsKey key, Generation brought, ImportKeyMaterialRequest request) {
    String id = brought.materialId().text();
    if (request.keyMaterialId().filter(named -> !named.equals(id)).isPresent()) {
      throw new KmsException.IncorrectKeyMaterial(
          "The key material is not that of the id "
              + request.keyMaterialId().get()
              + ". Name another id, or bring that material.");
    }
    Optional<Generation> same = key.generation(brought.materialId());
    ImportType type =
        request
            .type()
            .orElse(
                key.generations().isEmpty()
                    ? ImportType.NEW_KEY_MATERIAL
                    : ImportType.EXISTING_KEY_MATERIAL);
    return type == ImportType.NEW_KEY_MATERIAL
        ? withNew(key, brought, same)
        : key.withGeneration(same.orElseThrow(() -> foreign(key)).withMaterialOf(brought));
  }

  private static KmsException foreign(KmsKey key) {
    String others =
        key.spec().type() == KeyType.SYMMETRIC
            ? " Bring the same bytes, or say --import-type NEW_KEY_MATERIAL for others."
            : " Bring the same key, or make another KMS key for this one.";
    return new KmsException.IncorrectKeyMaterial(
        key.arn() + " never had this key material." + others);
  }

  private static KmsKey withNew(KmsKey key, Generation brought, Optional<Generation> same) {
    if (same.isPresent()) {
      throw new KmsException.IncorrectKeyMaterial(
          key.arn()
              + " has or had this key material already. To bring it again say --import-type"
              + " EXISTING_KEY_MATERIAL.");
    }
    if (key.generations().isEmpty()) {
      return key.rotated(brought);
    }
    if (key.spec().type() != KeyType.SYMMETRIC) {
      throw new KmsException.UnsupportedOperation(
          key.arn()
              + " is of spec "
              + key.spec()
              + ", and keys of spec SYMMETRIC_DEFAULT have several key materials. Make another key,"
              + " and move its alias with 'kms update-alias'.");
    }
    key.pendingRotation()
        .ifPresent(
            waiting -> {
              throw new KmsException.InvalidState(
                  key.arn()
                      + " has the key material "
                      + waiting.materialId()
                      + " that waits for a rotation. Run 'kms rotate-key-on-demand', or delete that"
                      + " material, before you bring more.");
            });
    requireOtherPrefix(key, brought);
    return key.rotated(
        brought.with(brought.imported().orElseGet(ImportedMaterial::toStay).pendingRotation()));
  }

  /** Ciphertexts name material by the first 8 bytes of its id. */
  private static void requireOtherPrefix(KmsKey key, Generation brought) {
    long prefix = brought.materialId().prefix();
    if (key.generations().stream().anyMatch(each -> each.materialId().prefix() == prefix)) {
      throw new KmsException.Validation(
          "The id of this key material begins as that of another one of the key. Bring other random"
              + " bytes.");
    }
  }

  /**
   * Returns which material is meant: the current one where none is named; empty where there never
   * was any.
   *
   * @throws KmsException.NotFound if the key has no such material
   */
  static Optional<Generation> target(KmsKey key, Optional<String> keyMaterialId) {
    if (keyMaterialId.isEmpty()) {
      return key.currentIfAny();
    }
    return Optional.of(named(key, keyMaterialId.get()));
  }

  private static Generation named(KmsKey key, String keyMaterialId) {
    return key.generations().stream()
        .filter(each -> each.materialId().text().equals(keyMaterialId))
        .findFirst()
        .orElseThrow(
            () ->
                new KmsException.NotFound(
                    key.arn()
                        + " has no key material of that id. 'kms list-key-rotations"
                        + " --include-key-material ALL_KEY_MATERIAL' lists it."));
  }

  /**
   * Returns the key without material that was deleted, or with it held where it can be restored.
   */
  static KmsKey withoutMaterial(KmsKey key, ImportedMaterialResult deletion) {
    if (deletion.keyMaterialId().isEmpty()) {
      return key;
    }
    Generation target = named(key, deletion.keyMaterialId());
    ImportedMaterial known = target.imported().orElseGet(ImportedMaterial::toStay);
    if (known.presence() == Presence.ABSENT) {
      return key;
    }
    return deletion
        .destructionDate()
        .map(date -> key.withGeneration(target.with(known.heldUntil(date))))
        .orElseGet(() -> key.withoutMaterial(target));
  }

  /** Returns the key with material usable that was deleted. */
  static KmsKey restored(KmsKey key, String keyMaterialId, Instant now) {
    Generation target = named(key, keyMaterialId);
    ImportedMaterial known = target.imported().orElseGet(ImportedMaterial::toStay);
    if (known.presence() != Presence.HELD || known.isExpired(now)) {
      throw new KmsException.InvalidState(
          "There is nothing to restore: the key material "
              + keyMaterialId
              + " of "
              + key.arn()
              + (known.presence() == Presence.IMPORTED && !known.isExpired(now)
                  ? " was not deleted."
                  : " was destroyed, or has expired. Import it again."));
    }
    return key.withGeneration(target.with(known.restored()));
  }
}
