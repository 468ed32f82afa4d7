// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.hsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.service.CreateKeyRequest;
import dev.strongroom.kms.service.DrillReport;
import dev.strongroom.kms.service.KmsConfig;
import dev.strongroom.kms.service.KmsRestore;
import dev.strongroom.kms.service.KmsSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backups of a KMS whose domain key is in SoftHSM2, which never leaves it. */
final class BackupTest {
  private static final EncryptionAlgorithm ALGORITHM = EncryptionAlgorithm.SYMMETRIC_DEFAULT;
  private static final byte[] MESSAGE = {1, 2, 3};

  private final Path folder;
  private final SoftHsmToken token;

  BackupTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.token = SoftHsmToken.in(Files.createDirectory(folder.resolve("token"))).select();
  }

  private Path settings(String home, String... lines) throws IOException {
    Path settings = Files.createDirectories(folder.resolve(home)).resolve("strongroom.properties");
    return Files.write(settings, List.of(lines));
  }

  @ParameterizedTest
  @ValueSource(strings = {"open", "strict"})
  void keysOpenInAnotherPlaceWithTheSameToken(String wrapPolicy) throws IOException {
    String[] lines = {"hsm=" + token.setting(), "wrap-policy=" + wrapPolicy};
    KmsSetup.init(KmsConfig.fromFile(settings("home", lines)));
    KmsConfig other = KmsConfig.fromFile(settings("other", lines));
    KeyId key;
    byte[] blob;
    try (KmsHome home = KmsHome.in(folder.resolve("home"))) {
      key = make(home);
      blob =
          home.kms()
              .encrypt(home.root(), key, ALGORITHM, MESSAGE, EncryptionContext.EMPTY)
              .ciphertextBlob();
      Path file = home.kms().backups().create(home.root()).file();
      DrillReport report = home.kms().backups().drill(home.root(), file, Optional.empty());
      assertTrue(report.json().contains("\"OpenedKeys\":4"), report.json());
      KmsRestore.restore(other, KmsRestore.Request.of(file));
    }
    Files.copy(
        folder.resolve("home").resolve("credentials"),
        folder.resolve("other").resolve("credentials"));

    try (KmsHome restored = KmsHome.in(folder.resolve("other"))) {
      assertArrayEquals(
          MESSAGE,
          restored
              .kms()
              .decrypt(restored.root(), key, ALGORITHM, blob, EncryptionContext.EMPTY)
              .plaintext());
      restored
          .kms()
          .validateLogs(restored.root())
          .forEach(stream -> assertEquals(List.of(), stream.findings()));
    }
  }

  private static KeyId make(KmsHome home) {
    for (CmkSpec spec : List.of(CmkSpec.HMAC_256, CmkSpec.ECC_NIST_P256, CmkSpec.RSA_2048)) {
      home.create(spec, "of-" + spec.name().toLowerCase(Locale.ROOT));
    }
    return home.create(
            CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT).withProtectionLevel(ProtectionLevel.HSM))
        .keyId();
  }

  @Test
  void placeWithoutTheDomainKeyIsRefused() throws IOException {
    KmsSetup.init(KmsConfig.fromFile(settings("home", "hsm=" + token.setting())));
    KmsConfig embedded = KmsConfig.fromFile(settings("other", "name=other"));
    try (KmsHome home = KmsHome.in(folder.resolve("home"))) {
      Path file = home.kms().backups().create(home.root()).file();

      assertThrows(
          KmsException.Configuration.class,
          () -> KmsRestore.restore(embedded, KmsRestore.Request.of(file)));
    }
    assertTrue(Files.notExists(folder.resolve("other").resolve("store.db")));
  }
}
