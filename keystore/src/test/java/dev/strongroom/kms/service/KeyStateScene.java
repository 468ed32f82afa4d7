// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.ImportType;
import dev.strongroom.kms.KeyAgreementAlgorithm;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.MacAlgorithm;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.WrappingAlgorithm;
import dev.strongroom.kms.approval.ApprovalProposal;
import dev.strongroom.kms.approval.ApprovalRequest;
import dev.strongroom.kms.approval.ApprovalRule;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.function.Executable;

/** What each operation needs before its key gets into some state, and then the call itself. */
final class KeyStateScene {
  private static final EncryptionAlgorithm ALGORITHM = EncryptionAlgorithm.SYMMETRIC_DEFAULT;
  private static final EncryptionContext NONE = EncryptionContext.EMPTY;
  private static final SigningAlgorithm SIGNING = SigningAlgorithm.ECDSA_SHA_256;
  private static final byte[] TEXT = {1, 2, 3};
  private static final int ML_KEM_512_BYTES = 768;

  private final Kms kms;
  private Caller root;
  private final Caller alice;
  private final KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();

  /** Another symmetric key, which stays enabled. */
  private final KeyId other;

  KeyStateScene(KmsFixture fixture) throws GeneralSecurityException {
    this.kms = fixture.kms();
    this.root = fixture.root();
    this.alice = fixture.user("alice");
    this.other = fixture.symmetricKey();
  }

  /** Has the calls tried from now on, and not made; or made again. */
  void dryRun(boolean only) {
    root = only ? root.dryRun() : root.inEarnest();
  }

  /** Does what must be done while the key is enabled, and returns the call. */
  Executable prepare(String operation, KeyId key) throws GeneralSecurityException {
    return switch (operation) {
      case "CreateAlias", "DeleteAlias", "ListAliases", "UpdateAlias", "UpdateAlias/from" ->
          aliases(operation, key);
      case "CreateGrant", "ListGrants", "RetireGrant", "RevokeGrant" -> grants(operation, key);
      case "TagResource", "UntagResource", "ListResourceTags" -> tags(operation, key);
      case "PutApprovalRule", "GetApprovalRule", "DeleteApprovalRule" -> rules(operation, key);
      case "RequestApproval", "DescribeApprovalRequest", "ApproveRequest" ->
          approvals(operation, key);
      case "Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo" -> encryption(operation, key);
      case "GetParametersForImport",
          "ImportKeyMaterial",
          "DeleteImportedKeyMaterial",
          "RestoreImportedKeyMaterial" ->
          imports(operation, key);
      case "GenerateMac", "VerifyMac", "Sign", "Verify", "GetPublicKey" -> signing(operation, key);
      default -> others(operation, key);
    };
  }

  private Executable others(String operation, KeyId key) throws GeneralSecurityException {
    return switch (operation) {
      case "GenerateDataKey" -> () -> kms.generateDataKey(root, key, 32, NONE);
      case "GenerateDataKeyWithoutPlaintext" ->
          () -> kms.generateDataKeyWithoutPlaintext(root, key, 32, NONE);
      case "GenerateDataKeyPair" ->
          () -> kms.generateDataKeyPair(root, key, CmkSpec.ECC_NIST_P256, NONE);
      case "GenerateDataKeyPairWithoutPlaintext" ->
          () -> kms.generateDataKeyPairWithoutPlaintext(root, key, CmkSpec.ECC_NIST_P256, NONE);
      case "DeriveSharedSecret" -> {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        byte[] peer = generator.generateKeyPair().getPublic().getEncoded();
        yield () -> kms.deriveSharedSecret(root, key, KeyAgreementAlgorithm.ECDH, peer);
      }
      case "Decapsulate" -> () -> kms.decapsulate(root, key, new byte[ML_KEM_512_BYTES]);
      default -> administration(operation, key);
    };
  }

