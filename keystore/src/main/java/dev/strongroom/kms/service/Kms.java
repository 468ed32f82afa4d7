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
import dev.strongroom.kms.KmsException;
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
import org.jspecify.annotations.Nullable;

/**
 * The front door: every KMS operation, by AWS's names and with AWS's meaning.
 *
 * <p>Each method authorizes the caller, checks the key's state and records the call before it
 * returns. All of them may throw {@link KmsException}: {@code AccessDenied} (also for a key that
 * does not exist, where the caller has no rights), {@code NotFound}, {@code Disabled}, {@code
 * InvalidState}, {@code InvalidKeyUsage}, {@code Validation} and those of the three dependencies.
 *
 * <p>With any call on a key the caller may present grant tokens: {@link Caller#presenting}. One
 * that is not good for the call refuses it with {@code InvalidGrantToken}.
 *
 * <p>Thread-safe. Arrays given are left intact; arrays inside results belong to the receiver.
 */
public interface Kms extends AutoCloseable {

  /** The most that Encrypt, Sign, Verify, GenerateMac and VerifyMac take, in bytes. */
  int MAX_MESSAGE_BYTES = 4096;

  /** The most that GenerateRandom and GenerateDataKey return, in bytes. */
  int MAX_RANDOM_BYTES = 1024;

  /** Every how many days a key rotates that is not told otherwise; AWS's default. */
  int DEFAULT_ROTATION_DAYS = 365;

  /**
   * Returns the region of all keys, and the account that the settings name. New keys get the
   * account of whoever makes them.
   */
  Place place();

  /**
   * Authenticates an access key.
   *
   * @param secret left intact; the caller zeroes it
   * @throws KmsException.UnrecognizedClient if the pair is not valid; not said why
   */
  Caller authenticate(String accessKeyId, char[] secret);

  /**
   * Authenticates an access key, or that of a session with its session token.
   *
   * @param credentials left intact; the caller closes it
   * @throws KmsException.UnrecognizedClient if they are not valid; not said why
   * @throws KmsException.ExpiredToken if the session is over
   */
  Caller authenticate(Credentials credentials);

  // Keys

  /**
   * Makes a key. With tags the caller needs {@code kms:TagResource} as well, with an alias {@code
   * kms:CreateAlias} on that.
   *
   * @throws KmsException.Tag if a tag of the request cannot be
   */
  KeyMetadata createKey(Caller caller, CreateKeyRequest request);

  /**
   * Makes a key of material that was made elsewhere: CreateKey with the origin EXTERNAL and
   * ImportKeyMaterial in one, recorded as CreateKey. It is sealed at the level SOFTWARE.
   *
   * @param material a secret of exactly the spec's length, or a private key in PKCS#8; zeroed, also
   *     where it is refused
   * @throws KmsException.UnsupportedOperation unless the settings say {@code import=allow}
   * @throws KmsException.Validation if the key is not a sound one of the request's spec
   */
  KeyMetadata importKey(Caller caller, CreateKeyRequest request, byte[] material);

  /**
   * Brings a key into the described state, or makes it, in one transaction: there is the key as it
   * was, or as described. Where it is so already nothing is written. Not in AWS.
   *
   * <p>Each change needs the permission and the approvals of the call that would make it alone, by
   * the policies and the state of before, and is on record as that call. To see what there is, the
   * caller needs {@code kms:DescribeKey}, and {@code kms:GetKeyPolicy}, {@code
   * kms:ListResourceTags} and {@code kms:GetKeyRotationStatus} for what the description says of
   * those. A {@link Caller#dryRun} returns what would change, having tried each change.
   *
   * @throws KmsException.Validation if the key differs in what no key changes: spec, usage, origin,
   *     level, regions
   */
  EnsureKeyResult ensureKey(Caller caller, KeyDescription description);

  KeyMetadata describeKey(Caller caller, KeyRef key);

  /**
   * Returns key ids in order.
   *
   * @param marker where the page before ended; null for the first page
   * @param limit 1 to 1000
   */
  Page<KeyId> listKeys(Caller caller, @Nullable String marker, int limit);

