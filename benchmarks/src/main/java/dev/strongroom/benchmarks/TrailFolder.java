// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.audit.AuditEvent;
import dev.strongroom.kms.audit.Journal;
import dev.strongroom.kms.audit.JournalSettings;
import dev.strongroom.kms.audit.Notary;
import dev.strongroom.kms.audit.RegisteredStream;
import dev.strongroom.kms.audit.StreamEnd;
import dev.strongroom.kms.audit.StreamKeys;
import dev.strongroom.kms.audit.StreamRegister;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** A folder with an audit trail alone: without a store, and with a key in place of an HSM. */
final class TrailFolder {
  private static final String ACCOUNT = "111122223333";
  private static final Caller CALLER = Caller.user(new Object(), ACCOUNT, "alice", "AKIAALICE");
  private static final Notary NOTARY = new SoftwareNotary(pair());

  private TrailFolder() {}

  static Path make() throws IOException {
    return Files.createTempDirectory("strongroom-benchmark-");
  }

  static Journal journal(Path folder) {
    return new Journal(
        JournalSettings.in(folder), new Keys(), new Register(), NOTARY, Clock.systemUTC());
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Returns the ARN of one of many keys. */
  static String key(int number) {
    return "arn:aws:kms:local:%s:key/%08x-12ab-34cd-56ef-1234567890ab".formatted(ACCOUNT, number);
  }

  /** Returns what Decrypt with one of many keys leaves in the trail. */
  static AuditEvent decrypt(int key) {
    return new AuditEvent(
        "Decrypt",
        true,
        CALLER,
        KeyArn.parse(key(key)),
        "ab".repeat(32),
        EncryptionContext.of(Map.of("tenant", "a")),
        Map.of("encryptionAlgorithm", "SYMMETRIC_DEFAULT"),
        "key policy, statement 1 \"Users\"",
        null,
        null,
        null);
  }

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JVM has no P-256", e);
    }
  }

  private record Keys() implements StreamKeys {
    @Override
    public int currentVersion() {
      return 1;
    }

    @Override
    public Optional<byte[]> keyOf(UUID stream, int domainVersion) {
      return Optional.of(new byte[32]);
    }
  }

  /** Knows no stream. */
  private record Register() implements StreamRegister {
    @Override
    public void opened(UUID stream, Instant time) {}

    @Override
    public void closed(UUID stream, Instant time, StreamEnd end) {}

    @Override
    public Optional<RegisteredStream> find(UUID stream) {
      return Optional.empty();
    }

    @Override
    public List<RegisteredStream> all() {
      return List.of();
    }
  }

  private record SoftwareNotary(KeyPair pair) implements Notary {
    @Override
    public String name() {
      return "strongroom/benchmark";
    }

    @Override
    public List<PublicKey> publicKeys() {
      return List.of(pair.getPublic());
    }

    @Override
    public byte[] sign(byte[] hash) {
      try {
        Signature signature = Signature.getInstance("NONEwithECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(hash);
        return signature.sign();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("This JVM cannot sign on P-256", e);
      }
    }

    @Override
    public List<String> facts() {
      return List.of("assurance benchmark");
    }

    @Override
    public void publish(UUID stream, String note) {}

    @Override
    public Optional<String> published(UUID stream) {
      return Optional.empty();
    }
  }
}
