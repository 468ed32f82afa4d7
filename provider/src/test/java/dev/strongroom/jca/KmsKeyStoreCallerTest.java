// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.keystore.AccessKey;
import dev.strongroom.keystore.KeyStoreDescriptor;
import dev.strongroom.keystore.KmsAccess;
import dev.strongroom.keystore.KmsKeyHandle;
import dev.strongroom.keystore.KmsKeyStoreSpi;
import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.keystore.KmsSecretKey;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.service.Credentials;
import dev.strongroom.kms.service.Iam;
import dev.strongroom.kms.service.Kms;
import dev.strongroom.kms.service.Sts;
import java.io.IOException;
import java.io.InputStream;
import java.security.Key;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.ProviderException;
import java.security.Signature;
import java.security.SignatureException;
import java.security.UnrecoverableKeyException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A KeyStore goes as far as the session or access key that it was loaded with. */
class KmsKeyStoreCallerTest extends KeyStoreScene {
  @Test
  void aPasswordIsTheAccessKeyOfASession() throws Exception {
    room.symmetric("app");
    String owner = passwordOf("owner");
    room.kms().iam().createRole(room.provider.caller(), "batch", roleOf("owner"));
    room.kms()
        .iam()
        .putPolicy(room.provider.caller(), IamKind.ROLE, "batch", "see", allow("kms:DescribeKey"));
    Caller user = AccessKey.authenticate(room.kms(), owner.toCharArray());
    String password;
    try (Credentials session =
        room.kms()
            .sts()
            .assumeRole(
                user, Sts.AssumeRoleRequest.of("arn:aws:iam::000000000000:role/batch", "night"))
            .credentials()) {
      password =
          session.accessKeyId()
              + ":"
              + String.valueOf(session.secret())
              + ":"
              + session.sessionToken();
    }

    KeyStore keyStore = unloaded();
    keyStore.load(null, password.toCharArray());
    assertEquals(List.of("app"), names(keyStore));
    int colon = password.lastIndexOf(':');
    for (String wrong : List.of(password.substring(0, colon), password + "A")) {
      IOException refused =
          assertThrows(IOException.class, () -> keyStore.load(null, wrong.toCharArray()));
      assertInstanceOf(UnrecoverableKeyException.class, refused.getCause());
    }
  }

  @Test
  void aKeyStoreOfAnInactiveAccessKeyListsItsEntriesAndGivesOutNoKey() throws Exception {
    KmsPrivateKey key = room.signing(CmkSpec.ECC_NIST_P256);
    String name = CmkSpec.ECC_NIST_P256.name();
    KmsSecretKey secret = room.symmetric("app");
    room.kms().iam().createUser(room.provider.caller(), "app", null);
    room.kms().iam().putPolicy(room.provider.caller(), IamKind.USER, "app", "use", allow("kms:*"));
    try (NewKey accessKey =
        new NewKey(room.kms().iam().createAccessKey(room.provider.caller(), "app"))) {
      KeyStore keyStore = unloaded();
      keyStore.load(null, accessKey.text().toCharArray());
      Key handle = keyStore.getKey(name, null);

      activate(accessKey, false);
      assertEquals(List.of(name, "app"), names(keyStore));
      assertTrue(keyStore.isKeyEntry(name));
      for (String asked : List.of(name, "unknown")) {
        assertRefused(
            assertThrows(UnrecoverableKeyException.class, () -> keyStore.getKey(asked, null)));
        assertRefused(
            assertThrows(UnrecoverableKeyException.class, () -> keyStore.getEntry(asked, null)));
      }
      assertRefused(
          assertThrows(
              KeyStoreException.class, () -> keyStore.setKeyEntry("app", secret, null, null)));
      Signature signature = Signature.getInstance("SHA256withECDSA", room.provider);
      signature.initSign((PrivateKey) handle);
      assertRefused(assertThrows(SignatureException.class, signature::sign));

      activate(accessKey, true);
      assertEquals(key.arn(), ((KmsKeyHandle) keyStore.getKey(name, null)).arn());
      assertNull(keyStore.getKey("unknown", null));
      keyStore.setKeyEntry("app", secret, null, null);
    }
  }

  /** The interface of the JDK for them has no checked exception, and JDK 17 has none. */
  @Test
  void attributesOfAKeyAreRefusedToAnInactiveAccessKey() throws Exception {
    room.symmetric("app");
    room.kms().iam().createUser(room.provider.caller(), "app", null);
    room.kms().iam().putPolicy(room.provider.caller(), IamKind.USER, "app", "use", allow("kms:*"));
    try (NewKey accessKey =
        new NewKey(room.kms().iam().createAccessKey(room.provider.caller(), "app"))) {
      KmsKeyStoreSpi keyStore = new KmsKeyStoreSpi(new Way());
      keyStore.engineLoad((InputStream) null, accessKey.text().toCharArray());
      assertFalse(keyStore.engineGetAttributes("app").isEmpty());

      activate(accessKey, false);
      assertRefused(
          assertThrows(ProviderException.class, () -> keyStore.engineGetAttributes("app")));
    }
  }

  /** The way to the room's KMS. */
  private final class Way implements KmsAccess {
    @Override
    public Kms kms() {
      return room.kms();
    }

    @Override
    public Caller caller() {
      return room.provider.caller();
    }

    @Override
    public KmsAccess of(KeyStoreDescriptor descriptor) {
      return this;
    }
  }

  private void activate(NewKey accessKey, boolean active) {
    room.kms()
        .iam()
        .updateAccessKey(room.provider.caller(), "app", accessKey.key().accessKeyId(), active);
  }

  private static void assertRefused(Exception refusal) {
    assertInstanceOf(KmsException.UnrecognizedClient.class, refusal.getCause());
  }

  private static Iam.CreateRoleRequest roleOf(String user) {
    String trust =
        """
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
          "Principal": {"AWS": "arn:aws:iam::000000000000:user/%s"}}}"""
            .formatted(user);
    return new Iam.CreateRoleRequest(trust, null, null, null);
  }

  private static String allow(String action) {
    return """
        {"Version": "2012-10-17", "Statement": {
          "Effect": "Allow", "Action": "%s", "Resource": "*"}}"""
        .formatted(action);
  }
}
