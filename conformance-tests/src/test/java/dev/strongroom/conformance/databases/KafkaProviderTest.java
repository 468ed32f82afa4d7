// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.databases;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.adapter.kafka.StrongroomProviderCreator;
import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.conformance.fixture.TestCa;
import dev.strongroom.kms.CmkSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Security;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.net.ssl.SSLEngine;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's own code installs the provider, in front of all others. */
class KafkaProviderTest {
  private static final byte[] MESSAGE = "message".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;
  private KmsHome home;
  private TestCa ca;

  @BeforeEach
  void install() throws Exception {
    home = KmsHome.in(folder.resolve("kms"), "name=kafka");
    ca = TestCa.ec();
    home.certified(CmkSpec.ECC_NIST_P256, "broker", ca, "localhost");
    engines().close();
  }

  /** What a broker and a client make of their configuration; it installs the provider first. */
  private DefaultSslEngineFactory engines() throws Exception {
    Map<String, Object> settings =
        Map.of(
            "security.providers",
            StrongroomProviderCreator.class.getName(),
            StrongroomProviderCreator.CONFIG,
            home.settings().toString(),
            "ssl.keystore.type",
            "KMS",
            "ssl.keystore.location",
            home.descriptor(folder.resolve("kafka.ks"), "broker").toString(),
            "ssl.keystore.password",
            home.password(),
            "ssl.truststore.type",
            "PKCS12",
            "ssl.truststore.location",
            ca.trustStore(folder.resolve("trust.p12")).toString(),
            "ssl.truststore.password",
            TestCa.TRUST_STORE_PASSWORD);
    Map<String, Object> whole = new HashMap<>(settings);
    whole.putAll(new ConfigDef().withClientSslSupport().parse(settings));
    DefaultSslEngineFactory factory = new DefaultSslEngineFactory();
    factory.configure(whole);
    return factory;
  }

  @AfterEach
  void remove() {
    Security.removeProvider("Strongroom-kafka");
    home.close();
  }

  @Test
  void theProviderIsFirstAndOnlyOnce() throws Exception {
    int before = Security.getProviders().length;
    engines().close();

    assertEquals("Strongroom-kafka", Security.getProviders()[0].getName());
    assertEquals(before, Security.getProviders().length);
  }

  @Test
  void softwareKeysWorkAsBefore() throws Exception {
    KeyPair rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
    Signature pss = Signature.getInstance("RSASSA-PSS");
    pss.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
    pss.initSign(rsa.getPrivate());
    pss.update(MESSAGE);
    byte[] signature = pss.sign();
    pss.initVerify(rsa.getPublic());
    pss.update(MESSAGE);
    assertTrue(pss.verify(signature));

    SecretKey aes = KeyGenerator.getInstance("AES").generateKey();
    Cipher gcm = Cipher.getInstance("AES/GCM/NoPadding");
    gcm.init(Cipher.ENCRYPT_MODE, aes);
    byte[] ciphertext = gcm.doFinal(MESSAGE);
    gcm.init(Cipher.DECRYPT_MODE, aes, gcm.getParameters());
    assertArrayEquals(MESSAGE, gcm.doFinal(ciphertext));
  }

  @Test
  void theDescriptorIsKafkasKeystore() throws Exception {
    try (DefaultSslEngineFactory factory = engines()) {
      SSLEngine engine = factory.createServerSslEngine("localhost", 9093);

      assertNotNull(engine);
      assertTrue(factory.keystore().isKeyEntry("broker"));
      assertEquals("Strongroom-kafka", factory.keystore().getProvider().getName());
    }
  }
}
