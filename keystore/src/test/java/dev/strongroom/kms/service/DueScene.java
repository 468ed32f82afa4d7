// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyId;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

/** A KMS for which days pass: it is closed, and opened again the next day. */
abstract class DueScene {
  private static final Duration NIGHT = Duration.ofHours(20);

  final MovingTime time = new MovingTime();
  final KmsConfig config;
  EmbeddedKms kms;
  Caller root;

  DueScene(Path home) {
    config = KmsConfig.inHome(home);
    kms = open();
    root = rootOf(kms);
  }

  @AfterEach
  void close() {
    kms.close();
  }

  /** Returns what another process would get, with the same clock. */
  final EmbeddedKms open() {
    return KmsAssembly.open(config, time, () -> {});
  }

  final Caller rootOf(Kms of) {
    try (Credentials credentials = config.credentials().orElseThrow()) {
      return of.authenticate(credentials.accessKeyId(), credentials.secret());
    }
  }

  final void restart() {
    kms.close();
    kms = open();
    root = rootOf(kms);
  }

  /** Lets days pass as they do where a KMS is used every day; it sweeps at each start. */
  final void pass(Duration days) {
    Duration left = days;
    while (!left.isZero()) {
      Duration step = left.compareTo(NIGHT) < 0 ? left : NIGHT;
      left = left.minus(step);
      time.pass(step);
      restart();
    }
  }

  final KeyId key(CmkSpec spec) {
    return kms.createKey(root, CreateKeyRequest.of(spec)).keyId();
  }

  final void schedule(KeyId key) {
    kms.scheduleKeyDeletion(root, ScheduleKeyDeletionRequest.of(key).withPendingWindow(7));
  }
}