  void updateKeyDescription(Caller caller, KeyRef key, String description);

  /**
   * Lets an RSA key decrypt RSAES-PKCS1-v1_5, or stops it; new keys do not. AWS has no such
   * operation; its action is {@code kms:UpdatePkcs1Decryption}.
   *
   * @throws KmsException.Validation unless it is an RSA key for ENCRYPT_DECRYPT
   */
  void updatePkcs1Decryption(Caller caller, KeyRef key, boolean allowed);

  void enableKey(Caller caller, KeyRef key);

  void disableKey(Caller caller, KeyRef key);

  /**
   * Has a key destroyed after a window in which that can be cancelled, and makes it unusable at
   * once. When the date has come, the next sweep of any process removes its material, aliases,
   * grants, certificates, tags and policy for good: from then on there is no such key. A window
   * counts time that was seen to pass, which a clock set forward does not make pass.
   *
   * @throws KmsException.InvalidState if it is pending deletion already, or was used within the
   *     quiet period that the request demands; says when and by whom
   */
  ScheduleKeyDeletionResult scheduleKeyDeletion(Caller caller, ScheduleKeyDeletionRequest request);

  /** Keeps a key that is pending deletion; it is disabled then. Returns which it is. */
  KeyArn cancelKeyDeletion(Caller caller, KeyRef key);

  /** Returns what would go with a key, and who has used it, from the trail; not in AWS. */
  DeletionImpactResult deletionImpact(Caller caller, KeyRef key);

  /**
   * Says that the clock is right, where it went on by more than was seen to pass: deletions that
   * are due by it then wait no longer. For the account that the KMS was made with; not in AWS.
   *
   * @return the time of the clock
   */
  Instant confirmClock(Caller caller);

  /**
   * Has a key get new material every so many days, by whichever process sees it first. What was
   * encrypted before decrypts as before. Asking for the period that it has changes nothing.
   *
   * @param days 90 to 2560
   * @throws KmsException.UnsupportedOperation unless it is of spec SYMMETRIC_DEFAULT and was made
   *     here
   */
  default void enableKeyRotation(Caller caller, KeyRef key, int days) {
    enableKeyRotation(caller, EnableKeyRotationRequest.of(key, days));
  }

  /**
   * Has a key rotate as the request says, with overlap keys of other specs as well, and by use. Use
   * is counted over all processes: material has at most a sixteenth more than its limit for each of
   * them, and what is under way while the key rotates.
   *
   * @throws KmsException.UnsupportedOperation if such keys do not rotate, with the reason
   */
  void enableKeyRotation(Caller caller, EnableKeyRotationRequest request);

  /** Has a key keep its material; what it had before stays. */
  void disableKeyRotation(Caller caller, KeyRef key);

  /** Returns whether and when a key rotates by itself; not at all while it is pending deletion. */
  KeyRotationStatus getKeyRotationStatus(Caller caller, KeyRef key);

  /**
   * Gives a key new material now, 25 times at most; its schedule stays. Returns which key it is. Of
   * a key with imported material, that which was imported as new and waits becomes current.
   *
   * @throws KmsException.InvalidState if no imported material waits
   * @throws KmsException.LimitExceeded if that was done 25 times
   * @throws KmsException.Conflict if it rotates by itself within 20 minutes
   */
  default KeyArn rotateKeyOnDemand(Caller caller, KeyRef key) {
    return rotateKeyOnDemand(caller, key, false);
  }

  /**
   * Gives a key new material now, as {@link #rotateKeyOnDemand(Caller, KeyRef)}.
   *
   * @param withOverlap whether an HMAC or asymmetric key may be rotated, too, which AWS refuses:
   *     the new material signs, all verify; RSA encrypts with the new, and decrypts with all. Keys
   *     for agreement and encapsulation do not rotate.
   */
  KeyArn rotateKeyOnDemand(Caller caller, KeyRef key, boolean withOverlap);

  /**
   * Returns the generations of a key's material, the oldest first.
   *
   * @param withFirst whether that is shown, too, which no rotation made
   * @param marker where the page before ended; null for the first page
   * @param limit 1 to 1000
   */
  Page<KeyRotationEntry> listKeyRotations(
      Caller caller, KeyRef key, boolean withFirst, @Nullable String marker, int limit);

