// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.MessageType;
import dev.strongroom.kms.SigningAlgorithm;
import java.util.Optional;

/** What Sign and Verify are asked for. Not a record, because it holds an array; not a secret. */
public final class SignRequest {
  private final SigningAlgorithm algorithm;
  private final MessageType messageType;
  private final byte[] message;
  private final Optional<String> keyMaterialId;

  private SignRequest(SigningAlgorithm algorithm, MessageType messageType, byte[] message) {
    this(algorithm, messageType, message, Optional.empty());
  }

  private SignRequest(
      SigningAlgorithm algorithm,
      MessageType messageType,
      byte[] message,
      Optional<String> keyMaterialId) {
    this.algorithm = algorithm;
    this.messageType = messageType;
    this.message = message;
    this.keyMaterialId = keyMaterialId;
  }

  /**
   * Asks to sign a message, which the KMS hashes.
   *
   * @param message up to 4096 bytes; kept, not copied
   */
  public static SignRequest raw(SigningAlgorithm algorithm, byte[] message) {
    return new SignRequest(algorithm, MessageType.RAW, message);
  }

  /**
   * Asks to sign the hash of a message.
   *
   * @param digest as long as the algorithm's hash; kept, not copied
   */
  public static SignRequest digest(SigningAlgorithm algorithm, byte[] digest) {
    return new SignRequest(algorithm, MessageType.DIGEST, digest);
  }

  /**
   * Asks to sign a message that was hashed elsewhere in ML-DSA's way.
   *
   * @param algorithm ML_DSA_SHAKE_256; others are refused by the KMS
   * @param mu the 64 bytes of FIPS 204 §6.2, made with this key's public half; kept, not copied
   */
  public static SignRequest externalMu(SigningAlgorithm algorithm, byte[] mu) {
    return new SignRequest(algorithm, MessageType.EXTERNAL_MU, mu);
  }

  /**
   * Returns the same, asked of one generation of a key that was rotated: Sign takes that and not
   * the newest, Verify that and not all of them.
   *
   * @param id as GetPublicKey and ListKeyRotations give it
   */
  public SignRequest withKeyMaterialId(String id) {
    return new SignRequest(algorithm, messageType, message, Optional.of(id));
  }

  /** Returns which generation is asked; empty where it is not said. */
  public Optional<String> keyMaterialId() {
    return keyMaterialId;
  }

  public SigningAlgorithm algorithm() {
    return algorithm;
  }

  public MessageType messageType() {
    return messageType;
  }

  /** Returns the array itself; nobody changes it. */
  public byte[] message() {
    return message;
  }
}
