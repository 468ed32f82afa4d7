// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.cloudhsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.conformance.hsm.NssToken;
import dev.strongroom.kms.ConnectionErrorCode;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A custom key store in NSS softokn, whose one weakness has to be accepted. */
class NssKeyStoreTest {

  @Test
  void keysLiveInNssWhereItsWeaknessIsAcceptedAndNowhereElse(@TempDir Path folder)
      throws IOException {
    NssToken nss = NssToken.in(Files.createDirectory(folder.resolve("nss")));
    try (StoreScene strict = StoreScene.in(Files.createDirectory(folder.resolve("strict")))) {
      String store = strict.kms.createCustomKeyStore(strict.root, "nss", nss.setting());

      assertThrows(
          KmsException.CloudHsmClusterInvalidConfiguration.class,
          () -> strict.kms.connectCustomKeyStore(strict.root, store));

      assertEquals(Optional.of(ConnectionErrorCode.UNSAFE_TOKEN), strict.describe(store).error());
    }
    Path lax = Files.createDirectory(folder.resolve("lax"));
    try (StoreScene scene = StoreScene.in(lax, "hsm.accept=wraps-unextractable")) {
      String store = scene.kms.createCustomKeyStore(scene.root, "nss", nss.setting());
      scene.kms.connectCustomKeyStore(scene.root, store);
      KeyId key = scene.key(store);
      byte[] blob = scene.encrypt(key);

      scene.restart();

      assertArrayEquals(StoreScene.TEXT, scene.decrypt(key, blob));
      assertEquals(16, scene.kms.generateRandom(scene.root, 16, store).length);
    }
  }
}
