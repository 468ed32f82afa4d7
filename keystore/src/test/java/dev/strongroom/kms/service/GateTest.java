// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.storage.Vandal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GateTest extends GrantScene {
  private static final EncryptionAlgorithm SYMMETRIC = EncryptionAlgorithm.SYMMETRIC_DEFAULT;
  private static final int ALL = 1000;

  @Test
  void deactivatedCallerIsRefusedBeforeAnyKeyIsRead() throws SQLException {
    kms.iam().createUser(root, "gone", null);
    NewAccessKey accessKey = kms.iam().createAccessKey(root, "gone");
    byte[] blob = encrypt(root).ciphertextBlob();
    try (EmbeddedKms other = fixture.secondProcess().get();
        Credentials credentials = fixture.config().credentials().orElseThrow()) {
      Caller otherRoot = other.authenticate(credentials.accessKeyId(), credentials.secret());
      Caller gone = other.authenticate(accessKey.accessKeyId(), accessKey.secret());
      other.iam().updateAccessKey(otherRoot, "gone", accessKey.accessKeyId(), false);
      // Whoever reads the key now finds it altered.
      Vandal.on(storeFile(), "UPDATE cmk SET description = 'x' WHERE key_id = '" + key + "'");

      assertUnrecognized(() -> other.retireGrant(gone, key, "0".repeat(64)));
      assertUnrecognized(
          () -> other.createGrant(gone, request(Operation.ENCRYPT).withName("once")));
      assertUnrecognized(() -> other.reEncrypt(gone, blob, reEncryptTo(key)));
    }
  }

  private Path storeFile() {
    return Path.of(fixture.config().store().replaceFirst("^jdbc:sqlite:", ""));
  }

  private static void assertUnrecognized(Runnable call) {
    assertThrows(KmsException.UnrecognizedClient.class, call::run);
  }

  private static ReEncryptRequest reEncryptTo(KeyId destination) {
    return new ReEncryptRequest(
        Optional.empty(),
        SYMMETRIC,
        EncryptionContext.EMPTY,
        destination,
        SYMMETRIC,
        EncryptionContext.EMPTY);
  }

  @Test
  void refusedReEncryptTakesNoUseOfTheGrantOfItsSource() {
    KeyId forbidden = fixture.symmetricKey();
    KeyId open = fixture.symmetricKey();
    kms.createGrant(
        root, CreateGrantRequest.of(open, batch.arn(), Set.of(Operation.RE_ENCRYPT_TO)));
    grant(request(Operation.RE_ENCRYPT_FROM).withMaxUses(2));
    byte[] blob = encrypt(root).ciphertextBlob();

    for (int i = 0; i < 3; i++) {
      assertThrows(
          KmsException.AccessDenied.class,
          () -> kms.reEncrypt(batch, blob, reEncryptTo(forbidden)));
    }

    assertEquals(0, admittedReEncrypts());
    assertDoesNotThrow(() -> kms.reEncrypt(batch, blob, reEncryptTo(open)));
    assertDoesNotThrow(() -> kms.reEncrypt(batch, blob, reEncryptTo(open)));
    assertThrows(
        KmsException.AccessDenied.class, () -> kms.reEncrypt(batch, blob, reEncryptTo(open)));
  }

  private long admittedReEncrypts() {
    return kms.lookupEvents(root, AuditQuery.newest(ALL)).stream()
        .filter(record -> record.eventName().equals("ReEncrypt"))
        .filter(record -> record.errorCode().isEmpty())
        .count();
  }

  @Test
  void listingAliasesTakesNoUse() {
    kms.iam()
        .putPolicy(
            root,
            IamKind.USER,
            "batch",
            "list",
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                + "\"Action\":\"kms:ListAliases\",\"Resource\":\"*\"}]}");
    grant(request(Operation.DESCRIBE_KEY).withMaxUses(1));

    kms.listAliases(batch, key, null, 10);
    kms.listAliases(batch, key, null, 10);

    assertDoesNotThrow(() -> kms.describeKey(batch, key));
    assertThrows(KmsException.AccessDenied.class, () -> kms.describeKey(batch, key));
  }
}