  /**
   * Makes a key pair under whose public half key material for one key can be wrapped, by callers of
   * this account, for 24 hours. The private half stays in the HSM, where that has such keys.
   *
   * @param key one that was made with the origin EXTERNAL
   * @param wrappingKeySpec {@code RSA_2048}, {@code RSA_3072} or {@code RSA_4096}
   * @throws KmsException.UnsupportedOperation if the material of the key was made here
   */
  GetParametersForImportResult getParametersForImport(
      Caller caller, KeyRef key, WrappingAlgorithm algorithm, CmkSpec wrappingKeySpec);

  /**
   * Brings key material that was made elsewhere. It is unwrapped, checked and sealed at the level
   * SOFTWARE. Where it is the first of a key, the key can be used; further material of a symmetric
   * key waits for {@link #rotateKeyOnDemand}.
   *
   * @throws KmsException.InvalidImportToken if the token is not of that key and account
   * @throws KmsException.ExpiredImportToken if it is older than 24 hours
   * @throws KmsException.InvalidCiphertext if the material was not wrapped as the token says
   * @throws KmsException.Validation if it is not a sound key of the key's spec
   * @throws KmsException.IncorrectKeyMaterial if the key had other material
   */
  ImportedMaterialResult importKeyMaterial(Caller caller, ImportKeyMaterialRequest request);

  /**
   * Makes imported material unusable, and destroys it: at once or after an undo window. Without its
   * current material a key waits for that, and can do nothing until the same is imported again;
   * without older material only what was encrypted with that cannot be decrypted.
   */
  ImportedMaterialResult deleteImportedKeyMaterial(
      Caller caller, DeleteImportedKeyMaterialRequest request);

  /**
   * Makes deleted material usable again that was not yet destroyed; not in AWS.
   *
   * @param keyMaterialId 64 hexadecimal digits; empty for the current material
   * @throws KmsException.InvalidState if it was not deleted, or is gone
   */
  ImportedMaterialResult restoreImportedKeyMaterial(
      Caller caller, KeyRef key, Optional<String> keyMaterialId);

  /**
   * Makes a replica of a primary multi-Region key in another region: the same id and material under
   * that region's domain key, with a policy, description, tags, grants and aliases of its own. The
   * material travels wrapped under a key of that region's HSM. What one of them encrypts, all
   * decrypt. A replica that is there already gets the material that it lacks.
   *
   * <p>Who calls in the other region is told by its settings, and needs {@code kms:CreateKey}
   * there.
   *
   * @throws KmsException.UnsupportedOperation unless it is a primary
   * @throws KmsException.Configuration if the settings do not lead to that region
   * @throws KmsException.AlreadyExists if a key of that id there is no replica of this one
   */
  KeyMetadata replicateKey(Caller caller, ReplicateKeyRequest request);

  /**
   * Makes a replica the primary, and the primary a replica. Where it fails after this region has
   * stepped back, the call is repeated here.
   *
   * @param key the primary
   * @param primaryRegion where it has a replica
   * @throws KmsException.Validation if it has none there
   * @throws KmsException.StoreUnavailable if a region did not hear of it
   */
  void updatePrimaryRegion(Caller caller, KeyRef key, String primaryRegion);

  /** Returns the key policy: JSON in AWS's policy language. */
  String getKeyPolicy(Caller caller, KeyRef key);

  void putKeyPolicy(Caller caller, KeyRef key, String policy);

  // Aliases

  void createAlias(Caller caller, Alias alias, KeyRef target);

  /** Moves an alias to another key of the same type and usage. */
  void updateAlias(Caller caller, Alias alias, KeyRef target);

  void deleteAlias(Caller caller, Alias alias);

  /**
   * Returns aliases in the order of their names.
   *
   * @param key only the aliases of this key; null for all
   * @param marker where the page before ended; null for the first page
   * @param limit 1 to 1000
   */
  Page<AliasListEntry> listAliases(
      Caller caller, @Nullable KeyRef key, @Nullable String marker, int limit);

