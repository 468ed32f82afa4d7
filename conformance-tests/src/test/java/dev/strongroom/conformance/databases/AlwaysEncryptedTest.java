// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.databases;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.sqlserver.jdbc.SQLServerColumnEncryptionJavaKeyStoreProvider;
import dev.strongroom.adapter.mssql.KmsColumnKeyStoreProvider;
import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.conformance.fixture.TestCa;
import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.service.CreateKeyRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Security;
import java.security.Signature;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Column encryption keys, ours and the driver's. There is no SQL Server here; what it stores, the
 * driver's own provider for Java key stores makes and reads, given the same two CMKs.
 */
@SuppressWarnings("NullAway.Init") // JUnit calls what is marked @BeforeAll first
class AlwaysEncryptedTest {
  private static final String PATH = "alias/columns;alias/Columns-Signing";
  private static final String OAEP = "RSA_OAEP";

  @TempDir private static Path folder;
  private static KmsHome home;
  private static TestCa ca;
  private static KmsPrivateKey encrypting;
  private static KmsPrivateKey signing;
  private static SQLServerColumnEncryptionJavaKeyStoreProvider driver;
  private static final KmsColumnKeyStoreProvider OURS = new KmsColumnKeyStoreProvider();

  private final byte[] columnKey = new SecureRandom().generateSeed(32);

  @BeforeAll
  static void makeKeys() throws Exception {
    home = KmsHome.in(folder.resolve("kms"));
    Security.addProvider(home.provider());
    ca = TestCa.rsa();
    encrypting = rsa("columns", KeyUsage.ENCRYPT_DECRYPT);
    signing = rsa("Columns-Signing", KeyUsage.SIGN_VERIFY);
    Path file = Files.writeString(folder.resolve("a.jks"), "its content is not looked at");
    driver = new SQLServerColumnEncryptionJavaKeyStoreProvider(file.toString(), new char[0]);
  }

  private static KmsPrivateKey rsa(String alias, KeyUsage usage) throws Exception {
    home.create(
        CreateKeyRequest.of(CmkSpec.RSA_2048)
            .withUsage(usage)
            .withAlias(new Alias(Alias.PREFIX + alias)));
    return home.privateKey(alias);
  }

  @AfterAll
  static void close() {
    Security.removeProvider(home.provider().getName());
    home.close();
  }

  private static X509Certificate certificate(KmsPrivateKey key) throws Exception {
    return ca.issue(key.publicKey(), "CN=columns").get(0);
  }

  @Test
  void theDriverOpensWhatWeEncrypted() throws Exception {
    byte[] encrypted = OURS.encryptColumnEncryptionKey(PATH, OAEP, columnKey);

    try (BorrowedKeyStore store = BorrowedKeyStore.install(encrypting, certificate(signing))) {
      assertArrayEquals(columnKey, driver.decryptColumnEncryptionKey(PATH, OAEP, encrypted));
    }
  }

  @Test
  void weOpenWhatTheDriverEncrypted() throws Exception {
    byte[] encrypted;
    try (BorrowedKeyStore store = BorrowedKeyStore.install(signing, certificate(encrypting))) {
      encrypted = driver.encryptColumnEncryptionKey(PATH, OAEP, columnKey);
    }

    assertArrayEquals(columnKey, OURS.decryptColumnEncryptionKey(PATH, OAEP, encrypted));
  }

  @Test
  void everyChangedByteIsRefusedBeforeDecrypting() {
    byte[] encrypted = OURS.encryptColumnEncryptionKey(PATH, OAEP, columnKey);

    for (int i = 0; i < encrypted.length; i += 7) {
      byte[] changed = encrypted.clone();
      changed[i] ^= 1;
      assertThrows(
          KmsException.InvalidCiphertext.class,
          () -> OURS.decryptColumnEncryptionKey(PATH, OAEP, changed),
          "byte " + i);
    }
    assertThrows(
        KmsException.InvalidCiphertext.class,
        () -> OURS.decryptColumnEncryptionKey(PATH, OAEP, new byte[0]));
  }

  @Test
  void aKeyPathNamesTwoKeysOfTheRightUse() {
    for (String path : new String[] {"", "alias/columns", "a;b;c"}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> OURS.encryptColumnEncryptionKey(path, OAEP, columnKey),
          path);
    }
    assertThrows(
        KmsException.InvalidKeyUsage.class,
        () -> OURS.encryptColumnEncryptionKey("alias/columns;alias/columns", OAEP, columnKey));
    assertThrows(
        IllegalArgumentException.class,
        () -> OURS.encryptColumnEncryptionKey(PATH, "RSA1_5", columnKey));
  }

  @Test
  void metadataOfAMasterKeyIsVerifiedForEnclavesOnly() throws Exception {
    MessageDigest hash = MessageDigest.getInstance("SHA-256");
    hash.update("strongroom".getBytes(UTF_16LE));
    hash.update("alias/columns;alias/columns-signing".getBytes(UTF_16LE));
    hash.update("true".getBytes(UTF_16LE));
    Signature signer = Signature.getInstance("SHA256withRSA");
    signer.initSign(signing);
    signer.update(hash.digest());
    byte[] signature = signer.sign();

    assertEquals("STRONGROOM", OURS.getName());
    assertTrue(OURS.verifyColumnMasterKeyMetadata(PATH, true, signature));
    assertFalse(OURS.verifyColumnMasterKeyMetadata(PATH, false, signature));
    signature[9] ^= 1;
    assertFalse(OURS.verifyColumnMasterKeyMetadata(PATH, true, signature));
  }
}
