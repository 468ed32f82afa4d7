// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.citizen;

import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.HsmUri;
import dev.strongroom.hsm.embedded.EmbeddedHsm;
import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.authz.KeyPolicy;
import dev.strongroom.kms.crypto.SoftwareKeys;
import dev.strongroom.kms.key.DerCertificate;
import dev.strongroom.kms.key.Derivation.Label;
import dev.strongroom.kms.key.DomainKeyring;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.key.backing.BackingKeys;
import dev.strongroom.kms.service.KmsConfig;
import dev.strongroom.kms.storage.JdbcStore;
import dev.strongroom.kms.storage.KeyStorage;
import dev.strongroom.kms.storage.RowAuthenticator;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Makes many CMKs in a KMS with the embedded domain key, as another process that writes hundreds in
 * one transaction: CreateKey waits for the disk for each.
 */
final class ManyCmks implements AutoCloseable {
  private static final int BATCH = 500;

  private final Clock clock = Clock.systemUTC();
  private final KmsConfig config;
  private final Hsm hsm;
  private final JdbcStore store;
  private final KeyStorage storage;
  private final BackingKeys backingKeys;

  /**
   * @param config of a KMS that was made
   */
  ManyCmks(KmsConfig config) {
    this.config = config;
    this.hsm = EmbeddedHsm.open((HsmUri.Embedded) HsmUri.parse(config.hsm()));
    this.store = JdbcStore.open(config.store(), clock);
    DomainKeyring domain = DomainKeyring.open(hsm, store.domain().orElseThrow());
    this.storage = store.unlock(authenticator(domain));
    SecureRandom random = new SecureRandom();
    this.backingKeys = new BackingKeys(hsm, domain, new SoftwareKeys(random), random, clock);
  }

  private static RowAuthenticator authenticator(DomainKeyring domain) {
    return new RowAuthenticator() {
      @Override
      public int currentVersion() {
        return domain.activeVersion();
      }

      @Override
      public byte[] mac(int domainVersion, byte[] hash) {
        return domain.derive(domainVersion, Label.ROW, hash);
      }
    };
  }

  /**
   * @param prefix of the aliases, which a number follows
   * @param chain gives the certificates for a public key; none for the keys of a symmetric spec
   */
  void make(int count, CmkSpec spec, String prefix, Function<byte[], List<DerCertificate>> chain) {
    List<KmsKey> batch = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      batch.add(key(spec, prefix + i, chain));
      if (batch.size() == BATCH || i == count - 1) {
        storage.save(batch);
        batch.clear();
      }
    }
  }

  private KmsKey key(CmkSpec spec, String name, Function<byte[], List<DerCertificate>> chain) {
    KeyId id = new KeyId(UUID.randomUUID());
    BackingKeys.Request request =
        new BackingKeys.Request(
            id, spec, spec.usages().iterator().next(), KeyOrigin.AWS_KMS, ProtectionLevel.SOFTWARE);
    Generation generation = backingKeys.create(request);
    return new KmsKey(
        new KeyArn(config.place(), id),
        spec,
        request.usage(),
        KeyState.ENABLED,
        request.origin(),
        request.level(),
        true,
        false,
        "",
        clock.instant(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(generation),
        KeyPolicy.defaultFor(config.place().account()).text(),
        Optional.empty(),
        List.of(
            new KmsKey.NamedAlias(
                new Alias(Alias.PREFIX + name), clock.instant(), clock.instant())),
        Map.of(),
        chain.apply(generation.publicKey()),
        0);
  }

  @Override
  public void close() {
    backingKeys.close();
    store.close();
    hsm.close();
  }
}