  // Tags

  /**
   * Puts tags on a key, in the place of those of the same keys. Policies ask about them with {@code
   * aws:ResourceTag/<key>}: whoever may tag a key can change who may use it.
   *
   * @param tags one at least; {@link Tag} says what they can be
   * @throws KmsException.Tag if one of them cannot be
   * @throws KmsException.LimitExceeded if the key would have more than 50
   */
  void tagResource(Caller caller, KeyRef key, Map<String, String> tags);

  /** Takes tags off a key; those that it does not have are passed over. */
  void untagResource(Caller caller, KeyRef key, Collection<String> tagKeys);

  /**
   * Returns the tags of a key in the order of their keys.
   *
   * @param marker where the page before ended; null for the first page
   * @param limit 1 to 1000
   */
  Page<Tag> listResourceTags(Caller caller, KeyRef key, @Nullable String marker, int limit);

  // Grants

  /**
   * Lets a principal use a key: at once in this process, within 100 ms in others, and at once
   * everywhere for who presents the grant token ({@link Caller#presenting}). A request with a name
   * that says what an earlier one said returns that one's grant, and a new token.
   *
   * @throws KmsException.InvalidArn if the grantee or the retiring principal is no principal
   * @throws KmsException.LimitExceeded if the key has 50,000 grants
   */
  CreateGrantResult createGrant(Caller caller, CreateGrantRequest request);

  /**
   * Returns grants of a key in the order of their ids. One that has expired is shown for a day or
   * longer.
   *
   * @param marker where the page before ended; null for the first page
   * @param limit 1 to 1000
   */
  Page<GrantListEntry> listGrants(
      Caller caller, KeyRef key, GrantFilter filter, @Nullable String marker, int limit);

  /** Returns the grants that name this retiring principal, of all keys; pages as listGrants. */
  Page<GrantListEntry> listRetirableGrants(
      Caller caller, String retiringPrincipal, @Nullable String marker, int limit);

  /**
   * Ends a grant that is not needed any more: for its retiring principal, a grantee with
   * RetireGrant, and the account that made it.
   *
   * @throws KmsException.NotFound if there is no such grant
   */
  void retireGrant(Caller caller, KeyRef key, String grantId);

  /**
   * The same, for a grant that is named by its token.
   *
   * @throws KmsException.InvalidGrantToken if the token is not valid, or its grant has ended
   */
  void retireGrant(Caller caller, String grantToken);

  /**
   * Ends a grant, for those whom the key policy lets: who was let in by it is refused from now on.
   *
   * @throws KmsException.NotFound if there is no such grant
   */
  void revokeGrant(Caller caller, KeyRef key, String grantId);

  // Encryption

  /**
   * Encrypts.
   *
   * @param plaintext 1 to 4096 bytes for a symmetric key; RSA takes what its padding leaves room
   *     for
   * @param context must be empty for RSA keys
   */
  EncryptResult encrypt(
      Caller caller,
      KeyRef key,
      EncryptionAlgorithm algorithm,
      byte[] plaintext,
      EncryptionContext context);

  /**
   * Decrypts. RSAES_PKCS1_V1_5 needs {@link #updatePkcs1Decryption}; a ciphertext whose padding is
   * wrong then gives bytes that nobody can foresee, the same each time, and no error.
   *
   * @param key may be null for a symmetric ciphertext, which names its key
   * @throws KmsException.IncorrectKey if {@code key} is given and the ciphertext names another
   * @throws KmsException.InvalidCiphertext for every cryptographic failure
   */
  DecryptResult decrypt(
      Caller caller,
      @Nullable KeyRef key,
      EncryptionAlgorithm algorithm,
      byte[] ciphertext,
      EncryptionContext context);

  /** Decrypts and encrypts again; the plaintext does not leave the KMS. */
  ReEncryptResult reEncrypt(Caller caller, byte[] ciphertext, ReEncryptRequest request);

  /**
   * Makes a data key.
   *
   * @param bytes its length, 1 to 1024; 32 is AES_256, 16 is AES_128
   */
  GenerateDataKeyResult generateDataKey(
      Caller caller, KeyRef key, int bytes, EncryptionContext context);

