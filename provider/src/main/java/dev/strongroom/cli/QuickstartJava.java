// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.jca.DataKeySpec;
import dev.strongroom.jca.EnvelopeSpec;
import dev.strongroom.jca.StrongroomProvider;
import dev.strongroom.keystore.DataKey;
import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.service.Kms;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.CipherInputStream;
import javax.crypto.CipherOutputStream;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * The Java of the quickstart, as an application would have it. The lines between {@code // show}
 * and {@code // end} are printed as they stand here: this source is packed beside its class.
 */
final class QuickstartJava {

  private QuickstartJava() {}

  static KeyStore addProvider() throws GeneralSecurityException, IOException {
    // show: provider
    Security.addProvider(new StrongroomProvider());
    KeyStore kms = KeyStore.getInstance("KMS");
    kms.load(null, null); // no password: the access key of the settings
    // end
    return kms;
  }

  static DataKey dataKey() throws GeneralSecurityException {
    // show: data key
    KeyGenerator generator = KeyGenerator.getInstance("KmsDataKey");
    generator.init(DataKeySpec.aes256("alias/quickstart", Map.of("tenant", "a")));
    DataKey dataKey = (DataKey) generator.generateKey();
    // end
    return dataKey;
  }

  static void encrypt(KeyStore kms, Path letter, Path encrypted)
      throws GeneralSecurityException, IOException {
    // show: encrypt
    SecretKey cmk = (SecretKey) kms.getKey("quickstart", null);
    Cipher cipher = Cipher.getInstance("KmsEnvelope");
    cipher.init(Cipher.ENCRYPT_MODE, cmk, EnvelopeSpec.of(Map.of("tenant", "a")));
    try (OutputStream out = new CipherOutputStream(Files.newOutputStream(encrypted), cipher)) {
      Files.copy(letter, out);
    }
    // end
  }

  static void decrypt(KeyStore kms, Path encrypted, Path letter)
      throws GeneralSecurityException, IOException {
    SecretKey cmk = (SecretKey) kms.getKey("quickstart", null);
    Cipher cipher = Cipher.getInstance("KmsEnvelope");
    // show: decrypt
    cipher.init(Cipher.DECRYPT_MODE, cmk, EnvelopeSpec.of(Map.of("tenant", "a")));
    try (InputStream in = new CipherInputStream(Files.newInputStream(encrypted), cipher)) {
      Files.copy(in, letter);
    }
    // end
  }

  static byte[] sign(KmsPrivateKey key, byte[] message) throws GeneralSecurityException {
    // show: sign
    Signature signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(key); // key = (KmsPrivateKey) kms.getKey("quickstart-signing", null)
    signer.update(message);
    byte[] signature = signer.sign();
    // end
    return signature;
  }

  static boolean verify(PublicKey publicKey, byte[] message, byte[] signature)
      throws GeneralSecurityException {
    // show: verify
    Signature verifier = Signature.getInstance("SHA256withECDSA", "SunEC");
    verifier.initVerify(publicKey); // publicKey = key.publicKey()
    verifier.update(message);
    boolean valid = verifier.verify(signature);
    // end
    return valid;
  }

  static @Nullable Key keyAs(char[] accessKey) throws GeneralSecurityException, IOException {
    // show: hidden
    KeyStore asGuest = KeyStore.getInstance("KMS");
    asGuest.load(null, accessKey); // ACCESS_KEY_ID:SECRET
    Key key = asGuest.getKey("quickstart", null);
    // end
    return key;
  }

  static void decryptAs(Caller guest, Kms kms, byte[] blob) {
    // show: refused
    EncryptionContext context = EncryptionContext.of(Map.of("tenant", "a"));
    kms.decrypt(guest, null, EncryptionAlgorithm.SYMMETRIC_DEFAULT, blob, context);
    // end
  }
}
