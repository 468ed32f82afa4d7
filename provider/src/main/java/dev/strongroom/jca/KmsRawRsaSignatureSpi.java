// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KmsRsaPrivateKey;
import dev.strongroom.kms.DigestInfo;
import dev.strongroom.kms.KeyType;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.SigningAlgorithm.Padding;
import dev.strongroom.kms.service.SignRequest;
import java.security.SignatureException;
import java.util.Optional;

/**
 * {@code NONEwithRSA}: RSASSA-PKCS1-v1_5 over a DigestInfo that the caller made. It is taken apart,
 * so that the KMS is asked for a named algorithm, which policies and the audit trail know; what is
 * no DigestInfo is refused, because it would be a signature of anything.
 */
final class KmsRawRsaSignatureSpi extends KmsSignatureSpi<KmsRsaPrivateKey> {
  private final MessageBuffer info = new MessageBuffer(DigestInfo.MAX_BYTES);

  KmsRawRsaSignatureSpi(String name) {
    super(name, KmsRsaPrivateKey.class, null);
  }

  @Override
  void updateOurs(byte[] bytes, int offset, int count) {
    info.add(bytes, offset, count);
  }

  @Override
  void reset() {
    info.clear();
  }

  @Override
  SignRequest request() throws SignatureException {
    Optional<DigestInfo> parsed =
        info.isTooLong() ? Optional.empty() : DigestInfo.parse(info.toBytes());
    info.clear();
    DigestInfo found =
        parsed.orElseThrow(
            () ->
                new SignatureException(
                    name()
                        + " signs the DER of a DigestInfo with a hash of the SHA families, and this"
                        + " is none. Use SHA256withRSA for a message."));
    return SignRequest.digest(
        SigningAlgorithm.find(KeyType.RSA, Padding.PKCS1, found.hash()).orElseThrow(),
        found.digest());
  }
}
