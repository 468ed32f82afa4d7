// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.audit.AuditEvent;
import dev.strongroom.kms.audit.Journal;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a record of a repeated caller, key and context costs whoever waits for it: beside work that
 * the record is about, and as fast as records can be made at all. Seals and the tree are the work
 * of other threads; what they take is seen where the records come without a pause.
 */
@SuppressWarnings("NullAway.Init") // JMH calls what is marked @Setup first
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class AuditBenchmark {
  private final AuditEvent event = TrailFolder.decrypt(0);
  private Path folder;
  private Journal journal;

  @Setup
  public void open() throws IOException {
    folder = TrailFolder.make();
    journal = TrailFolder.journal(folder);
  }

  @TearDown
  public void close() throws IOException {
    journal.close();
    TrailFolder.delete(folder);
  }

  @Benchmark
  public void record() {
    journal.record(event);
  }

  @Benchmark
  @Threads(2)
  public void recordByTwoThreads() {
    journal.record(event);
  }

  /** The least work that a KMS call does: AES-GCM of 64 bytes with a context, by SunJCE. */
  @State(Scope.Thread)
  public static class Work {
    private final byte[] aad = EncryptionContext.of(Map.of("tenant", "a")).toAad();
    private final byte[] plaintext = new byte[64];
    private final SecretKeySpec key = new SecretKeySpec(new byte[32], "AES");
    private final byte[] iv = new byte[12];
    private Cipher cipher;

    @Setup
    public void open() throws GeneralSecurityException {
      cipher = Cipher.getInstance("AES/GCM/NoPadding", "SunJCE");
    }

    byte[] seal() throws GeneralSecurityException {
      int at = iv.length - 1;
      while (++iv[at] == 0) {
        at--;
      }
      cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, iv));
      cipher.updateAAD(aad);
      return cipher.doFinal(plaintext);
    }
  }

  @Benchmark
  public byte[] workWithoutTrail(Work work) throws GeneralSecurityException {
    return work.seal();
  }

  @Benchmark
  public byte[] workWithTrail(Work work) throws GeneralSecurityException {
    byte[] sealed = work.seal();
    journal.record(event);
    return sealed;
  }
}
