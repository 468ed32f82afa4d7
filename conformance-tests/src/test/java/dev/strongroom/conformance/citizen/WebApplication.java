// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.citizen;

import dev.strongroom.conformance.jca.Handshake;
import dev.strongroom.conformance.jca.Identity;
import dev.strongroom.jca.EncryptionContextSpec;
import dev.strongroom.jca.EnvelopeSpec;
import dev.strongroom.jca.StrongroomProvider;
import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.service.CreateKeyRequest;
import java.security.KeyStore;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.security.Signature;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;

/**
 * What a web application does from its deployment to its end. It comes with strongroom.jar in its
 * own class loader; {@link RedeployProgram} throws both away.
 *
 * <p>The first argument is a file of settings. With the second, {@code registered}, the provider is
 * put into the JVM's list at the start and taken out at the end; {@code recorded} is like {@code
 * unregistered}, in a JVM whose flight recorder runs.
 */
public final class WebApplication implements BiConsumer<String, String> {
  /** Long enough for several threads to encrypt it. */
  private static final int LONG_BYTES = 3 << 20;

  @Override
  public void accept(String settings, String form) {
    StrongroomProvider provider = (StrongroomProvider) new StrongroomProvider().configure(settings);
    boolean isRegistered = form.equals("registered");
    if (isRegistered && Security.insertProviderAt(provider, 1) < 0) {
      throw new IllegalStateException("Another " + provider.getName() + " is still there");
    }
    try (provider) {
      work(provider, isRegistered);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    } finally {
      if (isRegistered) {
        Security.removeProvider(provider.getName());
      }
    }
  }

  private static void work(StrongroomProvider provider, boolean isRegistered) throws Exception {
    KeyStore keyStore = KeyStore.getInstance("KMS", provider);
    keyStore.load(null, null);
    make(provider, keyStore, "app", CmkSpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT);
    make(provider, keyStore, "sign", CmkSpec.ECC_NIST_P256, KeyUsage.SIGN_VERIFY);
    SecretKey app = (SecretKey) keyStore.getKey("app", null);
    KmsPrivateKey sign = (KmsPrivateKey) keyStore.getKey("sign", null);

    Cipher small = Cipher.getInstance("Kms", provider);
    small.init(Cipher.ENCRYPT_MODE, app, EncryptionContextSpec.of(Map.of("a", "b")));
    byte[] blob = small.doFinal(new byte[100]);
    small.init(Cipher.DECRYPT_MODE, app, EncryptionContextSpec.of(Map.of("a", "b")));
    require(Arrays.equals(new byte[100], small.doFinal(blob)));

    Cipher envelope = Cipher.getInstance("KmsEnvelope", provider);
    envelope.init(Cipher.ENCRYPT_MODE, app, EnvelopeSpec.of(Map.of()));
    byte[] message = envelope.doFinal(new byte[LONG_BYTES]);
    envelope.init(Cipher.DECRYPT_MODE, app, EnvelopeSpec.of(Map.of()));
    require(Arrays.equals(new byte[LONG_BYTES], envelope.doFinal(message)));

    Signature signature = Signature.getInstance("SHA256withECDSA", (Provider) provider);
    signature.initSign(sign);
    require(signature.sign().length > 0);
    SecureRandom.getInstance("KmsRandom", provider).nextBytes(new byte[16]);
    if (isRegistered) {
      // JSSE takes the key to whoever is registered.
      String shaken = Handshake.shake("TLSv1.3", new Identity(sign.publicKey(), sign));
      require(shaken.equals("TLSv1.3 ok, 1 client certificate"));
    }
    awaitShown();
  }

  /** Waits until the KMS is shown by JMX, which is a while after it was opened. */
  private static void awaitShown() throws InterruptedException {
    long start = System.nanoTime();
    while (RedeployProgram.shown().isEmpty()) {
      require(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(30));
      Thread.sleep(20);
    }
  }

  private static void make(
      StrongroomProvider provider, KeyStore keyStore, String alias, CmkSpec spec, KeyUsage usage)
      throws Exception {
    if (!keyStore.containsAlias(alias)) {
      provider
          .kms()
          .createKey(
              provider.caller(),
              CreateKeyRequest.of(spec).withUsage(usage).withAlias(new Alias("alias/" + alias)));
    }
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new IllegalStateException("Strongroom gave something else than it took");
    }
  }
}
