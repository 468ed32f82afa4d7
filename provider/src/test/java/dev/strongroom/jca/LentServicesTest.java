// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.AlgorithmParameters;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.Provider;
import java.security.Security;
import java.security.spec.MGF1ParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LentServicesTest {
  private final StrongroomProvider provider = new StrongroomProvider();

  @ParameterizedTest
  @CsvSource({
    "SHA1, SHA-1",
    "SHA, SHA-1",
    "SHA-224, SHA-224",
    "SHA256, SHA-256",
    "sha-256, SHA-256",
    "SHA384, SHA-384",
    "SHA-512, SHA-512",
    "SHA3-256, SHA3-256"
  })
  void whoAsksUsForAHashGetsOne(String asked, String jdks) throws Exception {
    MessageDigest digest = MessageDigest.getInstance(asked, provider);
    assertEquals("SUN", digest.getProvider().getName());
    byte[] message = {1, 2, 3};
    assertArrayEquals(
        MessageDigest.getInstance(jdks, "SUN").digest(message), digest.digest(message));
  }

  @ParameterizedTest
  @CsvSource({"OAEP", "oaep", "1.2.840.113549.1.1.7", "OID.1.2.840.113549.1.1.7"})
  void whoAsksUsForTheParametersOfOaepGetsThem(String asked) throws Exception {
    OAEPParameterSpec spec =
        new OAEPParameterSpec(
            "SHA-256", "MGF1", MGF1ParameterSpec.SHA384, PSource.PSpecified.DEFAULT);
    AlgorithmParameters parameters = AlgorithmParameters.getInstance(asked, provider);
    parameters.init(spec);
    AlgorithmParameters decoded = AlgorithmParameters.getInstance(asked, provider);
    decoded.init(parameters.getEncoded());
    OAEPParameterSpec read = decoded.getParameterSpec(OAEPParameterSpec.class);
    assertEquals("SHA-256", read.getDigestAlgorithm());
    assertEquals("SHA-384", ((MGF1ParameterSpec) read.getMGFParameters()).getDigestAlgorithm());
  }

  @Test
  void theyStayTheJdksWhenWeStandFirst() throws Exception {
    Security.insertProviderAt(provider, 1);
    try {
      assertEquals("SUN", MessageDigest.getInstance("SHA-256").getProvider().getName());
      assertEquals("SunJCE", AlgorithmParameters.getInstance("OAEP").getProvider().getName());
    } finally {
      Security.removeProvider(provider.getName());
    }
  }

  /** As where a faster or a certified provider stands between us and the JDK's. */
  @Test
  void whoeverTheJvmWouldChooseStaysChosenWhenWeStandFirst() throws Exception {
    Provider preferred = new Preferred();
    Security.insertProviderAt(preferred, 1);
    Security.insertProviderAt(provider, 1);
    try {
      assertSame(preferred, MessageDigest.getInstance("SHA-256").getProvider());
      assertSame(preferred, MessageDigest.getInstance("SHA-256", provider).getProvider());
      assertEquals("SUN", MessageDigest.getInstance("SHA-512").getProvider().getName());
    } finally {
      Security.removeProvider(provider.getName());
      Security.removeProvider(preferred.getName());
    }
  }

  private static final class Preferred extends Provider {
    private static final long serialVersionUID = 1;

    Preferred() {
      super("Preferred", "1", "SHA-256");
      putService(
          new Service(this, "MessageDigest", "SHA-256", "none", null, null) {
            @Override
            public Object newInstance(@Nullable Object parameter) throws NoSuchAlgorithmException {
              try {
                return MessageDigest.getInstance("SHA-256", "SUN");
              } catch (NoSuchProviderException e) {
                throw new NoSuchAlgorithmException(e);
              }
            }
          });
    }
  }

  @Test
  void othersAreNotOurs() {
    assertNull(provider.getService("MessageDigest", "MD5"));
    assertNull(provider.getService("AlgorithmParameters", "GCM"));
    assertNull(provider.getService("KeyFactory", "RSA"));
    assertSame(
        Security.getProvider("SUN").getService("MessageDigest", "SHA-256"),
        provider.getService("MessageDigest", "SHA256"));
    assertTrue(
        provider.getServices().stream()
            .noneMatch(service -> service.getType().equals("MessageDigest")));
  }
}
