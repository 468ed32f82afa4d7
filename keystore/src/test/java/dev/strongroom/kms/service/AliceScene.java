// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyId;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A KMS with a key that the account root made, and the user alice, whom no policy names. */
abstract class AliceScene {
  static final String ALICE = "arn:aws:iam::000000000000:user/alice";

  KmsFixture fixture;
  Kms kms;
  Iam iam;
  Caller root;
  Caller alice;
  KeyId key;

  @BeforeEach
  void open(@TempDir Path home) {
    fixture = KmsFixture.in(home);
    kms = fixture.kms();
    iam = kms.iam();
    root = fixture.root();
    alice = fixture.user("alice");
    key = fixture.symmetricKey();
  }

  @AfterEach
  void close() {
    fixture.close();
  }
}
