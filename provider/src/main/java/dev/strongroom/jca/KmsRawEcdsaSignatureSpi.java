// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KmsEcPrivateKey;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.service.SignRequest;
import java.security.SignatureException;
import java.util.Map;

/** {@code NONEwithECDSA}: signs a hash that the caller made, of 20, 28, 32, 48 or 64 bytes. */
final class KmsRawEcdsaSignatureSpi extends KmsSignatureSpi<KmsEcPrivateKey> {
  private static final int MAX_HASH_BYTES = 64;

  private static final Map<Integer, SigningAlgorithm> BY_HASH_BYTES =
      Map.of(
          20, SigningAlgorithm.ECDSA_SHA_1,
          28, SigningAlgorithm.ECDSA_SHA_224,
          32, SigningAlgorithm.ECDSA_SHA_256,
          48, SigningAlgorithm.ECDSA_SHA_384,
          64, SigningAlgorithm.ECDSA_SHA_512);

  private final EcdsaEncoding encoding;
  private final MessageBuffer hash = new MessageBuffer(MAX_HASH_BYTES);

  KmsRawEcdsaSignatureSpi(String name, EcdsaEncoding encoding) {
    super(name, KmsEcPrivateKey.class, null);
    this.encoding = encoding;
  }

  @Override
  void updateOurs(byte[] bytes, int offset, int count) {
    hash.add(bytes, offset, count);
  }

  @Override
  void reset() {
    hash.clear();
  }

  @Override
  SignRequest request() throws SignatureException {
    SigningAlgorithm algorithm = hash.isTooLong() ? null : BY_HASH_BYTES.get((int) hash.length());
    if (algorithm == null) {
      long length = hash.length();
      hash.clear();
      throw new SignatureException(
          "NONEwithECDSA signs a hash of 20, 28, 32, 48 or 64 bytes, not "
              + length
              + " bytes. Use SHA256withECDSA for a message.");
    }
    byte[] digest = hash.toBytes();
    hash.clear();
    return SignRequest.digest(algorithm, digest);
  }

  @Override
  byte[] encode(byte[] signature, KmsEcPrivateKey signer) {
    return encoding.of(signature, signer.metadata().spec());
  }
}
