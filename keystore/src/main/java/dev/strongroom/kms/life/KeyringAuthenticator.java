// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.life;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.Derivation.Label;
import dev.strongroom.kms.key.DomainKeyring;
import dev.strongroom.kms.storage.JdbcStore;
import dev.strongroom.kms.storage.RowAuthenticator;

/**
 * Makes the MACs of rows with the domain key, and finds out when another process gave it a new
 * version: by a row that is under one that is not known here. Thread-safe.
 */
public final class KeyringAuthenticator implements RowAuthenticator {
  private static final int ATTEMPTS = 3;

  private final DomainKeyring domain;
  private final JdbcStore store;

  public KeyringAuthenticator(DomainKeyring domain, JdbcStore store) {
    this.domain = domain;
    this.store = store;
  }

  /** Returns one for the versions that a keyring has, whatever the store says. */
  public static RowAuthenticator of(DomainKeyring domain) {
    return new RowAuthenticator() {
      @Override
      public int currentVersion() {
        return domain.activeVersion();
      }

      @Override
      public boolean accepts(int domainVersion) {
        return domain.accepts(domainVersion);
      }

      @Override
      public byte[] mac(int domainVersion, byte[] hash) {
        return domain.derive(domainVersion, Label.ROW, hash);
      }
    };
  }

  @Override
  public int currentVersion() {
    return domain.activeVersion();
  }

  @Override
  public boolean accepts(int domainVersion) {
    if (domainVersion > domain.activeVersion()) {
      refresh();
    }
    return domain.accepts(domainVersion);
  }

  @Override
  public byte[] mac(int domainVersion, byte[] hash) {
    return domain.derive(domainVersion, Label.ROW, hash);
  }

  /**
   * Takes over what the store says of the domain key.
   *
   * @throws KmsException.StoreTampered if that was altered, or is older than what is known here
   * @throws KmsException.Configuration if the HSM lacks a version of it
   */
  public void refresh() {
    // Another thread may have been faster, with a newer record than was read here.
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      DomainKeyring[] newer = new DomainKeyring[1];
      store.domain(
          record -> {
            newer[0] = domain.with(record);
            return of(newer[0]);
          });
      if (domain.adopt(newer[0])) {
        return;
      }
    }
    throw new KmsException.StoreTampered(
        "The store has an older record of its domain key than this process: it was put back in"
            + " part. Restore the store from a backup as a whole.");
  }
}