  /** Makes a data key and returns only its encrypted copy. */
  EncryptResult generateDataKeyWithoutPlaintext(
      Caller caller, KeyRef key, int bytes, EncryptionContext context);

  GenerateDataKeyPairResult generateDataKeyPair(
      Caller caller, KeyRef key, CmkSpec pairSpec, EncryptionContext context);

  /** Makes a key pair; the result's private key is there only in its encrypted form. */
  GenerateDataKeyPairResult generateDataKeyPairWithoutPlaintext(
      Caller caller, KeyRef key, CmkSpec pairSpec, EncryptionContext context);

  /**
   * Returns random bytes from the HSM.
   *
   * @param bytes 1 to 1024
   */
  byte[] generateRandom(Caller caller, int bytes);

  /**
   * Returns random bytes from the token of a custom key store.
   *
   * @param bytes 1 to 1024
   * @throws KmsException.CustomKeyStoreInvalidState if it is not connected
   */
  byte[] generateRandom(Caller caller, int bytes, String customKeyStoreId);

  /**
   * Makes a custom key store: a token that a customer owns, in which keys live and nowhere else. It
   * is not connected yet, and the token is not looked at.
   *
   * @param name unique in the account; 1 to 256 characters
   * @param cluster a PKCS#11 URI (RFC 7512), as of the setting {@code hsm}; where the PIN comes
   *     from is in it, the PIN is not
   * @return its id
   * @throws KmsException.CustomKeyStoreNameInUse if the account has one of that name
   * @throws KmsException.CloudHsmClusterInUse if the token serves something else
   */
  String createCustomKeyStore(Caller caller, String name, String cluster);

  /** Returns the custom key stores of the account; there are 10 at most. */
  List<CustomKeyStoreEntry> describeCustomKeyStores(Caller caller);

  /**
   * Connects a custom key store, here and in every process, until it is disconnected: its keys can
   * be used. What keeps it from that is remembered, too.
   *
   * @throws KmsException.CustomKeyStoreInvalidState if it is connected
   * @throws KmsException.CloudHsmClusterNotFound if there is no such token
   * @throws KmsException.CloudHsmClusterInvalidConfiguration if the token refuses the PIN, lacks
   *     mechanisms or is not safe to use
   * @throws KmsException.CloudHsmClusterNotRelated if it is not the token of earlier connections
   * @throws KmsException.HsmUnavailable if the module or the token does not work
   */
  void connectCustomKeyStore(Caller caller, String id);

  /**
   * Makes the keys of a custom key store unavailable, in every process.
   *
   * @throws KmsException.CustomKeyStoreInvalidState if it is disconnected
   */
  void disconnectCustomKeyStore(Caller caller, String id);

  /**
   * Gives a custom key store another name, or says anew where its token is.
   *
   * @param cluster as of {@link #createCustomKeyStore}; the token must be the same one
   * @throws KmsException.CustomKeyStoreInvalidState if {@code cluster} is given and it is connected
   */
  void updateCustomKeyStore(
      Caller caller, String id, Optional<String> newName, Optional<String> cluster);

  /**
   * Deletes a custom key store; in its token nothing is changed.
   *
   * @throws KmsException.CustomKeyStoreHasCMKs if there are keys in it
   * @throws KmsException.CustomKeyStoreInvalidState if it is connected
   */
  void deleteCustomKeyStore(Caller caller, String id);

  /** Returns envelope encryption of data of any length under the keys of this KMS. */
  Envelopes envelopes();

  // Signatures and MACs

  byte[] sign(Caller caller, KeyRef key, SignRequest request);

  /**
   * Verifies.
   *
   * @throws KmsException.InvalidSignature if the signature does not fit; otherwise returns
   */
  void verify(Caller caller, KeyRef key, SignRequest request, byte[] signature);

  byte[] generateMac(Caller caller, KeyRef key, MacAlgorithm algorithm, byte[] message);

  /**
   * Verifies a MAC.
   *
   * @throws KmsException.InvalidMac if it does not fit; otherwise returns
   */
  void verifyMac(Caller caller, KeyRef key, MacAlgorithm algorithm, byte[] message, byte[] mac);

