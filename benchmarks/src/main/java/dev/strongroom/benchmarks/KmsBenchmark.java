// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.service.CreateKeyRequest;
import dev.strongroom.kms.service.Credentials;
import dev.strongroom.kms.service.DecryptResult;
import dev.strongroom.kms.service.EncryptResult;
import dev.strongroom.kms.service.GenerateDataKeyResult;
import dev.strongroom.kms.service.Kms;
import dev.strongroom.kms.service.KmsConfig;
import dev.strongroom.kms.service.KmsEngines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The KMS operations of the hot path with context, policy and audit on, and beside them what they
 * would cost with no control at all: 32 random bytes and AES-256-GCM on a reused cipher of SunJCE.
 */
@SuppressWarnings("NullAway.Init") // JMH calls what is marked @Setup first
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class KmsBenchmark {
  private static final EncryptionContext CONTEXT = EncryptionContext.of(Map.of("tenant", "a"));
  private static final EncryptionAlgorithm SYMMETRIC = EncryptionAlgorithm.SYMMETRIC_DEFAULT;

  private final byte[] plaintext = new byte[64];
  private Path home;
  private KmsConfig config;
  private Kms kms;
  private Caller caller;
  private KeyId key;
  private byte[] blob;

  @Setup
  public void open() throws IOException {
    home = Files.createTempDirectory("strongroom-benchmark-");
    config = KmsConfig.inHome(home);
    kms = KmsEngines.acquire(config);
    try (Credentials credentials = config.credentials().orElseThrow()) {
      caller = kms.authenticate(credentials.accessKeyId(), credentials.secret());
    }
    key = kms.createKey(caller, CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT)).keyId();
    blob = kms.encrypt(caller, key, SYMMETRIC, plaintext, CONTEXT).ciphertextBlob();
  }

  @TearDown
  public void close() throws IOException {
    KmsEngines.release(config);
    try (Stream<Path> files = Files.walk(home)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    }
  }

  @Benchmark
  public EncryptResult encrypt64() {
    return kms.encrypt(caller, key, SYMMETRIC, plaintext, CONTEXT);
  }

  @Benchmark
  public DecryptResult decrypt64() {
    return kms.decrypt(caller, key, SYMMETRIC, blob, CONTEXT);
  }

  @Benchmark
  public GenerateDataKeyResult generateDataKey() {
    return kms.generateDataKey(caller, key, 32, CONTEXT);
  }

  /** What a program without a KMS does: a reused cipher with a counter as IV. */
  @State(Scope.Thread)
  public static class Bare {
    private final byte[] aad = CONTEXT.toAad();
    private final byte[] plaintext = new byte[64];
    private final byte[] dataKey = new byte[32];
    private final SecretKeySpec key = new SecretKeySpec(new byte[32], "AES");
    private final byte[] iv = new byte[12];
    private SecureRandom random;
    private Cipher cipher;

    @Setup
    public void open() throws GeneralSecurityException {
      random = SecureRandom.getInstance("NativePRNGNonBlocking");
      cipher = Cipher.getInstance("AES/GCM/NoPadding", "SunJCE");
    }

    byte[] seal(byte[] message) throws GeneralSecurityException {
      int at = iv.length - 1;
      while (++iv[at] == 0) {
        at--;
      }
      cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, iv));
      cipher.updateAAD(aad);
      return cipher.doFinal(message);
    }
  }

  @Benchmark
  public byte[] bareEncrypt64(Bare bare) throws GeneralSecurityException {
    return bare.seal(bare.plaintext);
  }

  @Benchmark
  public byte[] bareGenerateDataKey(Bare bare) throws GeneralSecurityException {
    bare.random.nextBytes(bare.dataKey);
    return bare.seal(bare.dataKey);
  }
}
