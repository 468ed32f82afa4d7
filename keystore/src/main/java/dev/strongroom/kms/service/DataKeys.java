// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KeyType;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.crypto.RandomBytes;
import dev.strongroom.kms.key.KeyMaterial;
import dev.strongroom.kms.key.backing.SoftwareKeyring;
import java.util.Arrays;
import java.util.Map;

/** GenerateDataKey and GenerateDataKeyPair, with and without plaintext. */
final class DataKeys {
  private static final Map<String, String> AES_256 = Map.of("keySpec", "AES_256");
  private static final Map<String, String> AES_128 = Map.of("keySpec", "AES_128");

  private final Gate gate;
  private final RandomBytes random;
  private final SoftwareKeyring pairs;

  DataKeys(Gate gate, RandomBytes random, SoftwareKeyring pairs) {
    this.gate = gate;
    this.random = random;
    this.pairs = pairs;
  }

  GenerateDataKeyResult generate(Caller caller, KeyRef ref, int bytes, EncryptionContext context) {
    Call call = new Call(caller, Operation.GENERATE_DATA_KEY, context, parameters(bytes));
    return gate.run(
        call,
        ref,
        KeyUsage.ENCRYPT_DECRYPT,
        key -> {
          requireSymmetric(key);
          byte[] dataKey = newDataKey(bytes);
          byte[] blob = Encryption.seal(key, dataKey, context);
          return new GenerateDataKeyResult(
              key.key().arn(), key.current().materialId(), dataKey, blob);
        });
  }

  EncryptResult generateWithoutPlaintext(
      Caller caller, KeyRef ref, int bytes, EncryptionContext context) {
    Call call =
        new Call(caller, Operation.GENERATE_DATA_KEY_WITHOUT_PLAINTEXT, context, parameters(bytes));
    return gate.run(
        call,
        ref,
        KeyUsage.ENCRYPT_DECRYPT,
        key -> {
          requireSymmetric(key);
          byte[] dataKey = newDataKey(bytes);
          try {
            return new EncryptResult(
                key.key().arn(),
                EncryptionAlgorithm.SYMMETRIC_DEFAULT,
                key.current().materialId(),
                Encryption.seal(key, dataKey, context));
          } finally {
            Arrays.fill(dataKey, (byte) 0);
          }
        });
  }

  private static Map<String, String> parameters(int bytes) {
    return switch (bytes) {
      case 32 -> AES_256;
      case 16 -> AES_128;
      default -> Map.of("numberOfBytes", Integer.toString(bytes));
    };
  }

  private byte[] newDataKey(int bytes) {
    if (bytes < 1 || bytes > Kms.MAX_RANDOM_BYTES) {
      throw new KmsException.Validation(
          "A data key has 1 to 1024 bytes, not " + bytes + ". AES_256 has 32.");
    }
    return random.next(bytes);
  }

  GenerateDataKeyPairResult generatePair(
      Caller caller, KeyRef ref, CmkSpec pairSpec, EncryptionContext context) {
    return pair(Operation.GENERATE_DATA_KEY_PAIR, caller, ref, pairSpec, context);
  }

  GenerateDataKeyPairResult generatePairWithoutPlaintext(
      Caller caller, KeyRef ref, CmkSpec pairSpec, EncryptionContext context) {
    return pair(Operation.GENERATE_DATA_KEY_PAIR_WITHOUT_PLAINTEXT, caller, ref, pairSpec, context);
  }

  private GenerateDataKeyPairResult pair(
      Operation operation, Caller caller, KeyRef ref, CmkSpec pairSpec, EncryptionContext context) {
    Call call = new Call(caller, operation, context, Map.of("keyPairSpec", pairSpec.name()));
    return gate.run(
        call,
        ref,
        KeyUsage.ENCRYPT_DECRYPT,
        key -> {
          requireSymmetric(key);
          boolean withPlaintext = operation == Operation.GENERATE_DATA_KEY_PAIR;
          return newPair(key, pairSpec, context, withPlaintext);
        });
  }

  private GenerateDataKeyPairResult newPair(
      LiveKey key, CmkSpec pairSpec, EncryptionContext context, boolean withPlaintext) {
    if (!pairSpec.isDataKeyPairSpec()) {
      throw new KmsException.Validation(
          pairSpec + " is not the spec of a key pair. Use RSA_2048, ECC_NIST_P256 or another.");
    }
    SoftwareKeyring.GeneratedKey pair = pairs.generate(pairSpec);
    try (KeyMaterial material = pair.material()) {
      byte[] blob = material.use(bytes -> Encryption.seal(key, bytes, context));
      byte[] privateKey = withPlaintext ? material.use(byte[]::clone) : new byte[0];
      return new GenerateDataKeyPairResult(
          key.key().arn(),
          key.current().materialId(),
          pairSpec,
          pair.publicKey(),
          privateKey,
          blob);
    }
  }

  private static void requireSymmetric(LiveKey key) {
    if (key.key().spec().type() != KeyType.SYMMETRIC) {
      throw new KmsException.InvalidKeyUsage(
          key.key().arn()
              + " has the spec "
              + key.key().spec()
              + "; data keys are made under keys of spec SYMMETRIC_DEFAULT.");
    }
  }
}
