// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KmsEdPrivateKey;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.service.Kms;
import dev.strongroom.kms.service.SignRequest;
import java.security.InvalidAlgorithmParameterException;
import java.security.SignatureException;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.EdDSAParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * {@code Ed25519}, also as {@code EdDSA}: signs messages of up to 4096 bytes, which go to the KMS
 * as they are, because Ed25519 hashes the message twice with secrets.
 */
final class KmsEdDsaSignatureSpi extends KmsSignatureSpi<KmsEdPrivateKey> {
  private final MessageBuffer message = new MessageBuffer(Kms.MAX_MESSAGE_BYTES);

  KmsEdDsaSignatureSpi(String name) {
    super(name, KmsEdPrivateKey.class, null);
  }

  @Override
  void updateOurs(byte[] bytes, int offset, int count) {
    message.add(bytes, offset, count);
  }

  @Override
  void reset() {
    message.clear();
  }

  @Override
  SignRequest request() throws SignatureException {
    if (message.isTooLong()) {
      long length = message.length();
      message.clear();
      throw new SignatureException(
          "An Ed25519 key of the KMS signs up to 4096 bytes, not "
              + length
              + ". Sign the SHA-512 of the message, or use an ECDSA key, which has no limit.");
    }
    byte[] bytes = message.toBytes();
    message.clear();
    return SignRequest.raw(SigningAlgorithm.ED25519_SHA_512, bytes);
  }

  /** Takes the parameters of plain Ed25519: no pre-hash and no context (RFC 8032 §5.1). */
  @Override
  void requireDoable(@Nullable AlgorithmParameterSpec wanted)
      throws InvalidAlgorithmParameterException {
    if (wanted != null
        && !(wanted instanceof EdDSAParameterSpec plain
            && !plain.isPrehash()
            && plain.getContext().isEmpty())) {
      throw new InvalidAlgorithmParameterException(
          "A KMS key signs plain Ed25519: no pre-hash and no context. Leave the parameters out.");
    }
  }
}
