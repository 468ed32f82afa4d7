// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.service.CreateGrantRequest;
import dev.strongroom.kms.service.CreateKeyRequest;
import dev.strongroom.kms.service.Credentials;
import dev.strongroom.kms.service.EncryptResult;
import dev.strongroom.kms.service.Kms;
import dev.strongroom.kms.service.KmsConfig;
import dev.strongroom.kms.service.KmsEngines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The first call on a key after a KMS was opened, which loads the key from the store with all of
 * its grants and authenticates each: with 50,000 of them, and with none. The first runs are those
 * of a JVM that has just started. Making the grants takes minutes.
 */
@SuppressWarnings("NullAway.Init") // JMH calls what is marked @Setup first
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5)
@Measurement(iterations = 10)
@Fork(1)
public class GrantBenchmark {
  private static final int GRANTS = 50_000;
  private static final EncryptionContext CONTEXT = EncryptionContext.of(Map.of("tenant", "a"));

  private Path home;
  private KmsConfig config;
  private Kms kms;
  private Caller caller;
  private KeyId key;
  private KeyId other;

  @Setup(Level.Trial)
  public void makeGrants() throws IOException {
    home = Files.createTempDirectory("strongroom-benchmark-");
    config = KmsConfig.inHome(home);
    open();
    key = kms.createKey(caller, CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT)).keyId();
    other = kms.createKey(caller, CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT)).keyId();
    CreateGrantRequest grant =
        CreateGrantRequest.of(key, caller.arn(), Set.of(Operation.DECRYPT, Operation.ENCRYPT));
    for (int i = 0; i < GRANTS; i++) {
      kms.createGrant(caller, grant);
    }
    KmsEngines.release(config);
  }

  @Setup(Level.Invocation)
  public void open() {
    kms = KmsEngines.acquire(config);
    try (Credentials credentials = config.credentials().orElseThrow()) {
      caller = kms.authenticate(credentials.accessKeyId(), credentials.secret());
    }
  }

  @TearDown(Level.Invocation)
  public void close() {
    KmsEngines.release(config);
  }

  @TearDown(Level.Trial)
  public void delete() throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    }
  }

  @Benchmark
  public EncryptResult firstCallOnAKeyWithFiftyThousandGrants() {
    return kms.encrypt(caller, key, EncryptionAlgorithm.SYMMETRIC_DEFAULT, new byte[64], CONTEXT);
  }

  @Benchmark
  public EncryptResult firstCallOnAKeyWithoutGrants() {
    return kms.encrypt(caller, other, EncryptionAlgorithm.SYMMETRIC_DEFAULT, new byte[64], CONTEXT);
  }
}
