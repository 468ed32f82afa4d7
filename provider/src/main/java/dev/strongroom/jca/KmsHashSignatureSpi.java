// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.service.SignRequest;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * {@code SHA256withRSA}, {@code SHA256withECDSA} and their kind: hashes here, signs the hash there.
 * Messages have no limit of size.
 *
 * @param <K> the handles that sign like this
 */
final class KmsHashSignatureSpi<K extends KmsPrivateKey> extends KmsSignatureSpi<K> {
  private final SigningAlgorithm algorithm;
  private final EcdsaEncoding encoding;
  private @Nullable MessageDigest digest;

  KmsHashSignatureSpi(
      String name, Class<K> handles, SigningAlgorithm algorithm, EcdsaEncoding encoding) {
    super(name, handles, null);
    this.algorithm = algorithm;
    this.encoding = encoding;
  }

  @Override
  void updateOurs(byte[] bytes, int offset, int count) {
    digest().update(bytes, offset, count);
  }

  @Override
  void reset() {
    digest().reset();
  }

  @Override
  SignRequest request() {
    return SignRequest.digest(algorithm, digest().digest());
  }

  @Override
  byte[] encode(byte[] signature, K signer) {
    return encoding.of(signature, signer.metadata().spec());
  }

  private MessageDigest digest() {
    if (digest == null) {
      digest = Hashes.of(algorithm.hash());
    }
    return digest;
  }
}
