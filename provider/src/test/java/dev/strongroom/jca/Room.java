// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.keystore.KmsSecretKey;
import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.service.CreateKeyRequest;
import dev.strongroom.kms.service.Kms;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;

/** A temporary KMS behind an unregistered provider. */
final class Room implements AutoCloseable {
  final StrongroomProvider provider = StrongroomProvider.temporary();

  Kms kms() {
    return provider.kms();
  }

  KeyMetadata create(CmkSpec spec, String alias) {
    return kms().createKey(provider.caller(), request(spec, alias));
  }

  KeyMetadata create(CmkSpec spec, KeyUsage usage, String alias) {
    return kms().createKey(provider.caller(), request(spec, alias).withUsage(usage));
  }

  private static CreateKeyRequest request(CmkSpec spec, String alias) {
    return CreateKeyRequest.of(spec).withAlias(new Alias("alias/" + alias));
  }

  KeyStore keyStore() throws GeneralSecurityException, IOException {
    KeyStore keyStore = KeyStore.getInstance("KMS", provider);
    keyStore.load(null, null);
    return keyStore;
  }

  Key key(String alias) throws GeneralSecurityException, IOException {
    return keyStore().getKey(alias, null);
  }

  KmsSecretKey symmetric(String alias) throws GeneralSecurityException, IOException {
    create(CmkSpec.SYMMETRIC_DEFAULT, alias);
    return (KmsSecretKey) key(alias);
  }

  KmsPrivateKey signing(CmkSpec spec) throws GeneralSecurityException, IOException {
    create(spec, KeyUsage.SIGN_VERIFY, spec.name());
    return (KmsPrivateKey) key(spec.name());
  }

  static void assertSays(String words, Throwable refusal) {
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains(words), message);
  }

  @Override
  public void close() {
    provider.close();
  }
}
