// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import java.io.IOException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Locale;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.SecretWithEncapsulation;
import org.bouncycastle.crypto.kems.MLKEMGenerator;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.params.MLKEMPublicKeyParameters;
import org.bouncycastle.crypto.signers.MLDSASigner;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.jspecify.annotations.Nullable;

/**
 * What is done with public ML-DSA and ML-KEM keys on this side of the KMS. Keys of any provider are
 * taken, by their X.509 encoding.
 */
public final class PostQuantumKeys {
  private PostQuantumKeys() {}

  /** Reads a public key into the JDK's own class, or where it has none into one of ours. */
  static PublicKey publicKey(String algorithm, byte[] spki) {
    try {
      String provider = algorithm.equals("ML-DSA") ? "SUN" : "SunJCE";
      return KeyFactory.getInstance(algorithm, provider)
          .generatePublic(new X509EncodedKeySpec(spki));
    } catch (NoSuchAlgorithmException beforeJdk24) {
      return new PostQuantumPublicKey(algorithm, parameterSet(parse(spki)), spki.clone());
    } catch (InvalidKeySpecException | NoSuchProviderException e) {
      throw new IllegalArgumentException(
          "Not a DER SubjectPublicKeyInfo of a key of type " + algorithm, e);
    }
  }

  private static AsymmetricKeyParameter parse(byte[] spki) {
    try {
      return PublicKeyFactory.createKey(spki);
    } catch (IOException e) {
      throw new IllegalArgumentException("Not a DER SubjectPublicKeyInfo", e);
    }
  }

  /** Returns the standard name: {@code ML-DSA-65} or {@code ML-KEM-768}. */
  private static String parameterSet(AsymmetricKeyParameter key) {
    String name =
        key instanceof MLDSAPublicKeyParameters dsa
            ? dsa.getParameters().getName()
            : ((MLKEMPublicKeyParameters) key).getParameters().getName();
    return name.toUpperCase(Locale.ROOT);
  }

  /** Hashes a message for ML-DSA, piece by piece. Not thread-safe. */
  public static final class Mu {
    private final MLDSASigner hasher = new MLDSASigner();
    private final MLDSAPublicKeyParameters key;

    /** Starts with the public half of the key that will sign. */
    public Mu(PublicKey publicKey) {
      this.key = (MLDSAPublicKeyParameters) parse(publicKey.getEncoded());
      reset();
    }

    public void update(byte[] bytes, int offset, int count) {
      hasher.update(bytes, offset, count);
    }

    /** Returns the 64 bytes μ (FIPS 204 §6.2, with an empty context), and starts anew. */
    public byte[] finish() {
      try {
        return hasher.generateMu();
      } catch (CryptoException e) {
        throw new AssertionError("Hashing does not fail", e);
      } finally {
        reset();
      }
    }

    /** Forgets the message. */
    public void reset() {
      hasher.init(false, key);
    }
  }

  /** A secret and what is sent for it. Not a record: a record would print the secret. */
  public static final class Encapsulated {
    private final byte[] secret;
    private final byte[] encapsulation;

    private Encapsulated(byte[] secret, byte[] encapsulation) {
      this.secret = secret;
      this.encapsulation = encapsulation;
    }

    /** Returns the array itself, 32 bytes, which belongs to the receiver. */
    public byte[] secret() {
      return secret;
    }

    /** Returns the array itself, which belongs to the receiver. */
    public byte[] encapsulation() {
      return encapsulation;
    }
  }

  /**
   * Makes a secret for the owner of an ML-KEM key (FIPS 203 §7.2).
   *
   * @param random null for a generator of the JDK's
   * @throws InvalidKeyException unless {@code publicKey} is an ML-KEM key with an X.509 encoding
   */
  public static Encapsulated encapsulate(PublicKey publicKey, @Nullable SecureRandom random)
      throws InvalidKeyException {
    SecureRandom source = random == null ? new SecureRandom() : random;
    SecretWithEncapsulation made =
        new MLKEMGenerator(source).generateEncapsulated(mlKem(publicKey));
    return new Encapsulated(made.getSecret(), made.getEncapsulation());
  }

  /**
   * Returns the parameter set of an ML-KEM key, as {@code ML-KEM-768}.
   *
   * @throws InvalidKeyException as above
   */
  public static String mlKemParameterSet(PublicKey publicKey) throws InvalidKeyException {
    return parameterSet(mlKem(publicKey));
  }

  private static MLKEMPublicKeyParameters mlKem(@Nullable PublicKey publicKey)
      throws InvalidKeyException {
    byte[] encoded =
        publicKey != null && "X.509".equals(publicKey.getFormat()) ? publicKey.getEncoded() : null;
    if (encoded != null) {
      try {
        if (PublicKeyFactory.createKey(encoded) instanceof MLKEMPublicKeyParameters key) {
          return key;
        }
      } catch (IOException | RuntimeException e) { // hostile input has many ways to be wrong
        throw new InvalidKeyException("Not an ML-KEM public key", e);
      }
    }
    throw new InvalidKeyException("Not an ML-KEM public key with an X.509 encoding");
  }
}
