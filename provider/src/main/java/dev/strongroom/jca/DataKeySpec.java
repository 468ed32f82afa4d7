// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KmsSecretKey;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.service.Kms;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Map;

/**
 * What a {@code KeyGenerator} {@code KmsDataKey} is to make: a data key of a length, under a KMS
 * key and an encryption context.
 *
 * <p>The KMS key is a handle, or a name that the provider's own caller resolves: an alias, with or
 * without {@code alias/}, a key id or an ARN.
 */
public final class DataKeySpec implements AlgorithmParameterSpec {
  private static final int AES_256_BYTES = 32;
  private static final int AES_128_BYTES = 16;

  private final CmkChoice cmk;
  private final int length;
  private final EncryptionContext context;

  private DataKeySpec(CmkChoice cmk, int length, Map<String, String> context) {
    if (length < 1 || length > Kms.MAX_RANDOM_BYTES) {
      throw new IllegalArgumentException(
          "A data key of " + length + " bytes was asked for; it has 1 to 1024.");
    }
    this.cmk = cmk;
    this.length = length;
    this.context = EncryptionContext.of(context);
  }

  /** Asks for a key for AES-256. */
  public static DataKeySpec aes256(KmsSecretKey cmk, Map<String, String> context) {
    return new DataKeySpec(CmkChoice.of(cmk), AES_256_BYTES, context);
  }

  /** Asks for a key for AES-256. */
  public static DataKeySpec aes256(String cmk, Map<String, String> context) {
    return new DataKeySpec(CmkChoice.of(cmk), AES_256_BYTES, context);
  }

  /** Asks for a key for AES-128. */
  public static DataKeySpec aes128(KmsSecretKey cmk, Map<String, String> context) {
    return new DataKeySpec(CmkChoice.of(cmk), AES_128_BYTES, context);
  }

  /** Asks for a key for AES-128. */
  public static DataKeySpec aes128(String cmk, Map<String, String> context) {
    return new DataKeySpec(CmkChoice.of(cmk), AES_128_BYTES, context);
  }

  /**
   * Asks for a key of any length.
   *
   * @param length 1 to 1024 bytes
   */
  public static DataKeySpec bytes(KmsSecretKey cmk, int length, Map<String, String> context) {
    return new DataKeySpec(CmkChoice.of(cmk), length, context);
  }

  /**
   * Asks for a key of any length.
   *
   * @param length 1 to 1024 bytes
   */
  public static DataKeySpec bytes(String cmk, int length, Map<String, String> context) {
    return new DataKeySpec(CmkChoice.of(cmk), length, context);
  }

  CmkChoice cmk() {
    return cmk;
  }

  int length() {
    return length;
  }

  EncryptionContext context() {
    return context;
  }
}
