// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.Place;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Events, keys and settings of the tests. */
final class Events {
  static final Place PLACE = new Place("local", "111122223333");
  static final KeyArn KEY =
      KeyArn.parse("arn:aws:kms:local:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab");
  static final KeyArn OTHER_KEY =
      KeyArn.parse("arn:aws:kms:local:111122223333:key/99999999-12ab-34cd-56ef-1234567890ab");
  static final String MATERIAL = "ab".repeat(32);

  private static final Object ISSUER = new Object();

  static final Caller ALICE = Caller.user(ISSUER, "111122223333", "alice", "AKIAALICE");
  static final Caller ROOT = Caller.root(ISSUER, "111122223333", "AKIAROOT");

  static final StreamKeys KEYS = keys(1);

  private Events() {}

  /** The keys of a KMS whose domain key has the versions 1 to {@code current}. */
  static StreamKeys keys(int current) {
    return new StreamKeys() {
      @Override
      public int currentVersion() {
        return current;
      }

      @Override
      public Optional<byte[]> keyOf(UUID stream, int version) {
        return version < 1 || version > current
            ? Optional.empty()
            : Optional.of(Events.keyOf(stream, version));
      }
    };
  }

  /** A key for each stream, as a KMS would derive it. */
  static byte[] keyOf(UUID stream, int version) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(("test key " + version + " of " + stream).getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** A verifier of streams that are registered nowhere. */
  static AuditVerifier verifier(Path folder) {
    return new AuditVerifier(TrailFolders.of(folder), KEYS, new Register(), TestNotary.INSTANCE);
  }

  static Lookup lookup(Path folder, AuditQuery query) {
    return new Lookup(verifier(folder), query);
  }

  static AuditEvent decrypt() {
    return decrypt(Map.of("tenant", "a"));
  }

  static AuditEvent decrypt(Map<String, String> context) {
    return new AuditEvent(
        "Decrypt",
        true,
        ALICE,
        KEY,
        MATERIAL,
        EncryptionContext.of(context),
        Map.of("encryptionAlgorithm", "SYMMETRIC_DEFAULT"),
        "key policy, statement 1 \"Users\"",
        null,
        null,
        null);
  }

  /** An event that carries a number, to be found again. */
  static AuditEvent numbered(long number) {
    return decrypt(Map.of("number", Long.toString(number)));
  }

  static AuditEvent refused() {
    return new AuditEvent(
        "DescribeKey",
        true,
        ROOT,
        null,
        null,
        EncryptionContext.EMPTY,
        Map.of("keyId", "alias/app"),
        null,
        "AccessDeniedException",
        "User: root is not authorized",
        null);
  }

  static AuditEvent rotation() {
    return new AuditEvent(
        "RotateKey",
        false,
        null,
        OTHER_KEY,
        null,
        EncryptionContext.EMPTY,
        Map.of("rotationType", "AUTOMATIC"),
        null,
        null,
        null,
        null);
  }
}
