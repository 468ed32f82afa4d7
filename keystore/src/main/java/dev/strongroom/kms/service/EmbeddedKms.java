// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyAgreementAlgorithm;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.MacAlgorithm;
import dev.strongroom.kms.Place;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.Tag;
import dev.strongroom.kms.WrappingAlgorithm;
import dev.strongroom.kms.approval.ApprovalProposal;
import dev.strongroom.kms.approval.ApprovalRequest;
import dev.strongroom.kms.approval.ApprovalRule;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import dev.strongroom.kms.audit.RecordProof;
import dev.strongroom.kms.audit.Verification;
import dev.strongroom.kms.audit.export.ExportResult;
import dev.strongroom.kms.audit.usage.UsageQuery;
import dev.strongroom.kms.audit.usage.UsageReport;
import dev.strongroom.kms.crypto.Checkpoints;
import dev.strongroom.kms.key.KeyMaterial;
import dev.strongroom.kms.metrics.KmsMXBean;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The KMS in this process. Each operation stands in the class of its family; this one only hands
 * on, and knows whether it is closed.
 *
 * <p>Before a checkpoint of the JVM ({@link Checkpoints}) everything is closed: subkeys, random
 * bytes, sessions, the journal. The next call opens it anew, so that copies of this process share
 * nothing; calls that are under way meanwhile fail and can be repeated.
 */
final class EmbeddedKms implements Kms {

  /** What is open at a time. */
  private record Running(KmsParts parts, Envelopes envelopes) {}

  private final KmsConfig config;
  private final Supplier<KmsParts> assembly;
  private final Runnable onClose;
  private final Assurance assurance;
  private final Object lifeLock = new Object();
  private volatile @Nullable Running running;
  private boolean closed;

  @SuppressWarnings("unused") // held, because checkpoints hold their hooks weakly
  private final Object checkpointHook = Checkpoints.register(this::suspend);

  /**
   * Opens the KMS.
   *
   * @param assembly opens the parts; called again after a checkpoint
   * @param onClose run once, after everything was closed
   */
  EmbeddedKms(KmsConfig config, Supplier<KmsParts> assembly, Runnable onClose) {
    this.config = config;
    this.assembly = assembly;
    this.onClose = onClose;
    this.assurance = open().assurance();
  }

  /**
   * @throws IllegalStateException if the KMS was closed
   */
  KmsParts open() {
    return running().parts();
  }

  private Running running() {
    Running known = running;
    return known == null ? resume() : known;
  }

  private Running resume() {
    synchronized (lifeLock) {
      if (closed) {
        throw new IllegalStateException(
            "This KMS was closed. Open another one: its keys and handles go with it.");
      }
      Running known = running;
      if (known == null) {
        KmsParts parts = assembly.get();
        known = new Running(parts, new Envelopes(this, parts.workers()));
        running = known;
      }
      return known;
    }
  }

  /** Closes everything until the next call. */
  private void suspend() {
    synchronized (lifeLock) {
      Running known = running;
      if (known == null) {
        return;
      }
      if (config.isTemporary()) {
        throw new IllegalStateException(
            "A temporary KMS is in this process alone and cannot be in a checkpoint. Close it"
                + " first, or use a KMS with a home.");
      }
      running = null;
      known.parts().close();
    }
  }

  @Override
  public Place place() {
    return config.place();
  }

  @Override
  public Caller authenticate(String accessKeyId, char[] secret) {
    return open().identityAdministration().authenticate(accessKeyId, secret, "");
  }

  @Override
  public Caller authenticate(Credentials credentials) {
    return open()
        .identityAdministration()
        .authenticate(credentials.accessKeyId(), credentials.secret(), credentials.sessionToken());
  }

  @Override
  public KeyMetadata createKey(Caller caller, CreateKeyRequest request) {
    return open().keyCreation().create(caller, request);
  }

  @Override
  public KeyMetadata importKey(Caller caller, CreateKeyRequest request, byte[] material) {
    try (KeyMaterial owned = KeyMaterial.owning(material)) {
      return open().keyCreation().importKey(caller, request, owned);
    }
  }

