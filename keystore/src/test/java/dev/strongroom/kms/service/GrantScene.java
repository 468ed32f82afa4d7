// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A KMS with a key and somebody called batch, who has no rights but by grants. */
abstract class GrantScene {
  static final EncryptionContext TENANT_A = EncryptionContext.of(Map.of("tenant", "a"));
  static final EncryptionContext TENANT_B = EncryptionContext.of(Map.of("tenant", "b"));

  KmsFixture fixture;
  Kms kms;
  Caller root;
  Caller batch;
  KeyId key;

  @BeforeEach
  void open(@TempDir Path home) {
    fixture = KmsFixture.in(home);
    kms = fixture.kms();
    root = fixture.root();
    batch = fixture.user("batch");
    key = fixture.symmetricKey();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  CreateGrantRequest request(Operation... operations) {
    return CreateGrantRequest.of(key, batch.arn(), Set.of(operations));
  }

  String grant(CreateGrantRequest request) {
    return kms.createGrant(root, request).grantId();
  }

  EncryptResult encrypt(Kms at, Caller caller, EncryptionContext context) {
    return at.encrypt(
        caller, key, EncryptionAlgorithm.SYMMETRIC_DEFAULT, new byte[] {1, 2}, context);
  }

  EncryptResult encrypt(Caller caller) {
    return encrypt(kms, caller, EncryptionContext.EMPTY);
  }

  void assertDenied(Caller caller) {
    assertThrows(KmsException.AccessDenied.class, () -> encrypt(caller));
  }

  List<GrantListEntry> list() {
    return kms.listGrants(root, key, GrantFilter.ALL, null, 1000).items();
  }

  /**
   * Returns when the caller is refused, which a grant that ended may take a moment to bring about.
   */
  void awaitDenied(Kms at, Caller caller) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < 10_000_000_000L) {
      try {
        encrypt(at, caller, EncryptionContext.EMPTY);
      } catch (KmsException.AccessDenied e) {
        return;
      }
      LockSupport.parkNanos(1_000_000);
    }
    throw new AssertionError("The grant that ended still lets in");
  }
}
