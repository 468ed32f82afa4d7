// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.ImportType;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/** A symmetric key whose material is somebody's. */
abstract class ImportScene extends DueScene {
  static final EncryptionAlgorithm ALGORITHM = EncryptionAlgorithm.SYMMETRIC_DEFAULT;
  static final EncryptionContext NONE = EncryptionContext.EMPTY;

  final byte[] material = Materials.of(CmkSpec.SYMMETRIC_DEFAULT);
  final KeyId key;

  ImportScene(Path home) {
    super(home);
    key =
        kms.createKey(
                root, CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT).withOrigin(KeyOrigin.EXTERNAL))
            .keyId();
  }

  /** Brings material to the KMS as it is open now. */
  final String bring(byte[] bytes, UnaryOperator<ImportKeyMaterialRequest> more) {
    return new Importer(kms, root).bring(key, bytes, more);
  }

  final String bring(byte[] bytes) {
    return bring(bytes, request -> request);
  }

  final String bringNew(byte[] bytes) {
    return bring(bytes, request -> request.withType(ImportType.NEW_KEY_MATERIAL));
  }

  final DeleteImportedKeyMaterialRequest deletion() {
    return DeleteImportedKeyMaterialRequest.of(key);
  }

  final byte[] encrypt() {
    return kms.encrypt(root, key, ALGORITHM, new byte[] {7}, NONE).ciphertextBlob();
  }

  final String openedBy(byte[] blob) {
    return kms.decrypt(root, null, ALGORITHM, blob, NONE).keyMaterialId();
  }

  final KeyState state() {
    return kms.describeKey(root, key).state();
  }

  final List<KeyRotationEntry> materials() {
    return kms.listKeyRotations(root, key, true, null, 100).items();
  }

  final List<AuditRecord> events(String name) {
    return kms.lookupEvents(
        root,
        AuditQuery.newest(100)
            .with(new AuditQuery.Attribute(AuditQuery.AttributeKey.EVENT_NAME, name)));
  }
}