  /** Returns the public half of an asymmetric key, of a rotated one the newest. */
  GetPublicKeyResult getPublicKey(Caller caller, KeyRef key);

  /**
   * Returns the public half of one generation of an asymmetric key.
   *
   * @param keyMaterialId as ListKeyRotations gives it
   * @throws KmsException.NotFound if the key has no such generation
   */
  GetPublicKeyResult getPublicKey(Caller caller, KeyRef key, String keyMaterialId);

  /**
   * Returns the public halves of all generations of a key that signs, to be published for those who
   * verify: one recorded GetPublicKey. AWS has no such operation.
   *
   * @param algorithm which each key shall name as its {@code alg}; where it is empty, keys that
   *     sign in one way only name that
   * @throws KmsException.InvalidKeyUsage if the key does not sign so, or not at all
   * @throws KmsException.UnsupportedOperation if JOSE has no such keys or no such algorithm
   */
  JsonWebKeySet getKeySet(Caller caller, KeyRef key, Optional<SigningAlgorithm> algorithm);

  // Key agreement

  /**
   * Derives the secret that a key of usage KEY_AGREEMENT shares with the owner of another key.
   *
   * @param publicKey the other's, DER SubjectPublicKeyInfo of up to 8192 bytes, on the same curve
   * @return the raw secret Z, as long as the curve's field: put it through a key derivation
   *     function before using it as a key, and zero it
   * @throws KmsException.Validation if {@code publicKey} is not a valid key of that curve
   */
  byte[] deriveSharedSecret(
      Caller caller, KeyRef key, KeyAgreementAlgorithm algorithm, byte[] publicKey);

  /**
   * Opens a secret that somebody encapsulated with the public half of a key of usage
   * KEY_ENCAPSULATION. Not in AWS.
   *
   * @return 32 bytes, a key already; of an altered encapsulation they are other bytes, not an error
   *     (FIPS 203 §6.3), and what was sent under the secret then does not open
   * @throws KmsException.InvalidCiphertext if {@code encapsulation} has not the length of the spec
   */
  byte[] decapsulate(Caller caller, KeyRef key, byte[] encapsulation);

  // Identities

  /** Returns the administration of users, groups, roles, policies and access keys. */
  Iam iam();

  /** Returns what assumes roles. */
  Sts sts();

  /** Returns the administration of accounts. */
  Organizations organizations();

  /** Returns the administration of the HSM and its domain key. */
  CloudHsm cloudHsm();

  /** Returns what makes backups of all of it, and proves them. */
  Backups backups();

  // KeyStore entries

  /**
   * Puts a certificate chain beside an RSA or EC key, in the place of the one before. AWS has no
   * such operation; its action is {@code kms:PutKeyCertificateChain}.
   *
   * @param chain 1 to 10 X.509 certificates of at most 64 KiB: the key's own first, then each one's
   *     issuer; the last may be a root, or not
   * @throws KmsException.Validation if the first is for another key, or the order is wrong
   */
  void putKeyCertificateChain(Caller caller, KeyRef key, List<X509Certificate> chain);

  /** Returns the certificate chain of a key, its own certificate first; empty without one. */
  List<X509Certificate> getKeyCertificateChain(Caller caller, KeyRef key);

  /** Takes the certificate chain of a key away; the key stays as it is. */
  void deleteKeyCertificateChain(Caller caller, KeyRef key);

  /**
   * Trusts a certificate, in the place of the one of that name: the KeyStores of the account show
   * it, also in other processes within 100 ms. AWS has no such operations; their actions are {@code
   * kms:PutTrustedCertificate} and so on, and whoever has them decides whom all users of these
   * KeyStores trust.
   *
   * @param name 1 to 256 characters that read neither as a key id, an ARN nor as {@code alias/…}
   * @param certificate X.509, at most 64 KiB of DER
   * @throws KmsException.LimitExceeded if the account has 1000
   */
  void putTrustedCertificate(Caller caller, String name, X509Certificate certificate);

