// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import dev.strongroom.kms.KmsException;
import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.Serial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.SecureRandomSpi;
import java.security.Security;
import org.jspecify.annotations.Nullable;

/** The operating system's generator, in two forms. The order of installed providers has no say. */
public final class SystemRandom {
  private static final Path DEVICE = Path.of("/dev/urandom");

  private SystemRandom() {}

  /**
   * Returns the JDK's generator over the operating system's, which reads ahead for at most 100 ms.
   * Bytes that are mixed in with {@code setSeed} have an effect.
   */
  public static SecureRandom buffered() {
    return generator("SUN", "NativePRNGNonBlocking", "DRBG");
  }

  /**
   * Returns a generator of which no byte was in this process before it was asked for: copies of a
   * process (VM clones, restored checkpoints) cannot draw the same ones. {@code setSeed} does
   * nothing.
   *
   * @throws KmsException.Configuration if the platform has neither {@code /dev/urandom} nor
   *     Windows' generator
   */
  public static SecureRandom direct() {
    return Files.isReadable(DEVICE) ? Device.RANDOM : generator("SunMSCAPI", "Windows-PRNG");
  }

  private static SecureRandom generator(String providerName, String... algorithms) {
    Provider provider = Security.getProvider(providerName);
    for (String algorithm : algorithms) {
      try {
        if (provider != null && provider.getService("SecureRandom", algorithm) != null) {
          return SecureRandom.getInstance(algorithm, provider);
        }
      } catch (GeneralSecurityException e) {
        throw new AssertionError("A provider does not make what it offers", e);
      }
    }
    throw new KmsException.Configuration(
        "This platform has no random generator that is asked anew each time: neither "
            + DEVICE
            + " nor "
            + providerName
            + ". Run on Linux, macOS or Windows with the JDK's own providers installed.",
        null);
  }

  /** {@code /dev/urandom} as a SecureRandom, opened when first needed. */
  private static final class Device extends SecureRandom {
    @Serial private static final long serialVersionUID = 1;
    static final SecureRandom RANDOM = new Device();

    private Device() {
      super(new Reader(), null);
    }

    @Override
    public String getAlgorithm() {
      return "urandom";
    }
  }

  /** Reads just what is asked for: no byte waits here. */
  private static final class Reader extends SecureRandomSpi implements Checkpoints.Hook {
    @Serial private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // a SecureRandom that is read back would have no device
    private transient @Nullable DataInputStream device;

    @SuppressWarnings({"serial", "unused"}) // held, because checkpoints hold their hooks weakly
    private final transient Object registration = Checkpoints.register(this);

    @Override
    protected void engineNextBytes(byte[] bytes) {
      try {
        open().readFully(bytes);
      } catch (IOException e) {
        throw new KmsException.Configuration(
            DEVICE + " cannot be read. Give this process the device.", e);
      }
    }

    // A FileInputStream has no buffer; reads of several threads do not share bytes.
    private synchronized DataInputStream open() throws IOException {
      DataInputStream opened = device;
      if (opened == null) {
        opened = new DataInputStream(new FileInputStream(DEVICE.toFile()));
        device = opened;
      }
      return opened;
    }

    @Override
    public synchronized void beforeCheckpoint() {
      DataInputStream opened = device;
      device = null;
      if (opened != null) {
        try {
          opened.close();
        } catch (IOException e) {
          throw new IllegalStateException(DEVICE + " cannot be closed", e);
        }
      }
    }

    @Override
    protected void engineSetSeed(byte[] seed) {}

    @Override
    protected byte[] engineGenerateSeed(int length) {
      byte[] seed = new byte[length];
      engineNextBytes(seed);
      return seed;
    }
  }
}