  @Override
  public EnsureKeyResult ensureKey(Caller caller, KeyDescription description) {
    return open().keyEnsuring().ensure(caller, description);
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
  public void updatePkcs1Decryption(Caller caller, KeyRef key, boolean allowed) {
    open().keyAdministration().updatePkcs1Decryption(caller, key, allowed);
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
  public ScheduleKeyDeletionResult scheduleKeyDeletion(
      Caller caller, ScheduleKeyDeletionRequest request) {
    return open().keyDeletions().schedule(caller, request);
  }

  @Override
  public KeyArn cancelKeyDeletion(Caller caller, KeyRef key) {
    return open().keyDeletions().cancel(caller, key);
  }

  @Override
  public DeletionImpactResult deletionImpact(Caller caller, KeyRef key) {
    return open().auditReading().deletionImpact(caller, key);
  }

  @Override
  public Instant confirmClock(Caller caller) {
    return open().keyDeletions().confirmClock(caller);
  }

  @Override
  public void enableKeyRotation(Caller caller, EnableKeyRotationRequest request) {
    open().keyRotations().enable(caller, request);
  }

  @Override
  public void disableKeyRotation(Caller caller, KeyRef key) {
    open().keyRotations().disable(caller, key);
  }

  @Override
  public KeyRotationStatus getKeyRotationStatus(Caller caller, KeyRef key) {
    return open().keyRotations().status(caller, key);
  }

  @Override
  public KeyArn rotateKeyOnDemand(Caller caller, KeyRef key, boolean withOverlap) {
    return open().keyRotations().rotate(caller, key, withOverlap);
  }

  @Override
  public Page<KeyRotationEntry> listKeyRotations(
      Caller caller, KeyRef key, boolean withFirst, @Nullable String marker, int limit) {
    return open().keyRotations().list(caller, key, withFirst, marker, limit);
  }

  @Override
  public GetParametersForImportResult getParametersForImport(
      Caller caller, KeyRef key, WrappingAlgorithm algorithm, CmkSpec wrappingKeySpec) {
    return open().keyImports().parameters(caller, key, algorithm, wrappingKeySpec);
  }

  @Override
  public ImportedMaterialResult importKeyMaterial(Caller caller, ImportKeyMaterialRequest request) {
    return open().keyImports().bring(caller, request);
  }

  @Override
  public ImportedMaterialResult deleteImportedKeyMaterial(
      Caller caller, DeleteImportedKeyMaterialRequest request) {
    return open().keyImports().delete(caller, request);
  }

  @Override
  public ImportedMaterialResult restoreImportedKeyMaterial(
      Caller caller, KeyRef key, Optional<String> keyMaterialId) {
    return open().keyImports().restore(caller, key, keyMaterialId);
  }

  @Override
  public String createCustomKeyStore(Caller caller, String name, String cluster) {
    return open().customKeyStores().create(caller, name, cluster);
  }

  @Override
  public List<CustomKeyStoreEntry> describeCustomKeyStores(Caller caller) {
    return open().customKeyStores().describe(caller);
  }

  @Override
  public void connectCustomKeyStore(Caller caller, String id) {
    open().customKeyStores().connect(caller, id);
  }

  @Override
  public void disconnectCustomKeyStore(Caller caller, String id) {
    open().customKeyStores().disconnect(caller, id);
  }

  @Override
  public void updateCustomKeyStore(
      Caller caller, String id, Optional<String> newName, Optional<String> cluster) {
    open().customKeyStores().update(caller, id, newName, cluster);
  }

  @Override
  public void deleteCustomKeyStore(Caller caller, String id) {
    open().customKeyStores().delete(caller, id);
  }

  @Override
  public KeyMetadata replicateKey(Caller caller, ReplicateKeyRequest request) {
    return open().keyReplication().replicate(caller, request);
  }

  @Override
  public void updatePrimaryRegion(Caller caller, KeyRef key, String primaryRegion) {
    open().keyReplication().movePrimary(caller, key, primaryRegion);
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
  public void tagResource(Caller caller, KeyRef key, Map<String, String> tags) {
    open().tagAdministration().tag(caller, key, tags);
  }

  @Override
  public void untagResource(Caller caller, KeyRef key, Collection<String> tagKeys) {
    open().tagAdministration().untag(caller, key, tagKeys);
  }

  @Override
  public Page<Tag> listResourceTags(Caller caller, KeyRef key, @Nullable String marker, int limit) {
    return open().tagAdministration().list(caller, key, marker, limit);
  }

  @Override
  public CreateGrantResult createGrant(Caller caller, CreateGrantRequest request) {
    return open().grantAdministration().create(caller, request);
  }

  @Override
  public Page<GrantListEntry> listGrants(
      Caller caller, KeyRef key, GrantFilter filter, @Nullable String marker, int limit) {
    return open().grantAdministration().list(caller, key, filter, marker, limit);
  }

  @Override
  public Page<GrantListEntry> listRetirableGrants(
      Caller caller, String retiringPrincipal, @Nullable String marker, int limit) {
    return open().grantAdministration().listRetirable(caller, retiringPrincipal, marker, limit);
  }

  @Override
  public void retireGrant(Caller caller, KeyRef key, String grantId) {
    open().grantAdministration().retire(caller, key, grantId);
  }

  @Override
  public void retireGrant(Caller caller, String grantToken) {
    open().grantAdministration().retire(caller, grantToken);
  }

  @Override
  public void revokeGrant(Caller caller, KeyRef key, String grantId) {
    open().grantAdministration().revoke(caller, key, grantId);
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
    return running().envelopes();
  }

  @Override
  public byte[] generateRandom(Caller caller, int bytes) {
    return open().randomness().generate(caller, bytes);
  }

  @Override
  public byte[] generateRandom(Caller caller, int bytes, String customKeyStoreId) {
    return open().randomness().generate(caller, bytes, customKeyStoreId);
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
  public byte[] deriveSharedSecret(
      Caller caller, KeyRef key, KeyAgreementAlgorithm algorithm, byte[] publicKey) {
    return open().sharedSecrets().derive(caller, key, algorithm, publicKey);
  }

  @Override
  public byte[] decapsulate(Caller caller, KeyRef key, byte[] encapsulation) {
    return open().sharedSecrets().decapsulate(caller, key, encapsulation);
  }

  @Override
  public GetPublicKeyResult getPublicKey(Caller caller, KeyRef key) {
    return open().publicKeys().get(caller, key, Optional.empty());
  }

  @Override
  public GetPublicKeyResult getPublicKey(Caller caller, KeyRef key, String keyMaterialId) {
    return open().publicKeys().get(caller, key, Optional.of(keyMaterialId));
  }

  @Override
  public JsonWebKeySet getKeySet(Caller caller, KeyRef key, Optional<SigningAlgorithm> algorithm) {
    return open().publicKeys().getSet(caller, key, algorithm);
  }

  @Override
  public Iam iam() {
    return open().iam();
  }

  @Override
  public Organizations organizations() {
    return open().organizations();
  }

  @Override
  public CloudHsm cloudHsm() {
    return open().cloudHsm();
  }

  @Override
  public Backups backups() {
    return open().backups();
  }

  @Override
  public Sts sts() {
    return open().sts();
  }

  @Override
  public void putKeyCertificateChain(Caller caller, KeyRef key, List<X509Certificate> chain) {
    open().certificateAdministration().put(caller, key, chain);
  }

  @Override
  public List<X509Certificate> getKeyCertificateChain(Caller caller, KeyRef key) {
    return open().certificateAdministration().get(caller, key);
  }

  @Override
  public void deleteKeyCertificateChain(Caller caller, KeyRef key) {
    open().certificateAdministration().delete(caller, key);
  }

  @Override
  public void putTrustedCertificate(Caller caller, String name, X509Certificate certificate) {
    open().trustAdministration().put(caller, name, certificate);
  }

  @Override
  public Map<String, X509Certificate> listTrustedCertificates(Caller caller) {
    return open().trustAdministration().list(caller);
  }

  @Override
  public void deleteTrustedCertificate(Caller caller, String name) {
    open().trustAdministration().delete(caller, name);
  }

  @Override
  public KeyStoreView openKeyStore(Caller caller) {
    return new ReopenedKeyStoreView(this, caller);
  }

  @Override
  public ApprovalRule approvalRule(
      Caller caller, int required, List<ApproverKey> approvers, Set<String> operations) {
    return open().approvalAdministration().rule(caller, required, approvers, operations);
  }

  @Override
  public void putApprovalRule(Caller caller, KeyRef key, ApprovalRule rule) {
    open().approvalAdministration().put(caller, key, rule);
  }

  @Override
  public Optional<ApprovalRule> getApprovalRule(Caller caller, KeyRef key) {
    return open().approvalAdministration().get(caller, key);
  }

  @Override
  public void deleteApprovalRule(Caller caller, KeyRef key) {
    open().approvalAdministration().delete(caller, key);
  }

  @Override
  public void putAccountApprovalRule(Caller caller, ApprovalRule rule) {
    open().approvalAdministration().putOfAccount(caller, rule);
  }

  @Override
  public Optional<ApprovalRule> getAccountApprovalRule(Caller caller) {
    return open().approvalAdministration().getOfAccount(caller);
  }

  @Override
  public void deleteAccountApprovalRule(Caller caller) {
    open().approvalAdministration().deleteOfAccount(caller);
  }

  @Override
  public ApprovalRequest requestAccountApproval(
      Caller caller, ApprovalProposal proposal, Duration validity) {
    return open().approvalRequests().onAccount(caller, proposal, validity);
  }

  @Override
  public ApprovalRequest requestApproval(
      Caller caller, KeyRef key, ApprovalProposal proposal, Duration validity) {
    return open().approvalRequests().onKey(caller, key, proposal, validity);
  }

  @Override
  public ApprovalRequest describeApprovalRequest(Caller caller, UUID request) {
    return open().approving().describe(caller, request);
  }

  @Override
  public ApprovalRequest approve(Caller caller, UUID request) {
    return open().approving().approve(caller, request);
  }

  @Override
  public ApprovalRequest approve(
      Caller caller, UUID request, SigningAlgorithm algorithm, byte[] signature) {
    return open().approving().approve(caller, request, algorithm, signature);
  }

  @Override
  public ExplainResult explain(Caller caller, ExplainRequest request) {
    return open().explanations().explain(caller, request);
  }

  @Override
  public ExplainResult simulateKeyPolicy(Caller caller, String policy, ExplainRequest request) {
    return open().explanations().simulate(caller, policy, request);
  }

  @Override
  public ExplainResult explainRequest(Caller caller, UUID requestId) {
    return open().explanations().explainRequest(caller, requestId);
  }

  @Override
  public List<AuditRecord> lookupEvents(Caller caller, AuditQuery query) {
    return open().auditReading().lookupEvents(caller, query);
  }

  @Override
  public EventFeed followEvents(Caller caller, AuditQuery query) {
    return open().auditReading().followEvents(caller, query);
  }

  @Override
  public GetKeyLastUsageResult getKeyLastUsage(Caller caller, KeyRef key) {
    return open().auditReading().getKeyLastUsage(caller, key);
  }

  @Override
  public UsageReport summarizeUsage(Caller caller, UsageQuery query) {
    return open().auditReading().summarizeUsage(caller, query);
  }

  @Override
  public List<Verification> validateLogs(Caller caller) {
    return open().auditReading().validateLogs(caller);
  }

  @Override
  public ExportResult exportLogs(Caller caller, Path folder) {
    return open().auditReading().exportLogs(caller, folder);
  }

  @Override
  public RecordProof proveEvent(Caller caller, UUID eventId) {
    return open().auditReading().prove(caller, eventId);
  }

  @Override
  public List<PublicKey> listAuditPublicKeys(Caller caller) {
    return open().auditReading().listPublicKeys(caller);
  }

  @Override
  public Health health() {
    return open().healthCheck().run();
  }

  @Override
  public KmsMXBean metrics() {
    return open().metrics();
  }

  @Override
  public Health deepHealth() {
    return open().healthCheck().runDeep();
  }

  @Override
  public Assurance assurance() {
    return assurance;
  }

  @Override
  public void close() {
    Running last;
    synchronized (lifeLock) {
      if (closed) {
        return;
      }
      closed = true;
      last = running;
      running = null;
    }
    try {
      if (last != null) {
        last.parts().close();
      }
    } finally {
      onClose.run();
      RecordSupport.release();
    }
  }
}