  /** Returns the trusted certificates by name. */
  Map<String, X509Certificate> listTrustedCertificates(Caller caller);

  /**
   * Trusts a certificate no more.
   *
   * @throws KmsException.NotFound if there is none of that name
   */
  void deleteTrustedCertificate(Caller caller, String name);

  /**
   * Returns the aliases and keys that the KeyStore shows, as one recorded ListAliases; see {@link
   * KeyStoreView}.
   */
  KeyStoreView openKeyStore(Caller caller);

  // Approvals of several people; AWS has no such operations

  /**
   * Returns a rule that names approvers with the public halves of their keys, for {@link
   * #putApprovalRule}; one recorded GetPublicKey for each KMS key.
   *
   * @param required how many of the approvers have to approve
   * @param operations AWS's names, of {@link ApprovalRule#GUARDED}
   * @throws KmsException.Validation if it could never be met, or a key cannot sign
   */
  ApprovalRule approvalRule(
      Caller caller, int required, List<ApproverKey> approvers, Set<String> operations);

  /**
   * Demands approvals for what is done with a key from now on. In the place of another rule it
   * takes the approvals that that one demands. The keys of the rule are looked up again, as by
   * {@link #approvalRule}, whoever made it.
   *
   * @throws KmsException.Validation if the rule has another key than it says, or in another form
   */
  void putApprovalRule(Caller caller, KeyRef key, ApprovalRule rule);

  Optional<ApprovalRule> getApprovalRule(Caller caller, KeyRef key);

  /** Demands approvals no more; takes those that the rule demands. */
  void deleteApprovalRule(Caller caller, KeyRef key);

  /**
   * Demands approvals from now on for what is done with any key of the caller's account, those that
   * are made later too. A key's own rule holds besides. Putting and removing rules of keys, and
   * this one, takes the approvals that the account's rule demands; nobody is exempt.
   *
   * @throws KmsException.Validation as {@link #putApprovalRule}
   */
  void putAccountApprovalRule(Caller caller, ApprovalRule rule);

  Optional<ApprovalRule> getAccountApprovalRule(Caller caller);

  /** Demands approvals for all keys of the account no more; takes those that the rule demands. */
  void deleteAccountApprovalRule(Caller caller);

  /**
   * Asks for the approvals that a change of the account's rule needs, as {@link #requestApproval}.
   *
   * @throws KmsException.LimitExceeded as {@link #requestApproval}
   */
  ApprovalRequest requestAccountApproval(
      Caller caller, ApprovalProposal proposal, Duration validity);

  /**
   * Asks for the approvals that one call needs. Once there are enough of them, whoever may do it
   * does it, once, by the call itself.
   *
   * @param proposal of {@link ApprovalProposal} or {@link GuardedCalls}
   * @param validity a minute to 30 days
   * @throws KmsException.Validation if the key demands no approvals for that, or the proposal's
   *     document is not what its parameters are a hash of
   * @throws KmsException.LimitExceeded if 50 requests about the key are open, or 1000 about all
   *     keys of the account
   */
  ApprovalRequest requestApproval(
      Caller caller, KeyRef key, ApprovalProposal proposal, Duration validity);

  /**
   * Returns a request, to its approvers and whoever may do that to its key. One that expired unused
   * may be gone.
   */
  ApprovalRequest describeApprovalRequest(Caller caller, UUID request);

  /**
   * Approves with the KMS key that the rule has for the caller: one recorded Sign.
   *
   * @throws KmsException.InvalidState if the request was used or has expired
   */
  ApprovalRequest approve(Caller caller, UUID request);

  /**
   * Approves with a signature of the request's statement that was made elsewhere.
   *
   * @throws KmsException.InvalidSignature if it is not the caller's, of that statement
   * @throws KmsException.InvalidState if the request was used or has expired
   */
  ApprovalRequest approve(
      Caller caller, UUID request, SigningAlgorithm algorithm, byte[] signature);

  // Why calls are let through or refused; AWS has no such operations

  /**
   * Returns whether a call would be let through, and why; for whoever has {@code kms:Explain} on
   * the key, or {@code kms:ExplainInAccount} for operations that are about none.
   *
   * @throws KmsException.NotFound if there is nobody of the name of its caller
   */
  ExplainResult explain(Caller caller, ExplainRequest request);

