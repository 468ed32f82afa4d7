// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.embedded.EmbeddedHsm;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.backup.BackupHeader;
import dev.strongroom.kms.backup.BackupKey;
import dev.strongroom.kms.backup.BackupReader;
import dev.strongroom.kms.backup.KnownAnswers;
import dev.strongroom.kms.key.Derivation.Label;
import dev.strongroom.kms.key.DomainKeyring;
import dev.strongroom.kms.key.HsmErrors;
import dev.strongroom.kms.life.KeyringAuthenticator;
import dev.strongroom.kms.storage.JdbcStore;
import dev.strongroom.kms.storage.StoreHead;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A backup whose signature, domain key and every chunk were verified, and what it takes to restore
 * it. The caller closes it.
 */
final class OpenBackup implements AutoCloseable {
  private final BackupReader reader;
  private final BackupKey key;
  private final DomainKeyring domain;
  private final byte[] hash;
  private final Optional<EmbeddedHsm> carried;

  private OpenBackup(
      BackupReader reader,
      BackupKey key,
      DomainKeyring domain,
      byte[] hash,
      Optional<EmbeddedHsm> carried) {
    this.reader = reader;
    this.key = key;
    this.domain = domain;
    this.hash = hash;
    this.carried = carried;
  }

  /**
   * Verifies a backup with the domain key that is in an HSM.
   *
   * @throws KmsException.StoreTampered if it is cut off or was altered
   * @throws KmsException.Configuration if the HSM has another domain key
   */
  static OpenBackup open(Path file, Hsm hsm) {
    BackupReader reader = BackupReader.open(file);
    byte[] hash = reader.verify();
    DomainKeyring domain = DomainKeyring.open(hsm, reader.header().domain());
    BackupHeader header = reader.header();
    int version = header.domainWrap().version();
    BackupKey key =
        BackupKey.unwrap(
            header.domain().domainId(),
            header.domainWrap(),
            context -> domain.derive(version, Label.BACKUP, context));
    return read(new OpenBackup(reader, key, domain, hash, Optional.empty()));
  }

  /**
   * Verifies a backup with the domain key that is in it, for a recipient.
   *
   * @throws KmsException.Configuration if it has none, or is not for that recipient
   */
  static OpenBackup open(Path file, PrivateKey recipient) {
    BackupReader reader = BackupReader.open(file);
    byte[] hash = reader.verify();
    BackupHeader header = reader.header();
    if (!header.holdsDomainKey()) {
      throw new KmsException.Configuration(
          file
              + " has no domain key in it: restore it onto the HSM, or with the key file, that has"
              + " the domain key "
              + header.domain().domainId()
              + ".",
          null);
    }
    BackupKey key = unwrap(file, header, recipient);
    EmbeddedHsm carried = EmbeddedHsm.inMemory();
    OpenBackup opened = null;
    try {
      importAll(carried, header, domainKeys(reader, key));
      DomainKeyring domain = DomainKeyring.open(carried, header.domain());
      opened = read(new OpenBackup(reader, key, domain, hash, Optional.of(carried)));
      return opened;
    } finally {
      if (opened == null) {
        carried.close();
        key.close();
      }
    }
  }

  /**
   * @throws KmsException.Configuration unless it is one of these that signed the backup
   */
  static void requireSigner(Path file, BackupHeader header, List<PublicKey> signers) {
    PublicKey signer = AuditNotary.decode(header.domain().active().publicKey());
    if (!signers.contains(signer)) {
      throw new KmsException.Configuration(
          file
              + " is signed by none of these public keys, but by version "
              + header.domain().active().number()
              + " of the domain key "
              + header.domain().domainId()
              + ". Take the public keys of the KMS that made it; if they are, do not trust it.",
          null);
    }
  }

  private static BackupKey unwrap(Path file, BackupHeader header, PrivateKey recipient) {
    try {
      return BackupKey.unwrap(header.recipients(), recipient);
    } catch (KmsException.InvalidCiphertext e) {
      throw new KmsException.Configuration(
          "That private key is of no recipient of " + file + ": 'backup list' shows whose it is.",
          e);
    }
  }

  /** Reads all of it once: what was cut off or altered shows before anything is used. */
  private static OpenBackup read(OpenBackup backup) {
    boolean isWhole = false;
    try (InputStream in = backup.reader.content(backup.key)) {
      byte[] buffer = new byte[1 << 16];
      int count = in.read(buffer);
      while (count >= 0) {
        count = in.read(buffer);
      }
      isWhole = true;
      return backup;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (!isWhole) {
        backup.close();
      }
    }
  }

  private static Map<Integer, byte[]> domainKeys(BackupReader reader, BackupKey key) {
    try (DataInputStream in = new DataInputStream(reader.content(key))) {
      return domainKeys(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<Integer, byte[]> domainKeys(DataInputStream in) throws IOException {
    Map<Integer, byte[]> secrets = new HashMap<>();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      int version = in.readInt();
      byte[] secret = new byte[in.readInt()];
      in.readFully(secret);
      secrets.put(version, secret);
    }
    return secrets;
  }

  private static void importAll(
      EmbeddedHsm into, BackupHeader header, Map<Integer, byte[]> secrets) {
    secrets.forEach(
        (version, secret) -> {
          try {
            into.importDomainKey(new DomainKeyId(header.domain().domainId(), version), secret);
          } catch (HsmException e) {
            throw HsmErrors.toKms(e);
          } finally {
            Arrays.fill(secret, (byte) 0);
          }
        });
  }

  BackupHeader header() {
    return reader.header();
  }

  /** Returns SHA-256 of what is signed. */
  byte[] hash() {
    return hash.clone();
  }

  /** Puts the domain key that was in the backup into a key file; what is there stays. */
  void importInto(EmbeddedHsm target) {
    if (carried.isPresent()) {
      importAll(target, header(), domainKeys(reader, key));
    }
  }

  /** Returns the HSM that has the domain key that was in the backup. */
  Optional<EmbeddedHsm> carried() {
    return carried;
  }

  DomainKeyring domain() {
    return domain;
  }

  /**
   * Fills an empty store.
   *
   * @return the number of roots
   */
  long fill(JdbcStore store, JdbcStore.Restoring restoring) {
    return store.restore(
        this::image, restoring, record -> KeyringAuthenticator.of(domain.with(record)));
  }

  private InputStream image() throws IOException {
    DataInputStream in = new DataInputStream(reader.content(key));
    domainKeys(in).values().forEach(secret -> Arrays.fill(secret, (byte) 0));
    return in;
  }

  /** Returns the state that the store must have. */
  StoreHead expected() {
    return new StoreHead(header().storeRevision(), header().storeHash());
  }

  /** Returns the known answers, which follow the rows. */
  List<KnownAnswers.Answer> answers() {
    try (DataInputStream in = new DataInputStream(image())) {
      JdbcStore.skip(in);
      return new ArrayList<>(KnownAnswers.read(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    key.close();
    carried.ifPresent(EmbeddedHsm::close);
  }
}
