// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key.backing;

import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.DomainKey;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.HsmErrors;
import dev.strongroom.kms.key.KeyMaterial;
import dev.strongroom.kms.key.KeyToken;
import dev.strongroom.kms.key.KmsKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Key tokens on their way to another version of the domain key. */
final class TokenRewrap {
  private final TokenSealer sealer;
  private final TokenOpening opening;

  TokenRewrap(TokenSealer sealer, TokenOpening opening) {
    this.sealer = sealer;
    this.opening = opening;
  }

  /** See {@link BackingKeys#rewrap}. */
  KmsKey rewrap(KmsKey key) {
    List<Generation> all = new ArrayList<>();
    boolean isChanged = false;
    for (Generation generation : key.generations()) {
      boolean goes =
          generation.hasToken() && mustBeRewrapped(key.level(), generation.domainVersion());
      all.add(goes ? rewrapped(key, generation) : generation);
      isChanged |= goes;
    }
    return isChanged ? key.withGenerations(all) : key;
  }

  private boolean mustBeRewrapped(ProtectionLevel level, int version) {
    return version != sealer.activeKey().id().version()
        && (level != ProtectionLevel.HSM || sealer.key(version).wrapPolicy() == WrapPolicy.OPEN);
  }

  private Generation rewrapped(KmsKey key, Generation generation) {
    TokenBinding binding = TokenBinding.of(key, generation);
    try {
      KeyToken old = sealer.check(binding, generation.token());
      if (old.level() == ProtectionLevel.CUSTOM_KEY_STORE) {
        // Only the MAC is new: a customer's token that is away must not keep the others waiting.
        return generation.withToken(sealer.bind(binding, old.body()));
      }
      Generation moved = generation.withToken(moved(key, binding, old));
      // Opened at once, before anybody relies on it.
      opening.opened(binding, KeyToken.decode(moved.token())).close();
      return moved;
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    }
  }

  private byte[] moved(KmsKey key, TokenBinding binding, KeyToken old) {
    if (old.level() == ProtectionLevel.HSM) {
      BackingKeySpec spec = HsmSpecs.of(key.spec(), key.usage());
      DomainKey before = sealer.key(old.domainVersion());
      return sealer.bind(binding, before.rewrap(spec, old.body(), sealer.activeKey()));
    }
    try (KeyMaterial material = sealer.unseal(binding, old)) {
      return sealer.seal(binding, material);
    }
  }

  /** See {@link BackingKeys#wrapPolicy}. */
  String wrapPolicy(KmsKey key) {
    DomainKey active = sealer.activeKey();
    return (sealer.isOfOnePolicy()
            ? active.wrapPolicy()
            : key.generations().stream()
                .filter(Generation::hasToken)
                .map(generation -> sealer.key(generation.domainVersion()).wrapPolicy())
                .min(Comparator.naturalOrder())
                .orElse(active.wrapPolicy()))
        .name()
        .toLowerCase(Locale.ROOT);
  }
}
