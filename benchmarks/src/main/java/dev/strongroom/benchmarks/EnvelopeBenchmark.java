// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.crypto.envelope.EnvelopeLimits;
import dev.strongroom.kms.crypto.envelope.EnvelopeOptions;
import dev.strongroom.kms.crypto.envelope.EnvelopeReader;
import dev.strongroom.kms.crypto.envelope.EnvelopeStreams;
import dev.strongroom.kms.crypto.envelope.EnvelopeWriter;
import dev.strongroom.kms.crypto.envelope.frame.FrameWorkers;
import dev.strongroom.kms.crypto.envelope.keyring.Keyring;
import dev.strongroom.kms.crypto.envelope.keyring.RawAesKeyring;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Envelope messages in memory and through files. {@code gibibytes} is plaintext per second.
 *
 * <p>The first iteration without warm-up ({@code -wi 0 -i 1 -r 1}) shows what a young JVM does.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
public class EnvelopeBenchmark {
  private static final double GIBIBYTE = 1 << 30;

  /** Counts plaintext. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Volume {
    /** Read by JMH. */
    public double gibibytes;

    @Setup(Level.Iteration)
    public void reset() {
      gibibytes = 0;
    }
  }

  /** Keys, threads and options. */
  @State(Scope.Benchmark)
  public static class Setting {
    @Param({"65536"})
    int frameLength;

    @Param({"1"})
    int threads;

    private final List<Keyring> keyrings =
        List.of(RawAesKeyring.of("benchmarks", "key", new SecretKeySpec(new byte[32], "AES")));
    private FrameWorkers workers = FrameWorkers.create(1);
    private EnvelopeOptions options = EnvelopeOptions.of(EncryptionContext.EMPTY);

    @Setup
    public void start() {
      workers = FrameWorkers.create(threads);
      options =
          EnvelopeOptions.of(EncryptionContext.of(Map.of("file", "1")))
              .withFrameLength(frameLength);
    }

    @TearDown
    public void stop() {
      workers.close();
    }

    EnvelopeWriter writer() {
      return EnvelopeWriter.begin(workers, Keyring.source(keyrings), options);
    }

    EnvelopeReader reader() {
      return EnvelopeReader.begin(workers, Keyring.opener(keyrings), EnvelopeLimits.DEFAULT);
    }
  }

  /** A plaintext and its message, in arrays that stay. */
  @State(Scope.Benchmark)
  public static class InMemory {
    @Param({"67108864"})
    int length;

    private byte[] plaintext = new byte[0];
    private final Target message = new Target();
    private final Target out = new Target();

    @Setup
    public void fill(Setting setting) throws IOException {
      plaintext = new byte[length];
      try (EnvelopeWriter writer = setting.writer()) {
        message.reserve((int) writer.outputSize(length));
        out.reserve(message.bytes.length);
        writer.update(plaintext, 0, length, message);
        writer.finish(message);
      }
    }
  }

  @Benchmark
  public int encrypt(Setting setting, InMemory memory, Volume volume) throws IOException {
    memory.out.size = 0;
    try (EnvelopeWriter writer = setting.writer()) {
      writer.update(memory.plaintext, 0, memory.length, memory.out);
      writer.finish(memory.out);
    }
    volume.gibibytes += memory.length / GIBIBYTE;
    return memory.out.size;
  }

  @Benchmark
  public int decrypt(Setting setting, InMemory memory, Volume volume) throws IOException {
    memory.out.size = 0;
    try (EnvelopeReader reader = setting.reader()) {
      reader.update(memory.message.bytes, 0, memory.message.size, memory.out);
      reader.finish(memory.out);
    }
    volume.gibibytes += memory.length / GIBIBYTE;
    return memory.out.size;
  }

  /** A file of 1 GiB and its message. */
  @State(Scope.Benchmark)
  public static class InFiles {
    private static final int MIBIBYTES = 1024;

    private Path plaintext = Path.of("");
    private Path message = Path.of("");
    private Path out = Path.of("");

    @Setup
    public void write(Setting setting) throws IOException {
      plaintext = Files.createTempFile("envelope", ".plain");
      message = Files.createTempFile("envelope", ".message");
      out = Files.createTempFile("envelope", ".out");
      byte[] mibibyte = new byte[1 << 20];
      try (OutputStream file = Files.newOutputStream(plaintext)) {
        for (int i = 0; i < MIBIBYTES; i++) {
          file.write(mibibyte);
        }
      }
      encryptFile(setting, plaintext, message);
    }

    @TearDown
    public void delete() throws IOException {
      Files.delete(plaintext);
      Files.delete(message);
      Files.delete(out);
    }
  }

  @Benchmark
  public void encryptFile(Setting setting, InFiles files, Volume volume) throws IOException {
    encryptFile(setting, files.plaintext, files.out);
    volume.gibibytes++;
  }

  @Benchmark
  public void decryptFile(Setting setting, InFiles files, Volume volume) throws IOException {
    try (FileChannel in = FileChannel.open(files.message);
        FileChannel out = FileChannel.open(files.out, StandardOpenOption.WRITE)) {
      new EnvelopeStreams(setting.workers, EnvelopeLimits.DEFAULT)
          .decrypt(in, out, Keyring.opener(setting.keyrings));
    }
    volume.gibibytes++;
  }

  private static void encryptFile(Setting setting, Path from, Path to) throws IOException {
    try (FileChannel in = FileChannel.open(from);
        FileChannel out = FileChannel.open(to, StandardOpenOption.WRITE)) {
      new EnvelopeStreams(setting.workers, EnvelopeLimits.DEFAULT)
          .encrypt(in, out, Keyring.source(setting.keyrings), setting.options);
    }
  }

  /** An array to write to. */
  private static final class Target extends OutputStream {
    private byte[] bytes = new byte[0];
    private int size;

    void reserve(int capacity) {
      bytes = new byte[capacity];
    }

    @Override
    public void write(int b) {
      bytes[size++] = (byte) b;
    }

    @Override
    public void write(byte[] b, int offset, int length) {
      System.arraycopy(b, offset, bytes, size, length);
      size += length;
    }
  }
}