  private Executable administration(String operation, KeyId key) {
    return switch (operation) {
      case "ReplicateKey" ->
          () -> kms.replicateKey(root, ReplicateKeyRequest.of(key, TwoRegions.THERE));
      case "UpdatePrimaryRegion" -> () -> moveToNoReplica(key);
      case "DescribeKey" -> () -> kms.describeKey(root, key);
      case "UpdateKeyDescription" -> () -> kms.updateKeyDescription(root, key, "new");
      case "EnableKey" -> () -> kms.enableKey(root, key);
      case "DisableKey" -> () -> kms.disableKey(root, key);
      case "ScheduleKeyDeletion" ->
          () -> kms.scheduleKeyDeletion(root, ScheduleKeyDeletionRequest.of(key));
      case "EnableKeyRotation" -> () -> kms.enableKeyRotation(root, key, 365);
      case "DisableKeyRotation" -> () -> kms.disableKeyRotation(root, key);
      case "RotateKeyOnDemand" -> () -> kms.rotateKeyOnDemand(root, key);
      case "GetKeyRotationStatus" -> () -> kms.getKeyRotationStatus(root, key);
      case "ListKeyRotations" -> () -> kms.listKeyRotations(root, key, true, null, 10);
      case "CancelKeyDeletion" -> () -> kms.cancelKeyDeletion(root, key);
      case "DeletionImpact" -> () -> kms.deletionImpact(root, key);
      case "GetKeyLastUsage" -> () -> kms.getKeyLastUsage(root, key);
      case "GetKeyPolicy" -> () -> kms.getKeyPolicy(root, key);
      case "PutKeyPolicy" -> {
        String policy = kms.getKeyPolicy(root, key);
        yield () -> kms.putKeyPolicy(root, key, policy);
      }
      case "UpdatePkcs1Decryption" -> () -> kms.updatePkcs1Decryption(root, key, true);
      case "GetKeyCertificateChain" -> () -> kms.getKeyCertificateChain(root, key);
      case "DeleteKeyCertificateChain" -> () -> kms.deleteKeyCertificateChain(root, key);
      case "PutKeyCertificateChain" -> () -> putNoCertificate(key);
      case "Explain" ->
          () -> kms.explain(root, ExplainRequest.of(root.arn(), Operation.ENCRYPT, key));
      case "SimulateKeyPolicy" ->
          () ->
              kms.simulateKeyPolicy(
                  root,
                  kms.getKeyPolicy(root, key),
                  ExplainRequest.of(root.arn(), Operation.ENCRYPT, key));
      default -> throw new AssertionError("How is " + operation + " called?");
    };
  }

  /** Fails for the missing certificate where the state does not keep it from being looked at. */
  private void putNoCertificate(KeyId key) {
    KmsException e =
        assertThrows(KmsException.class, () -> kms.putKeyCertificateChain(root, key, List.of()));
    if (!(e instanceof KmsException.Validation)) {
      throw e;
    }
  }

  /** Likewise for the missing replica: with one the key could not be pending deletion. */
  private void moveToNoReplica(KeyId key) {
    KmsException e =
        assertThrows(
            KmsException.class, () -> kms.updatePrimaryRegion(root, key, TwoRegions.THERE));
    if (!(e instanceof KmsException.Validation)) {
      throw e;
    }
  }

  private Executable aliases(String operation, KeyId key) {
    Alias alias = new Alias("alias/" + UUID.randomUUID());
    switch (operation) {
      case "UpdateAlias" -> kms.createAlias(root, alias, other);
      case "CreateAlias" -> {}
      default -> kms.createAlias(root, alias, key);
    }
    return switch (operation) {
      case "CreateAlias" -> () -> kms.createAlias(root, alias, key);
      case "DeleteAlias" -> () -> kms.deleteAlias(root, alias);
      case "ListAliases" -> () -> kms.listAliases(root, key, null, 10);
      case "UpdateAlias" -> () -> kms.updateAlias(root, alias, key);
      default -> () -> kms.updateAlias(root, alias, other);
    };
  }

  private Executable grants(String operation, KeyId key) {
    CreateGrantRequest request = CreateGrantRequest.of(key, alice.arn(), Set.of(Operation.DECRYPT));
    String grant = kms.createGrant(root, request).grantId();
    return switch (operation) {
      case "CreateGrant" -> () -> kms.createGrant(root, request);
      case "ListGrants" -> () -> kms.listGrants(root, key, GrantFilter.ALL, null, 10);
      case "RetireGrant" -> () -> kms.retireGrant(root, key, grant);
      default -> () -> kms.revokeGrant(root, key, grant);
    };
  }

  private Executable tags(String operation, KeyId key) {
    kms.tagResource(root, key, Map.of("team", "blue"));
    return switch (operation) {
      case "TagResource" -> () -> kms.tagResource(root, key, Map.of("team", "red"));
      case "UntagResource" -> () -> kms.untagResource(root, key, List.of("team"));
      default -> () -> kms.listResourceTags(root, key, null, 10);
    };
  }

  private ApprovalRule rule() {
    return kms.approvalRule(
        root, 1, List.of(ApproverScene.elsewhere(alice, pair)), Set.of("PutKeyPolicy"));
  }

