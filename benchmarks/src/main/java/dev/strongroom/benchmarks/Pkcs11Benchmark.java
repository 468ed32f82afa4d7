// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.benchmarks;

import dev.strongroom.hsm.BackingKey;
import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.DomainKey;
import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.HashAlgorithm;
import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.HsmUri;
import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.hsm.pkcs11.Pkcs11Hsm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
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
 * A PKCS#11 call through our binding beside one through SunPKCS11, on the same SoftHSM2 token with
 * session keys.
 *
 * <p>Needs a token named {@code bench} with the PIN 1234, {@code SOFTHSM2_CONF} in the environment
 * and the module in {@code -Dpkcs11.module=…} ({@code -jvmArgsAppend}).
 */
@SuppressWarnings("NullAway.Init") // JMH calls what is marked @Setup first
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class Pkcs11Benchmark {
  private static final String PIN = "1234";

  private final byte[] data = new byte[32];

  /** Our binding. */
  @SuppressWarnings("NullAway.Init") // JMH calls what is marked @Setup first
  @State(Scope.Benchmark)
  public static class Ours {
    private final DomainKeyId id = new DomainKeyId(UUID.randomUUID(), 1);
    private Hsm hsm;
    private BackingKey key;

    @Setup
    public void open() throws IOException {
      Path pin = Files.createTempFile("pin", null);
      Files.writeString(pin, PIN);
      HsmUri uri =
          HsmUri.parse(
              "pkcs11:token=bench?module-path="
                  + System.getProperty("pkcs11.module")
                  + "&pin-source=file:"
                  + pin);
      hsm = Pkcs11Hsm.open((HsmUri.Pkcs11) uri, Set.of());
      DomainKey domainKey = hsm.createDomainKey(id, WrapPolicy.OPEN);
      key =
          domainKey.unwrap(
              BackingKeySpec.SECRET_256, domainKey.generate(BackingKeySpec.SECRET_256).body());
      Files.delete(pin);
    }

    @TearDown
    public void close() {
      hsm.destroyDomainKey(id);
      hsm.close();
    }
  }

  /** The JDK's provider. */
  @SuppressWarnings("NullAway.Init") // JMH calls what is marked @Setup first
  @State(Scope.Benchmark)
  public static class Sun {
    private SecureRandom random;
    private Mac mac;

    @Setup
    public void open() throws IOException, GeneralSecurityException {
      Path config = Files.createTempFile("pkcs11", ".cfg");
      Files.writeString(
          config,
          "name=bench\nlibrary="
              + System.getProperty("pkcs11.module")
              + "\nslotListIndex=0\n"
              // As ours: SoftHSM decrypts the value of a private object at each use.
              + "attributes(*, CKO_SECRET_KEY, *) = {\n CKA_PRIVATE = true\n CKA_SENSITIVE = true\n}\n");
      Provider provider = Security.getProvider("SunPKCS11").configure(config.toString());
      KeyStore.getInstance("PKCS11", provider).load(null, PIN.toCharArray());
      random = SecureRandom.getInstance("PKCS11", provider);
      mac = Mac.getInstance("HmacSHA256", provider);
      mac.init(new SecretKeySpec(new byte[32], "Generic"));
      Files.delete(config);
    }
  }

  @Benchmark
  public byte[] random32(Ours ours) {
    return ours.hsm.random(32);
  }

  @Benchmark
  public byte[] random32SunPkcs11(Sun sun) {
    byte[] bytes = new byte[32];
    sun.random.nextBytes(bytes);
    return bytes;
  }

  @Benchmark
  public byte[] hmac32(Ours ours) {
    return ours.key.hmac(HashAlgorithm.SHA_256, data);
  }

  @Benchmark
  public byte[] hmac32SunPkcs11(Sun sun) {
    return sun.mac.doFinal(data);
  }
}
