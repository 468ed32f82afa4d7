// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.Notary;
import dev.strongroom.kms.key.DomainKeyring;
import dev.strongroom.kms.storage.KeyStorage;
import dev.strongroom.kms.storage.StoreHead;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Signs checkpoints of the audit trail with the domain key, and hands them to the witness. Holds
 * the store weakly, for the reason that {@link AuditStreams} has.
 */
final class AuditNotary implements Notary {
  private final DomainKeyring domain;
  private final WeakReference<KeyStorage> storage;
  private final Kms.Assurance assurance;
  private final Witness witness;

  AuditNotary(DomainKeyring domain, KeyStorage storage, Kms.Assurance assurance, Witness witness) {
    this.domain = domain;
    this.storage = new WeakReference<>(storage);
    this.assurance = assurance;
    this.witness = witness;
  }

  static PublicKey decode(byte[] subjectPublicKeyInfo) {
    try {
      return KeyFactory.getInstance("EC", "SunEC")
          .generatePublic(new X509EncodedKeySpec(subjectPublicKeyInfo));
    } catch (GeneralSecurityException e) {
      throw new KmsException.StoreTampered(
          "The public key of the domain key cannot be read. Restore the store from a backup.");
    }
  }

  @Override
  public String name() {
    return "strongroom/" + domain.record().domainId();
  }

  @Override
  public List<PublicKey> publicKeys() {
    List<PublicKey> newestFirst = new ArrayList<>();
    domain.record().versions().forEach(version -> newestFirst.add(0, decode(version.publicKey())));
    return newestFirst;
  }

  @Override
  public byte[] sign(byte[] hash) {
    return domain.sign(hash);
  }

  @Override
  public List<String> facts() {
    List<String> facts = new ArrayList<>();
    facts.add("assurance " + assurance.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    KeyStorage open = storage.get();
    if (open != null) {
      StoreHead head = open.head();
      facts.add("store " + head.revision() + " " + head.hash());
    }
    return facts;
  }

  @Override
  public void publish(UUID stream, String note) throws IOException {
    witness.take(stream, note);
  }

  @Override
  public Optional<String> published(UUID stream) throws IOException {
    return witness.taken(stream);
  }
}
