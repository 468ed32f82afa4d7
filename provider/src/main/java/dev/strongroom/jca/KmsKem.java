// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KmsMlKemPrivateKey;
import dev.strongroom.keystore.PostQuantumKeys;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KmsException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code ML-KEM}, and {@code ML-KEM-768} and its kind: decapsulates by KMS Decapsulate, and
 * encapsulates here, with public keys of any provider. Says nothing of {@code javax.crypto.KEM},
 * which {@link KemSpis} connects it to.
 */
final class KmsKem {
  static final int SECRET_BYTES = 32;

  private final String name;

  KmsKem(String name) {
    this.name = name;
  }

  /** One end of an exchange. */
  sealed interface End permits Sender, Receiver {
    /** Returns the length of an encapsulation in bytes. */
    int encapsulationBytes();
  }

  /** Encapsulates. */
  record Sender(PublicKey publicKey, @Nullable SecureRandom random, int encapsulationBytes)
      implements End {

    PostQuantumKeys.Encapsulated encapsulate() {
      try {
        return PostQuantumKeys.encapsulate(publicKey, random);
      } catch (InvalidKeyException e) {
        throw new IllegalStateException("The key was one when it was given", e);
      }
    }
  }

  /** Decapsulates; every call is authorized and recorded. */
  record Receiver(KmsMlKemPrivateKey key, int encapsulationBytes) implements End {

    /**
     * @throws KmsException as Decapsulate does
     */
    byte[] decapsulate(byte[] encapsulation) {
      return key.kms().decapsulate(key.caller(), key.arn(), encapsulation);
    }
  }

  Sender sender(
      @Nullable PublicKey publicKey,
      @Nullable AlgorithmParameterSpec parameters,
      @Nullable SecureRandom random)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    requireNone(parameters);
    PublicKey given = requireKey(publicKey);
    String set = requireSet(PostQuantumKeys.mlKemParameterSet(given));
    return new Sender(given, random, encapsulationBytes(set));
  }

  Receiver receiver(@Nullable PrivateKey privateKey, @Nullable AlgorithmParameterSpec parameters)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    requireNone(parameters);
    KmsMlKemPrivateKey handle = JcaErrors.ours(privateKey, KmsMlKemPrivateKey.class, "KEM " + name);
    String set = requireSet(handle.getParams().getName());
    return new Receiver(handle, encapsulationBytes(set));
  }

  private static PublicKey requireKey(@Nullable PublicKey key) throws InvalidKeyException {
    if (key == null) {
      throw new InvalidKeyException("The key is null");
    }
    return Objects.requireNonNull(key);
  }

  private void requireNone(@Nullable AlgorithmParameterSpec parameters)
      throws InvalidAlgorithmParameterException {
    if (parameters != null) {
      throw new InvalidAlgorithmParameterException(name + " takes no parameters");
    }
  }

  private String requireSet(String set) throws InvalidKeyException {
    if (!name.equals("ML-KEM") && !name.equals(set)) {
      throw new InvalidKeyException(
          name + " does not work with a key of " + set + ". Use ML-KEM for any of them.");
    }
    return set;
  }

  /** FIPS 203 §8, table 3. */
  private static int encapsulationBytes(String set) {
    return switch (CmkSpec.valueOf(set.replace('-', '_'))) {
      case ML_KEM_512 -> 768;
      case ML_KEM_768 -> 1088;
      case ML_KEM_1024 -> 1568;
      default -> throw new IllegalArgumentException(set + " is not an ML-KEM parameter set");
    };
  }
}