  /**
   * Returns whether a call would be let through if its key had that policy, and why; for whoever
   * has {@code kms:SimulateKeyPolicy} on the key, which is left as it is. A note says so where
   * PutKeyPolicy would refuse the policy because nobody could change it again.
   *
   * @throws KmsException.MalformedPolicyDocument as PutKeyPolicy does, with line and column
   * @throws KmsException.NotFound if there is nobody of the name of its caller
   */
  ExplainResult simulateKeyPolicy(Caller caller, String policy, ExplainRequest request);

  /**
   * Returns why a call on record was let through or refused, by the policies and grants of now.
   *
   * @param requestId what the refused caller was told, or what a record shows as its request id
   */
  ExplainResult explainRequest(Caller caller, UUID requestId);

  // Operation

  /** Returns the records of the audit trail that the query selects, newest last. */
  List<AuditRecord> lookupEvents(Caller caller, AuditQuery query);

  /**
   * Follows what is recorded from now on, by this process and others; for whoever may look up
   * events.
   *
   * @param query its attributes count
   */
  EventFeed followEvents(Caller caller, AuditQuery query);

  /**
   * Returns the last cryptographic call with the key that succeeded, as far as it is on record:
   * reads the whole trail. Whoever means to delete a key disables it first all the same, and sees
   * whether anybody is refused.
   */
  GetKeyLastUsageResult getKeyLastUsage(Caller caller, KeyRef key);

  /**
   * Sums up who used which key for what, by day, from the trail; not in AWS.
   *
   * @throws KmsException.LimitExceeded if that would be more than {@link
   *     dev.strongroom.kms.audit.usage.UsageTally#MAX_SUMS} sums
   */
  UsageReport summarizeUsage(Caller caller, UsageQuery query);

  /**
   * Verifies the whole audit trail: every stream that there is or should be.
   *
   * @throws KmsException.AuditUnavailable if it cannot be read
   */
  List<Verification> validateLogs(Caller caller);

  /**
   * Exports the records that came since the last export into the same folder, as CloudTrail JSON
   * with signed digest files; {@link dev.strongroom.kms.audit.export.ExportCheck} verifies them.
   *
   * @throws KmsException.Configuration if the folder cannot be used
   * @throws KmsException.AuditUnavailable if the trail cannot be read
   */
  ExportResult exportLogs(Caller caller, Path folder);

  /**
   * Returns the proof that an event is on record, for whoever has the public keys only.
   *
   * @param eventId as {@link dev.strongroom.kms.audit.CloudTrailJson} shows it
   * @throws KmsException.NotFound if there is none, or if no checkpoint covers it yet
   */
  RecordProof proveEvent(Caller caller, UUID eventId);

  /** Returns the P-256 keys that checkpoints of the trail are signed with, the newest first. */
  List<PublicKey> listAuditPublicKeys(Caller caller);

  /** Returns the state of everything that this KMS stands on, for {@code doctor}. */
  Health health();

  /** Returns what this KMS counted since it was opened; JMX shows the same. */
  KmsMXBean metrics();

  /**
   * Returns the same, after holding each row of the store against what the audit trail has of it:
   * what was rolled back, deleted or changed behind this KMS is named. Reads all of both.
   */
  Health deepHealth();

  /** Returns what this way of running protects against; named in the trail as well. */
  Assurance assurance();

  /** Seals the journal, closes sessions and the store, and wipes subkeys. Later calls fail. */
  @Override
  void close();

  /** Where keys are opened, and what therefore is protected (DESIGN: honesty). */
  enum Assurance {
    /** The application, the KMS and the keys share one process. */
    IN_PROCESS_JVM_KEYS,
    /** The application and the KMS share one process; backing keys stay inside an HSM. */
    IN_PROCESS_HSM_KEYS
  }

  /** One page of a list; {@code nextMarker} is empty on the last one. */
  record Page<T>(List<T> items, Optional<String> nextMarker) {
    public Page {
      items = List.copyOf(items);
    }
  }
}
