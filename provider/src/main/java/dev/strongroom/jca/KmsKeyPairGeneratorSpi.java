// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyType;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.service.Kms;
import java.math.BigInteger;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidParameterException;
import java.security.KeyPair;
import java.security.KeyPairGeneratorSpi;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code KeyPairGenerator} {@code KmsRSA}, {@code KmsEC}, {@code KmsEd25519}, {@code KmsX25519},
 * {@code KmsML-DSA} and {@code KmsML-KEM}: KMS CreateKey. The public key is one of the JDK's, where
 * it has such keys; the private key is a handle; every pair is a KMS key that stays.
 *
 * <p>The names are ours alone, because JCA goes on silently with a software key where a generator
 * of a common name fails.
 */
final class KmsKeyPairGeneratorSpi extends KeyPairGeneratorSpi {
  // Names of curves and of parameter sets in lower case; the JDK's and NIST's, and object
  // identifiers.
  private static final Map<String, CmkSpec> NAMED =
      Map.ofEntries(
          Map.entry("secp256r1", CmkSpec.ECC_NIST_P256),
          Map.entry("prime256v1", CmkSpec.ECC_NIST_P256),
          Map.entry("x9.62 prime256v1", CmkSpec.ECC_NIST_P256),
          Map.entry("p-256", CmkSpec.ECC_NIST_P256),
          Map.entry("nist p-256", CmkSpec.ECC_NIST_P256),
          Map.entry("1.2.840.10045.3.1.7", CmkSpec.ECC_NIST_P256),
          Map.entry("secp384r1", CmkSpec.ECC_NIST_P384),
          Map.entry("p-384", CmkSpec.ECC_NIST_P384),
          Map.entry("nist p-384", CmkSpec.ECC_NIST_P384),
          Map.entry("1.3.132.0.34", CmkSpec.ECC_NIST_P384),
          Map.entry("secp521r1", CmkSpec.ECC_NIST_P521),
          Map.entry("p-521", CmkSpec.ECC_NIST_P521),
          Map.entry("nist p-521", CmkSpec.ECC_NIST_P521),
          Map.entry("1.3.132.0.35", CmkSpec.ECC_NIST_P521),
          Map.entry("secp256k1", CmkSpec.ECC_SECG_P256K1),
          Map.entry("1.3.132.0.10", CmkSpec.ECC_SECG_P256K1),
          Map.entry("ed25519", CmkSpec.ECC_NIST_EDWARDS25519),
          Map.entry("x25519", CmkSpec.X25519),
          Map.entry("ml-dsa-44", CmkSpec.ML_DSA_44),
          Map.entry("ml-dsa-65", CmkSpec.ML_DSA_65),
          Map.entry("ml-dsa-87", CmkSpec.ML_DSA_87),
          Map.entry("ml-kem-512", CmkSpec.ML_KEM_512),
          Map.entry("ml-kem-768", CmkSpec.ML_KEM_768),
          Map.entry("ml-kem-1024", CmkSpec.ML_KEM_1024));

  private final String name;
  private final CmkSpec usual;
  private final Connection connection;
  private KmsKeySpec spec;

  /**
   * Makes a generator.
   *
   * @param usual what is made without parameters; all others must be of its type
   */
  KmsKeyPairGeneratorSpi(String name, CmkSpec usual, Connection connection) {
    this.name = name;
    this.usual = usual;
    this.connection = connection;
    this.spec = KmsKeySpec.of(usual);
  }

  /**
   * Chooses a length; parameter sets of lattices have none. The random source is not used: the KMS
   * has its own.
   */
  @Override
  public void initialize(int bits, @Nullable SecureRandom random) {
    spec =
        kinds().stream()
            .filter(kind -> kind.type() != KeyType.ML_DSA && kind.type() != KeyType.ML_KEM)
            .filter(kind -> kind.bits() == bits)
            .findFirst()
            .map(KmsKeySpec::of)
            .orElseThrow(() -> new InvalidParameterException(notMade(bits + " bits")));
  }

  /** The random source is not used: the KMS has its own. */
  @Override
  public void initialize(@Nullable AlgorithmParameterSpec parameters, @Nullable SecureRandom random)
      throws InvalidAlgorithmParameterException {
    if (parameters instanceof RSAKeyGenParameterSpec rsa) {
      spec = KmsKeySpec.of(ofOurType(rsaKind(rsa), rsa.getKeysize() + " bits"));
    } else if (parameters instanceof NamedParameterSpec named) {
      CmkSpec kind = NAMED.get(named.getName().toLowerCase(Locale.ROOT));
      spec = KmsKeySpec.of(ofOurType(Optional.ofNullable(kind), named.getName()));
    } else {
      KmsKeySpec ours = JcaErrors.ours(parameters, KmsKeySpec.class, "KeyPairGenerator " + name);
      CmkSpec kind = ours.request().spec();
      ofOurType(Optional.of(kind), kind.name());
      spec = ours;
    }
  }

  private Optional<CmkSpec> rsaKind(RSAKeyGenParameterSpec rsa)
      throws InvalidAlgorithmParameterException {
    BigInteger exponent = rsa.getPublicExponent();
    if (!exponent.equals(RSAKeyGenParameterSpec.F4)) {
      throw new InvalidAlgorithmParameterException(
          "RSA keys of the KMS have the public exponent 65537, not " + exponent + ".");
    }
    return kinds().stream().filter(kind -> kind.bits() == rsa.getKeysize()).findFirst();
  }

  private CmkSpec ofOurType(Optional<CmkSpec> kind, String wanted)
      throws InvalidAlgorithmParameterException {
    return kind.filter(kinds()::contains)
        .orElseThrow(() -> new InvalidAlgorithmParameterException(notMade(wanted)));
  }

  private List<CmkSpec> kinds() {
    return Arrays.stream(CmkSpec.values()).filter(kind -> kind.type() == usual.type()).toList();
  }

  private String notMade(String wanted) {
    return "KeyPairGenerator "
        + name
        + " does not make keys of "
        + wanted
        + ". It makes: "
        + kinds().stream().map(CmkSpec::name).collect(Collectors.joining(", "))
        + ".";
  }

  @Override
  public KeyPair generateKeyPair() {
    try {
      Kms kms = connection.kms();
      Caller caller = connection.caller();
      KmsPrivateKey key =
          KmsPrivateKey.of(
              kms, caller, kms.getPublicKey(caller, kms.createKey(caller, spec.request()).arn()));
      return new KeyPair(key.publicKey(), key);
    } catch (KmsException e) {
      throw JcaErrors.unchecked(e);
    }
  }
}
