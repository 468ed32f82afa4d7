// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.envelope;

import com.amazonaws.encryptionsdk.AwsCrypto;
import com.amazonaws.encryptionsdk.CommitmentPolicy;
import com.amazonaws.encryptionsdk.CryptoAlgorithm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.Base64;
import software.amazon.cryptography.materialproviders.IKeyring;
import software.amazon.cryptography.materialproviders.MaterialProviders;
import software.amazon.cryptography.materialproviders.model.AesWrappingAlg;
import software.amazon.cryptography.materialproviders.model.CreateRawAesKeyringInput;
import software.amazon.cryptography.materialproviders.model.CreateRawRsaKeyringInput;
import software.amazon.cryptography.materialproviders.model.MaterialProvidersConfig;
import software.amazon.cryptography.materialproviders.model.PaddingScheme;

/** The stock AWS Encryption SDK for Java, with raw keyrings. */
final class AwsSdk {
  private static final MaterialProviders PROVIDERS =
      MaterialProviders.builder()
          .MaterialProvidersConfig(MaterialProvidersConfig.builder().build())
          .build();

  private AwsSdk() {}

  /**
   * @param frameLength 0 writes messages in one piece
   */
  static AwsCrypto crypto(boolean signed, int frameLength) {
    return AwsCrypto.builder()
        .withCommitmentPolicy(CommitmentPolicy.RequireEncryptRequireDecrypt)
        .withEncryptionAlgorithm(
            signed
                ? CryptoAlgorithm.ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384
                : CryptoAlgorithm.ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY)
        .withEncryptionFrameSize(frameLength)
        .build();
  }

  static IKeyring aes(byte[] key) {
    AesWrappingAlg algorithm =
        switch (key.length) {
          case 16 -> AesWrappingAlg.ALG_AES128_GCM_IV12_TAG16;
          case 24 -> AesWrappingAlg.ALG_AES192_GCM_IV12_TAG16;
          default -> AesWrappingAlg.ALG_AES256_GCM_IV12_TAG16;
        };
    return PROVIDERS.CreateRawAesKeyring(
        CreateRawAesKeyringInput.builder()
            .keyNamespace("break-glass")
            .keyName("schlüssel 1")
            .wrappingKey(ByteBuffer.wrap(key))
            .wrappingAlg(algorithm)
            .build());
  }

  static IKeyring rsa(KeyPair pair, PaddingScheme padding) {
    return PROVIDERS.CreateRawRsaKeyring(
        CreateRawRsaKeyringInput.builder()
            .keyNamespace("break-glass")
            .keyName("rsa 1")
            .publicKey(pem("PUBLIC KEY", pair.getPublic().getEncoded()))
            .privateKey(pem("PRIVATE KEY", pair.getPrivate().getEncoded()))
            .paddingScheme(padding)
            .build());
  }

  private static ByteBuffer pem(String type, byte[] der) {
    String text =
        "-----BEGIN "
            + type
            + "-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
            + "\n-----END "
            + type
            + "-----\n";
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }
}
