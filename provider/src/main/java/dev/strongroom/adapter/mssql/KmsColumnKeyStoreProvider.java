// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.adapter.mssql;

import com.microsoft.sqlserver.jdbc.SQLServerColumnEncryptionKeyStoreProvider;
import dev.strongroom.jca.StrongroomProvider;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Sha256;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.service.SignRequest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Opens the column encryption keys of SQL Server's Always Encrypted with KMS keys.
 *
 * <pre>{@code
 * SQLServerConnection.registerColumnEncryptionKeyStoreProviders(
 *     Map.of("STRONGROOM", new KmsColumnKeyStoreProvider()));
 * }</pre>
 *
 * <pre>
 * CREATE COLUMN MASTER KEY Columns WITH (KEY_STORE_PROVIDER_NAME = 'STRONGROOM',
 *   KEY_PATH = 'alias/columns;alias/columns-signing')
 * </pre>
 *
 * <p>A KMS key is for one use, therefore a key path names two RSA keys: the first, of usage
 * ENCRYPT_DECRYPT, encrypts column encryption keys, the second, of usage SIGN_VERIFY, signs them.
 * Each is an alias, with or without {@code alias/}, a key id or an ARN; letter case counts. Every
 * call is authorized and recorded. What is encrypted is in the format of the driver's {@code
 * MSSQL_JAVA_KEYSTORE}.
 *
 * <p>Methods throw {@link KmsException}, as the driver's own exception cannot be made, and an
 * {@link IllegalArgumentException} for a key path or an algorithm that is none. Thread-safe.
 */
public final class KmsColumnKeyStoreProvider extends SQLServerColumnEncryptionKeyStoreProvider {

  /** The name that the driver and SQL Server know it by, unless another one is set. */
  public static final String NAME = "STRONGROOM";

  private static final EncryptionAlgorithm OAEP = EncryptionAlgorithm.RSAES_OAEP_SHA_1;
  private static final SigningAlgorithm PKCS1 = SigningAlgorithm.RSASSA_PKCS1_V1_5_SHA_256;

  private final @Nullable StrongroomProvider provider;
  private volatile String name = NAME;

  /** Makes one on the installed provider, which is looked up at each call. */
  public KmsColumnKeyStoreProvider() {
    this.provider = null;
  }

  /** Makes one on a provider, which need not be installed. */
  public KmsColumnKeyStoreProvider(StrongroomProvider provider) {
    this.provider = provider;
  }

  private StrongroomProvider provider() {
    return provider == null ? StrongroomProvider.installed() : provider;
  }

  @Override
  public void setName(String newName) {
    name = newName;
  }

  @Override
  public String getName() {
    return name;
  }

  /** Returns the key in the format of {@link EncryptedColumnKey}. */
  @Override
  public byte[] encryptColumnEncryptionKey(
      String masterKeyPath, String encryptionAlgorithm, byte[] columnEncryptionKey) {
    KeyPath keys = KeyPath.parse(masterKeyPath);
    requireOaep(encryptionAlgorithm);
    StrongroomProvider kms = provider();
    byte[] ciphertext =
        kms.kms()
            .encrypt(
                kms.caller(), keys.encrypting(), OAEP, columnEncryptionKey, EncryptionContext.EMPTY)
            .ciphertextBlob();
    EncryptedColumnKey unsigned = EncryptedColumnKey.unsigned(masterKeyPath, ciphertext);
    SignRequest request = SignRequest.digest(PKCS1, Sha256.of(unsigned.signedBytes()));
    return unsigned.withSignature(kms.kms().sign(kms.caller(), keys.signing(), request));
  }

  /**
   * Returns the column encryption key, after its signature was verified.
   *
   * @throws KmsException.InvalidCiphertext for every cryptographic failure
   */
  @Override
  public byte[] decryptColumnEncryptionKey(
      String masterKeyPath, String encryptionAlgorithm, byte[] encryptedColumnEncryptionKey) {
    KeyPath keys = KeyPath.parse(masterKeyPath);
    requireOaep(encryptionAlgorithm);
    EncryptedColumnKey encrypted = EncryptedColumnKey.parse(encryptedColumnEncryptionKey);
    SignRequest request = SignRequest.digest(PKCS1, Sha256.of(encrypted.signedBytes()));
    if (!verifies(keys, request, encrypted.signature())) {
      throw new KmsException.InvalidCiphertext();
    }
    StrongroomProvider kms = provider();
    return kms.kms()
        .decrypt(
            kms.caller(), keys.encrypting(), OAEP, encrypted.ciphertext(), EncryptionContext.EMPTY)
        .plaintext();
  }

  /** Returns whether SQL Server may use column master keys of that path in enclaves. */
  @Override
  public boolean verifyColumnMasterKeyMetadata(
      String masterKeyPath, boolean allowEnclaveComputations, byte[] signature) {
    KeyPath keys = KeyPath.parse(masterKeyPath);
    if (!allowEnclaveComputations) {
      return false;
    }
    String facts = (name + masterKeyPath).toLowerCase(Locale.ROOT) + "true";
    byte[] hash = Sha256.of(facts.getBytes(StandardCharsets.UTF_16LE));
    return verifies(keys, SignRequest.raw(PKCS1, hash), signature);
  }

  private boolean verifies(KeyPath keys, SignRequest request, byte[] signature) {
    StrongroomProvider kms = provider();
    try {
      kms.kms().verify(kms.caller(), keys.signing(), request, signature);
      return true;
    } catch (KmsException.InvalidSignature e) {
      return false;
    }
  }

  private static void requireOaep(@Nullable String algorithm) {
    if (algorithm == null || !algorithm.strip().equalsIgnoreCase("RSA_OAEP")) {
      throw new IllegalArgumentException(
          "Column encryption keys are encrypted with RSA_OAEP, not with " + algorithm + ".");
    }
  }
}