  private Executable rules(String operation, KeyId key) throws GeneralSecurityException {
    ApprovalRule rule = rule();
    switch (operation) {
      case "PutApprovalRule" -> {
        return () -> kms.putApprovalRule(root, key, rule);
      }
      case "GetApprovalRule" -> {
        return () -> kms.getApprovalRule(root, key);
      }
      default -> {
        kms.putApprovalRule(root, key, rule);
        approve(request(key, ApprovalProposal.deleteApprovalRule()));
        return () -> kms.deleteApprovalRule(root, key);
      }
    }
  }

  private ApprovalRequest request(KeyId key, ApprovalProposal proposal) {
    return kms.requestApproval(root, key, proposal, Duration.ofHours(1));
  }

  private void approve(ApprovalRequest request) throws GeneralSecurityException {
    kms.approve(
        alice,
        request.id(),
        SigningAlgorithm.ED25519_SHA_512,
        ApproverScene.signature(pair, request));
  }

  private Executable approvals(String operation, KeyId key) {
    kms.putApprovalRule(root, key, rule());
    ApprovalRequest request = request(key, ApprovalProposal.deleteApprovalRule());
    return switch (operation) {
      case "RequestApproval" -> () -> request(key, ApprovalProposal.deleteApprovalRule());
      case "DescribeApprovalRequest" -> () -> kms.describeApprovalRequest(alice, request.id());
      default -> () -> approve(request);
    };
  }

  /** What is restored waits for a rotation, so that the key can be in any state meanwhile. */
  private Executable imports(String operation, KeyId key) {
    DeleteImportedKeyMaterialRequest deletion = DeleteImportedKeyMaterialRequest.of(key);
    switch (operation) {
      case "GetParametersForImport" -> {
        return () ->
            kms.getParametersForImport(
                root, key, WrappingAlgorithm.RSAES_OAEP_SHA_256, CmkSpec.RSA_2048);
      }
      case "ImportKeyMaterial" -> {
        byte[] material = Materials.of(CmkSpec.SYMMETRIC_DEFAULT);
        ImportKeyMaterialRequest request =
            new Importer(kms, root).request(key, material).withType(ImportType.NEW_KEY_MATERIAL);
        return () -> kms.importKeyMaterial(root, request);
      }
      case "DeleteImportedKeyMaterial" -> {
        return () -> kms.deleteImportedKeyMaterial(root, deletion);
      }
      default -> {
        String waiting =
            new Importer(kms, root)
                .bring(
                    key,
                    Materials.of(CmkSpec.SYMMETRIC_DEFAULT),
                    request -> request.withType(ImportType.NEW_KEY_MATERIAL));
        kms.deleteImportedKeyMaterial(root, deletion.withKeyMaterialId(waiting).withUndoWindow(7));
        return () -> kms.restoreImportedKeyMaterial(root, key, Optional.of(waiting));
      }
    }
  }

  private byte[] encrypt(KeyId key) {
    return kms.encrypt(root, key, ALGORITHM, TEXT, NONE).ciphertextBlob();
  }

  private Executable encryption(String operation, KeyId key) {
    byte[] blob = encrypt(key);
    byte[] blobOfOther = encrypt(other);
    return switch (operation) {
      case "Encrypt" -> () -> encrypt(key);
      case "Decrypt" -> () -> kms.decrypt(root, null, ALGORITHM, blob, NONE);
      case "ReEncryptFrom" -> () -> kms.reEncrypt(root, blob, to(other));
      default -> () -> kms.reEncrypt(root, blobOfOther, to(key));
    };
  }

  private static ReEncryptRequest to(KeyId key) {
    return new ReEncryptRequest(Optional.empty(), ALGORITHM, NONE, key, ALGORITHM, NONE);
  }

  private Executable signing(String operation, KeyId key) {
    SignRequest request = SignRequest.raw(SIGNING, TEXT);
    MacAlgorithm mac = MacAlgorithm.HMAC_SHA_256;
    switch (operation) {
      case "Sign" -> {
        return () -> kms.sign(root, key, request);
      }
      case "Verify" -> {
        byte[] signature = kms.sign(root, key, request);
        return () -> kms.verify(root, key, request, signature);
      }
      case "GenerateMac" -> {
        return () -> kms.generateMac(root, key, mac, TEXT);
      }
      case "VerifyMac" -> {
        byte[] made = kms.generateMac(root, key, mac, TEXT);
        return () -> kms.verifyMac(root, key, mac, TEXT, made);
      }
      default -> {
        return () -> kms.getPublicKey(root, key);
      }
    }
  }
}
