// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GrantTokensTest extends GrantScene {
  @Test
  void grantIsRetiredByItsToken() {
    CreateGrantResult made = kms.createGrant(root, request(Operation.ENCRYPT));

    kms.retireGrant(root, made.grantToken());

    assertDenied(batch);
    assertThrows(
        KmsException.InvalidGrantToken.class, () -> kms.retireGrant(root, made.grantToken()));
  }

  @Test
  void tokenIsTakenByItsKeyOnly() {
    CreateGrantResult made = kms.createGrant(root, request(Operation.ENCRYPT));
    KeyId other = fixture.symmetricKey();
    String otherToken =
        kms.createGrant(root, CreateGrantRequest.of(other, batch.arn(), Set.of(Operation.ENCRYPT)))
            .grantToken();

    assertDoesNotThrow(() -> encrypt(batch.presenting(List.of(made.grantToken()))));
    assertInvalid(otherToken);
    assertInvalid("");
    assertInvalid("%%%");
    assertInvalid("A".repeat(8192));
  }

  private void assertInvalid(String token) {
    assertThrows(
        KmsException.InvalidGrantToken.class, () -> encrypt(batch.presenting(List.of(token))));
  }

  @Test
  void tokenWithAnyBitChangedIsRefused() {
    byte[] token =
        Base64.getDecoder().decode(kms.createGrant(root, request(Operation.ENCRYPT)).grantToken());

    for (int bit = 0; bit < 8 * token.length; bit++) {
      byte[] changed = token.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertInvalid(Base64.getEncoder().encodeToString(changed));
    }
  }

  @Test
  void tokenOfAnEndedGrantIsRefused() {
    CreateGrantResult revoked = kms.createGrant(root, request(Operation.ENCRYPT));
    CreateGrantResult expired =
        kms.createGrant(
            root,
            request(Operation.ENCRYPT)
                .withExpirationDate(Instant.now().plus(Duration.ofSeconds(3))));
    kms.revokeGrant(root, key, revoked.grantId());
    awaitDenied(kms, batch);

    assertInvalid(revoked.grantToken());
    assertInvalid(expired.grantToken());
  }

  @Test
  void tokensTellNothingAboutOtherKeys() {
    String token = kms.createGrant(root, request(Operation.ENCRYPT)).grantToken();
    KeyId existing = fixture.symmetricKey();
    KeyId unknown = KeyId.parse("00000000-0000-4000-8000-000000000000");
    Caller presenting = batch.presenting(List.of(token));

    String atExisting =
        assertThrows(
                KmsException.InvalidGrantToken.class, () -> kms.describeKey(presenting, existing))
            .getMessage();
    String atUnknown =
        assertThrows(
                KmsException.InvalidGrantToken.class, () -> kms.describeKey(presenting, unknown))
            .getMessage();

    assertEquals(atExisting, atUnknown);
  }

  @Test
  void reEncryptTakesTokensOfBothKeys() {
    KeyId other = fixture.symmetricKey();
    byte[] blob = encrypt(root).ciphertextBlob();
    String from = kms.createGrant(root, request(Operation.RE_ENCRYPT_FROM)).grantToken();
    String to =
        kms.createGrant(
                root, CreateGrantRequest.of(other, batch.arn(), Set.of(Operation.RE_ENCRYPT_TO)))
            .grantToken();
    ReEncryptRequest request =
        new ReEncryptRequest(
            Optional.empty(),
            EncryptionAlgorithm.SYMMETRIC_DEFAULT,
            EncryptionContext.EMPTY,
            other,
            EncryptionAlgorithm.SYMMETRIC_DEFAULT,
            EncryptionContext.EMPTY);

    ReEncryptResult result = kms.reEncrypt(batch.presenting(List.of(to, from)), blob, request);

    assertArrayEquals(
        new byte[] {1, 2},
        kms.decrypt(
                root,
                other,
                EncryptionAlgorithm.SYMMETRIC_DEFAULT,
                result.ciphertextBlob(),
                EncryptionContext.EMPTY)
            .plaintext());
  }

  @Test
  void tokenMakesAnotherProcessLookAtOnce() {
    try (EmbeddedKms other = fixture.secondProcess().get();
        Credentials credentials = fixture.config().credentials().orElseThrow()) {
      Caller otherRoot = other.authenticate(credentials.accessKeyId(), credentials.secret());
      NewAccessKey accessKey = other.iam().createAccessKey(otherRoot, "batch");
      Caller otherBatch = other.authenticate(accessKey.accessKeyId(), accessKey.secret());
      for (int i = 0; i < 20; i++) {
        assertThrows(
            KmsException.AccessDenied.class,
            () -> encrypt(other, otherBatch, EncryptionContext.EMPTY));
        CreateGrantResult made = kms.createGrant(root, request(Operation.ENCRYPT));

        assertDoesNotThrow(
            () ->
                encrypt(
                    other,
                    otherBatch.presenting(List.of(made.grantToken())),
                    EncryptionContext.EMPTY));
        kms.revokeGrant(root, key, made.grantId());
        other.listGrants(otherRoot, key, GrantFilter.ALL, null, 10);
        awaitDenied(other, otherBatch);
      }
    }
  }
}
