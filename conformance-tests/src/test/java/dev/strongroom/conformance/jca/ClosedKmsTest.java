// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.jca;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.jca.DataKeySpec;
import dev.strongroom.jca.StrongroomProvider;
import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Provider;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.security.Security;
import java.security.Signature;
import java.util.Map;
import javax.crypto.KeyGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A provider in first place whose KMS can't be opened: we fail, and nobody else. */
class ClosedKmsTest {
  @TempDir private Path folder;
  private Provider provider;

  @BeforeEach
  void install() throws IOException {
    Path settings =
        Files.writeString(
            folder.resolve("strongroom.properties"),
            "store=jdbc:sqlite:/does/not/exist/store.db\n");
    provider = new StrongroomProvider().configure(settings.toString());
    Position.FIRST.install(provider);
  }

  @AfterEach
  void uninstall() {
    Security.removeProvider(provider.getName());
  }

  @Test
  void ourOwnNamesFailAndDoNotFallBackToSoftware() throws Exception {
    KeyGenerator generator = KeyGenerator.getInstance("KmsDataKey");
    generator.init(DataKeySpec.aes256("alias/app", Map.of()));
    ProviderException refused = assertThrows(ProviderException.class, generator::generateKey);
    assertInstanceOf(KmsException.class, refused.getCause());

    KeyStore keyStore = KeyStore.getInstance("KMS");
    IOException closed = assertThrows(IOException.class, () -> keyStore.load(null, null));
    assertInstanceOf(KmsException.class, closed.getCause());

    SecureRandom random = SecureRandom.getInstance("KmsRandom");
    assertThrows(ProviderException.class, () -> random.nextBytes(new byte[1]));
  }

  @Test
  void everybodyElsesKeysWork() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("RSA").generateKeyPair();
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(pair.getPrivate());
    byte[] bytes = signature.sign();
    signature.initVerify(pair.getPublic());

    assertTrue(signature.verify(bytes));
    assertEquals("SunJCE", KeyGenerator.getInstance("AES").getProvider().getName());
  }
}
