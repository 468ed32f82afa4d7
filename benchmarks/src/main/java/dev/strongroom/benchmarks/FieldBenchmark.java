// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import dev.strongroom.field.FieldEncryptor;
import dev.strongroom.field.FieldLimits;
import dev.strongroom.jca.StrongroomProvider;
import dev.strongroom.keystore.KmsSecretKey;
import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.service.CreateKeyRequest;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
 * Fields of 64 bytes: with a data key at hand, and with one that is made or decrypted for each
 * message, which is a KMS call.
 */
@SuppressWarnings("NullAway.Init") // JMH calls what is marked @Setup first
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class FieldBenchmark {
  private static final Map<String, String> CONTEXT = Map.of("tenant", "a");

  private final byte[] value = new byte[64];
  private StrongroomProvider provider;
  private FieldEncryptor warm;
  private FieldEncryptor cold;
  private byte[] message;
  private byte[][] messages;
  private int next;

  @Setup
  public void open() {
    provider = StrongroomProvider.temporary();
    provider
        .kms()
        .createKey(
            provider.caller(),
            CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT).withAlias(new Alias("alias/app")));
    KmsSecretKey cmk = (KmsSecretKey) provider.key("app");
    warm = FieldEncryptor.of(cmk).within(CONTEXT);
    cold = FieldEncryptor.of(cmk, FieldLimits.DEFAULT.withMaxMessages(1).withMaxKeys(1));
    message = warm.encrypt(value);
    messages = new byte[][] {cold.encrypt(value), cold.encrypt(value)};
  }

  @TearDown
  public void close() {
    warm.close();
    cold.close();
    provider.close();
  }

  @Benchmark
  public byte[] encrypt64() {
    return warm.encrypt(value);
  }

  @Benchmark
  public byte[] decrypt64() {
    return warm.decrypt(message);
  }

  @Benchmark
  public byte[] encrypt64Cold() {
    return cold.encrypt(value);
  }

  /** Two messages in turn push each other's data key out of a cache of one. */
  @Benchmark
  public byte[] decrypt64Cold() {
    next ^= 1;
    return cold.decrypt(messages[next]);
  }
}
