// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.MacAlgorithm;
import dev.strongroom.kms.Place;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The KMS in this process. Each operation stands in the class of its family; this one only hands
 * on, and knows whether it is closed.
 */
final class EmbeddedKms implements Kms {
  private final KmsParts parts;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Runnable onClose;
  private final Envelopes envelopes;

  /**
   * Takes ownership of the parts.
   *
   * @param onClose run once, after everything was closed
   */
  EmbeddedKms(KmsParts parts, Runnable onClose) {
    this.parts = parts;
    this.onClose = onClose;
    this.envelopes = new Envelopes(this, parts.workers());
  }

  private KmsParts open() {
    if (closed.get()) {
      throw new IllegalStateException(
          "This KMS was closed. Open another one: its keys and handles go with it.");
    }
    return parts;
  }

  @Override
  public Place place() {
    return parts.place();
  }

  @Override
  public Caller authenticate(String accessKeyId, char[] secret) {
    return open().identityAdministration().authenticate(accessKeyId, secret);
  }

  @Override
  public KeyMetadata createKey(Caller caller, CreateKeyRequest request) {
    return open().keyAdministration().create(caller, request);
  }

  @Override
  public KeyMetadata describeKey(Caller caller, KeyRef key) {
    return open().keyAdministration().describe(caller, key);
  }

  @Override
  public Page<KeyId> listKeys(Caller caller, @Nullable String marker, int limit) {
    return open().keyAdministration().list(caller, marker, limit);
  }

  @Override
  public void updateKeyDescription(Caller caller, KeyRef key, String description) {
    open().keyAdministration().updateDescription(caller, key, description);
  }

  @Override
  public void enableKey(Caller caller, KeyRef key) {
    open().keyAdministration().enable(caller, key);
  }

  @Override
  public void disableKey(Caller caller, KeyRef key) {
    open().keyAdministration().disable(caller, key);
  }

  @Override
  public String getKeyPolicy(Caller caller, KeyRef key) {
    return open().keyAdministration().getPolicy(caller, key);
  }

  @Override
  public void putKeyPolicy(Caller caller, KeyRef key, String policy) {
    open().keyAdministration().putPolicy(caller, key, policy);
  }

  @Override
  public void createAlias(Caller caller, Alias alias, KeyRef target) {
    open().aliasAdministration().create(caller, alias, target);
  }

  @Override
  public void updateAlias(Caller caller, Alias alias, KeyRef target) {
    open().aliasAdministration().update(caller, alias, target);
  }

  @Override
  public void deleteAlias(Caller caller, Alias alias) {
    open().aliasAdministration().delete(caller, alias);
  }

  @Override
  public Page<AliasListEntry> listAliases(
      Caller caller, @Nullable KeyRef key, @Nullable String marker, int limit) {
    return open().aliasAdministration().list(caller, key, marker, limit);
  }

  @Override
  public EncryptResult encrypt(
      Caller caller,
      KeyRef key,
      EncryptionAlgorithm algorithm,
      byte[] plaintext,
      EncryptionContext context) {
    return open().encryption().encrypt(caller, key, algorithm, plaintext, context);
  }

  @Override
  public DecryptResult decrypt(
      Caller caller,
      @Nullable KeyRef key,
      EncryptionAlgorithm algorithm,
      byte[] ciphertext,
      EncryptionContext context) {
    return open().encryption().decrypt(caller, key, algorithm, ciphertext, context);
  }

  @Override
  public ReEncryptResult reEncrypt(Caller caller, byte[] ciphertext, ReEncryptRequest request) {
    return open().encryption().reEncrypt(caller, ciphertext, request);
  }

  @Override
  public GenerateDataKeyResult generateDataKey(
      Caller caller, KeyRef key, int bytes, EncryptionContext context) {
    return open().dataKeys().generate(caller, key, bytes, context);
  }

  @Override
  public EncryptResult generateDataKeyWithoutPlaintext(
      Caller caller, KeyRef key, int bytes, EncryptionContext context) {
    return open().dataKeys().generateWithoutPlaintext(caller, key, bytes, context);
  }

  @Override
  public GenerateDataKeyPairResult generateDataKeyPair(
      Caller caller, KeyRef key, CmkSpec pairSpec, EncryptionContext context) {
    return open().dataKeys().generatePair(caller, key, pairSpec, context);
  }

  @Override
  public GenerateDataKeyPairResult generateDataKeyPairWithoutPlaintext(
      Caller caller, KeyRef key, CmkSpec pairSpec, EncryptionContext context) {
    return open().dataKeys().generatePairWithoutPlaintext(caller, key, pairSpec, context);
  }

  @Override
  public Envelopes envelopes() {
    open();
    return envelopes;
  }

  @Override
  public byte[] generateRandom(Caller caller, int bytes) {
    return open().randomness().generate(caller, bytes);
  }

  @Override
  public byte[] sign(Caller caller, KeyRef key, SignRequest request) {
    return open().signing().sign(caller, key, request);
  }

  @Override
  public void verify(Caller caller, KeyRef key, SignRequest request, byte[] signature) {
    open().signing().verify(caller, key, request, signature);
  }

  @Override
  public byte[] generateMac(Caller caller, KeyRef key, MacAlgorithm algorithm, byte[] message) {
    return open().signing().generateMac(caller, key, algorithm, message);
  }

  @Override
  public void verifyMac(
      Caller caller, KeyRef key, MacAlgorithm algorithm, byte[] message, byte[] mac) {
    open().signing().verifyMac(caller, key, algorithm, message, mac);
  }

  @Override
  public GetPublicKeyResult getPublicKey(Caller caller, KeyRef key) {
    return open().signing().getPublicKey(caller, key);
  }

  @Override
  public void createUser(Caller caller, String userName) {
    open().identityAdministration().createUser(caller, userName);
  }

  @Override
  public NewAccessKey createAccessKey(Caller caller, String userName) {
    return open().identityAdministration().createAccessKey(caller, userName);
  }

  @Override
  public List<String> listUsers(Caller caller) {
    return open().identityAdministration().listUsers(caller);
  }

  @Override
  public KeyStoreView openKeyStore(Caller caller) {
    return open().keyStoreViews().open(caller);
  }

  @Override
  public List<AuditRecord> lookupEvents(Caller caller, AuditQuery query) {
    return open().identityAdministration().lookupEvents(caller, query);
  }

  @Override
  public Health health() {
    return open().healthCheck().run();
  }

  @Override
  public Assurance assurance() {
    return parts.assurance();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        parts.close();
      } finally {
        onClose.run();
      }
    }
  }
}
