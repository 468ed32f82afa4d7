// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.KeyMaterialId;
import dev.strongroom.kms.key.KmsKey;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Which generations of a key's material a call is about: one that it names, or any. */
final class NamedMaterial {
  private final Optional<KeyMaterialId> id;

  private NamedMaterial(Optional<KeyMaterialId> id) {
    this.id = id;
  }

  /**
   * @param name 64 hexadecimal digits; empty where the caller names none
   * @throws KmsException.Validation if it is something else
   */
  static NamedMaterial of(Optional<String> name) {
    return new NamedMaterial(name.map(NamedMaterial::parse));
  }

  private static KeyMaterialId parse(String name) {
    try {
      return new KeyMaterialId(HexFormat.of().parseHex(name));
    } catch (IllegalArgumentException e) {
      throw new KmsException.Validation(
          "\"" + name + "\" is no key material id: those are 64 hexadecimal digits.");
    }
  }

  /** Returns the call, about that generation: the trail shows it. */
  Call in(Call call) {
    return id.isEmpty() ? call : call.onMaterial(id.get().prefix());
  }

  /**
   * Returns the one that signs: the current one, unless another is named.
   *
   * @throws KmsException.NotFound if the key has none of that name
   */
  Generation one(KmsKey key) {
    return id.isEmpty() ? key.current() : named(key, id.get());
  }

  /**
   * Returns those that verify: all from the newest on, unless one is named.
   *
   * @throws KmsException.NotFound if the key has none of that name
   */
  List<Generation> all(KmsKey key) {
    return id.isEmpty() ? key.newestFirst() : List.of(named(key, id.get()));
  }

  private static Generation named(KmsKey key, KeyMaterialId id) {
    return key.newestFirst().stream()
        .filter(generation -> generation.materialId().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new KmsException.NotFound(
                    key.arn()
                        + " has no key material "
                        + id.text()
                        + ". 'kms list-key-rotations --include-key-material ALL_KEY_MATERIAL' lists"
                        + " what a rotated key has."));
  }
}
