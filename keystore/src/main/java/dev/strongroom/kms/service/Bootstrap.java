// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.hsm.Hsm;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.iam.AccessKeySecrets;
import dev.strongroom.kms.iam.AccessKeyUses;
import dev.strongroom.kms.iam.Identities;
import dev.strongroom.kms.iam.RoleSessions;
import dev.strongroom.kms.iam.SessionTokens;
import dev.strongroom.kms.key.Derivation.Label;
import dev.strongroom.kms.key.DomainKeyring;
import dev.strongroom.kms.key.DomainRecord;
import dev.strongroom.kms.life.KeyringAuthenticator;
import dev.strongroom.kms.storage.JdbcStore;
import dev.strongroom.kms.storage.KeyStorage;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Brings store and HSM together: finds the domain key that the store was made with and checks it,
 * or makes both.
 *
 * <p>A domain key that is made counts only once the store has its record, in one transaction; so a
 * kill at any moment leaves a KMS that is there or not. {@link SetupFile} knows the name of one
 * that was being made: the next run takes it, and nothing stays behind in the HSM.
 */
final class Bootstrap {
  private static final System.Logger LOG = System.getLogger(Bootstrap.class.getName());

  private final KmsConfig config;
  private final Hsm hsm;
  private final JdbcStore store;
  private final SecureRandom random;
  private final Object issuer;
  private final Clock clock;

  /** {@code issuer} is what callers of this KMS carry; see {@link Identities}. */
  Bootstrap(
      KmsConfig config, Hsm hsm, JdbcStore store, SecureRandom random, Object issuer, Clock clock) {
    this.config = config;
    this.hsm = hsm;
    this.store = store;
    this.issuer = issuer;
    this.random = random;
    this.clock = clock;
  }

  /** Opens the KMS; makes it where {@link KmsConfig#isMadeAtFirstUse} says so. */
  KmsAssembly.Opened open() {
    Optional<DomainRecord> known = store.domain();
    if (known.isEmpty() && !config.isMadeAtFirstUse()) {
      throw new KmsException.Configuration(
          "There is no KMS yet in "
              + config.store()
              + ". Run 'init' with these settings to make one; if there should be one, check"
              + " 'store'.",
          null);
    }
    KmsAssembly.Opened opened = known.map(this::opened).orElseGet(this::make);
    if (config.isMadeAtFirstUse()) {
      new RootAccessKey(config, opened.identities(), opened.accessKeys()).ensure();
    }
    return opened;
  }

  /** Returns the KMS, made where there is none. */
  KmsAssembly.Opened openOrMake() {
    return store.domain().map(this::opened).orElseGet(this::make);
  }

  private KmsAssembly.Opened opened(DomainRecord record) {
    DomainKeyring domain = DomainKeyring.open(hsm, record);
    KeyringAuthenticator authenticator = new KeyringAuthenticator(domain, store);
    return opened(domain, authenticator, store.unlock(authenticator));
  }

  private KmsAssembly.Opened make() {
    try (SetupFile setup = SetupFile.enter(config)) {
      Optional<DomainRecord> madeMeanwhile = store.domain();
      KmsAssembly.Opened opened =
          madeMeanwhile.map(this::opened).orElseGet(() -> make(domainKey(setup)));
      setup.finish();
      return opened;
    }
  }

  /** Goes on with the domain key of an interrupted run, unless that one can never be used. */
  private DomainRecord domainKey(SetupFile setup) {
    UUID begun = setup.domainId();
    try {
      return DomainKeyring.create(hsm, begun, config.wrapPolicy(), clock);
    } catch (KmsException.Configuration e) {
      UUID fresh = setup.renew();
      DomainRecord made = DomainKeyring.create(hsm, fresh, config.wrapPolicy(), clock);
      LOG.log(
          System.Logger.Level.WARNING,
          "Domain key {0} was not finished, and this KMS does not use it. Destroy its objects with"
              + " the HSM''s own tool. {1}",
          begun,
          e.getMessage());
      return made;
    }
  }

  private KmsAssembly.Opened make(DomainRecord made) {
    DomainKeyring domain = DomainKeyring.open(hsm, made);
    KeyringAuthenticator authenticator = new KeyringAuthenticator(domain, store);
    try {
      return opened(domain, authenticator, store.initialize(made, authenticator));
    } catch (KmsException.Conflict e) {
      // Another home made a KMS in this store at the same moment, and its domain key counts.
      DomainRecord theirs = store.domain().orElseThrow(() -> e);
      if (!theirs.domainId().equals(made.domainId())) {
        DomainKeyring.discard(hsm, made);
      }
      return opened(theirs);
    }
  }

  private KmsAssembly.Opened opened(
      DomainKeyring domain, KeyringAuthenticator authenticator, KeyStorage storage) {
    storage.onChange(new DomainRefresh(authenticator));
    int version = domain.record().versions().get(0).number();
    AccessKeySecrets secrets =
        new AccessKeySecrets(hash -> domain.derive(version, Label.ACCESS_KEY, hash), random);
    AccessKeyUses uses = new AccessKeyUses(storage, config.place().region(), clock);
    SessionTokens tokens =
        new SessionTokens(hash -> domain.derive(version, Label.SESSION_TOKEN, hash));
    RoleSessions sessions = new RoleSessions(storage, secrets, tokens, issuer, clock);
    Identities identities =
        new Identities(storage, config.place().account(), secrets, uses, sessions, issuer);
    return new KmsAssembly.Opened(domain, storage, secrets, identities, sessions, uses, clock);
  }

  /** Has new versions of the domain key found as soon as another process has made them. */
  private record DomainRefresh(KeyringAuthenticator authenticator)
      implements KeyStorage.ChangeListener {

    @Override
    public void changed(Set<KeyId> keys, boolean identities) {}

    @Override
    public void domainChanged() {
      authenticator.refresh();
    }
  }
}
