// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyId;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Supplier;

/** A KMS in a folder with its root caller, and small ways to make keys and users. */
final class KmsFixture implements AutoCloseable {
  private final KmsConfig config;
  private final Kms kms;
  private final Caller root;
  private final Runnable onClose;

  private KmsFixture(KmsConfig config, Kms kms, Runnable onClose) {
    this.config = config;
    this.kms = kms;
    this.onClose = onClose;
    try (Credentials credentials = config.credentials().orElseThrow()) {
      this.root = kms.authenticate(credentials.accessKeyId(), credentials.secret());
    }
  }

  static KmsFixture in(Path home) {
    KmsConfig config = KmsConfig.inHome(home);
    return new KmsFixture(config, KmsEngines.acquire(config), () -> KmsEngines.release(config));
  }

  /** Returns a KMS with a clock of its own. */
  static KmsFixture in(Path home, Clock clock) {
    KmsConfig config = KmsConfig.inHome(home);
    EmbeddedKms kms = KmsAssembly.open(config, clock, () -> {});
    return new KmsFixture(config, kms, kms::close);
  }

  Kms kms() {
    return kms;
  }

  Caller root() {
    return root;
  }

  KmsConfig config() {
    return config;
  }

  KeyId symmetricKey() {
    return key(CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT));
  }

  KeyId key(CreateKeyRequest request) {
    return kms.createKey(root, request).keyId();
  }

  /** Returns a caller that no policy names. */
  Caller user(String name) {
    kms.iam().createUser(root, name, null);
    NewAccessKey key = kms.iam().createAccessKey(root, name);
    return kms.authenticate(key.accessKeyId(), key.secret());
  }

  /** Returns what another process would get: a KMS with its own connections and caches. */
  Supplier<EmbeddedKms> secondProcess() {
    return () -> KmsAssembly.open(config, () -> {});
  }

  @Override
  public void close() {
    onClose.run();
  }
}
