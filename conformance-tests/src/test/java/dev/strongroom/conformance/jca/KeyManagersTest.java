// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.jca;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.strongroom.jca.StrongroomProvider;
import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.service.CreateKeyRequest;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509KeyManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JDK's key managers over our KeyStore: SunX509 opens every key, PKIX asks at every turn. */
class KeyManagersTest {
  private final StrongroomProvider provider = StrongroomProvider.temporary();
  private KeyStore keyStore;

  @BeforeEach
  void makeKeys() throws Exception {
    create(CmkSpec.RSA_2048, KeyUsage.SIGN_VERIFY, "disabled");
    create(CmkSpec.ECC_NIST_P256, KeyUsage.SIGN_VERIFY, "no-certificate");
    create(CmkSpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, "symmetric");
    keyStore = KeyStore.getInstance("KMS", provider);
    keyStore.load(null, null);
    provider.kms().disableKey(provider.caller(), new Alias("alias/disabled"));
  }

  private void create(CmkSpec spec, KeyUsage usage, String alias) {
    provider
        .kms()
        .createKey(
            provider.caller(),
            CreateKeyRequest.of(spec).withUsage(usage).withAlias(new Alias("alias/" + alias)));
  }

  @AfterEach
  void close() {
    provider.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"SunX509", "PKIX"})
  void keysThatCannotServeAreLeftOut(String algorithm) throws Exception {
    KeyManagerFactory factory = KeyManagerFactory.getInstance(algorithm);
    factory.init(keyStore, "ignored".toCharArray());
    X509KeyManager manager = (X509KeyManager) factory.getKeyManagers()[0];

    assertNull(manager.getServerAliases("RSA", null));
    assertNull(manager.getServerAliases("EC", null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SunX509", "PKIX"})
  void choosingAKeyCallsNobody(String algorithm) throws Exception {
    KeyManagerFactory factory = KeyManagerFactory.getInstance(algorithm);
    factory.init(keyStore, null);
    X509KeyManager manager = (X509KeyManager) factory.getKeyManagers()[0];
    int before = records();
    for (int i = 0; i < 10; i++) {
      manager.chooseServerAlias("EC", null, null);
    }
    // The look-up before is on record itself.
    assertEquals(before + 1, records());
  }

  private int records() {
    return provider.kms().lookupEvents(provider.caller(), AuditQuery.newest(1000)).size();
  }
}
