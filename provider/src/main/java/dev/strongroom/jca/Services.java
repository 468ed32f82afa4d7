// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KmsEcPrivateKey;
import dev.strongroom.keystore.KmsEdPrivateKey;
import dev.strongroom.keystore.KmsKeyStoreSpi;
import dev.strongroom.keystore.KmsRsaPrivateKey;
import dev.strongroom.keystore.KmsSecretKey;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.MacAlgorithm;
import dev.strongroom.kms.SigningAlgorithm;
import java.security.InvalidParameterException;
import java.security.Key;
import java.security.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The list of what the provider offers.
 *
 * <p>Standard names carry {@code SupportedKeyClasses} with our handles only, so that JCA offers us
 * no other keys. Generators have names of our own: under a generic name JCA would go on silently
 * with a software key when ours fails.
 */
final class Services {
  private static final String[] NO_ALIASES = {};

  private final Provider provider;
  private final Connection connection;
  private final List<Provider.Service> services = new ArrayList<>();

  private Services(Provider provider, Connection connection) {
    this.provider = provider;
    this.connection = connection;
  }

  /** Returns all services but SecureRandom. */
  static List<Provider.Service> of(Provider provider, Connection connection) {
    Services list = new Services(provider, connection);
    list.offerAll();
    return List.copyOf(list.services);
  }

  /**
   * Returns {@code KmsRandom}, which is never registered: the first registered SecureRandom of the
   * first provider becomes what {@code new SecureRandom()} means.
   */
  static Provider.Service random(Provider provider, Connection connection) {
    return new KmsService(
        provider,
        new Name("SecureRandom", StrongroomProvider.RANDOM, NO_ALIASES),
        null,
        KmsRandomSpi.class,
        () -> new KmsRandomSpi(connection));
  }

  // spotless:off
  private void offerAll() {
    own("KeyStore",         "KMS",            KmsKeyStoreSpi.class,             KmsKeyStoreSpi::new);
    own("KeyGenerator",     "KmsDataKey",     KmsDataKeyGeneratorSpi.class,     KmsDataKeyGeneratorSpi::new);
    own("KeyPairGenerator", "KmsDataKeyPair", KmsDataKeyPairGeneratorSpi.class, KmsDataKeyPairGeneratorSpi::new);
    cmkPair("KmsRSA",     CmkSpec.RSA_3072);
    cmkPair("KmsEC",      CmkSpec.ECC_NIST_P256);
    cmkPair("KmsEd25519", CmkSpec.ECC_NIST_EDWARDS25519);

    keyed(new Name("Cipher", "Kms"), KmsSecretKey.class, KmsCipherSpi.class, KmsCipherSpi::new);
    keyed(new Name("Cipher", "KmsEnvelope"), KmsSecretKey.class, KmsEnvelopeCipherSpi.class, KmsEnvelopeCipherSpi::new);
    aes("AES/GCM/NoPadding");
    aes("AES/KWP/NoPadding", "AESWrapPad", "AES/KWP");

    oaep("SHA-1",   "RSA/ECB/OAEPPadding");
    oaep("SHA-1",   "RSA/ECB/OAEPWithSHA-1AndMGF1Padding",   "RSA/ECB/OAEPWithSHA1AndMGF1Padding");
    oaep("SHA-224", "RSA/ECB/OAEPWithSHA-224AndMGF1Padding", "RSA/ECB/OAEPWithSHA224AndMGF1Padding");
    oaep("SHA-256", "RSA/ECB/OAEPWithSHA-256AndMGF1Padding", "RSA/ECB/OAEPWithSHA256AndMGF1Padding");
    oaep("SHA-384", "RSA/ECB/OAEPWithSHA-384AndMGF1Padding", "RSA/ECB/OAEPWithSHA384AndMGF1Padding");
    oaep("SHA-512", "RSA/ECB/OAEPWithSHA-512AndMGF1Padding", "RSA/ECB/OAEPWithSHA512AndMGF1Padding");

    //    hash       RSA's object identifier   ECDSA's
    hash("SHA1",   "1.2.840.113549.1.1.5",  "1.2.840.10045.4.1");
    hash("SHA224", "1.2.840.113549.1.1.14", "1.2.840.10045.4.3.1");
    hash("SHA256", "1.2.840.113549.1.1.11", "1.2.840.10045.4.3.2");
    hash("SHA384", "1.2.840.113549.1.1.12", "1.2.840.10045.4.3.3");
    hash("SHA512", "1.2.840.113549.1.1.13", "1.2.840.10045.4.3.4");

    pss("RSASSA-PSS", null, "PSS", "1.2.840.113549.1.1.10", "OID.1.2.840.113549.1.1.10");
    pss("SHA256withRSAandMGF1", "SHA-256", "SHA256withRSASSA-PSS", "SHA256withRSA/PSS");
    pss("SHA384withRSAandMGF1", "SHA-384", "SHA384withRSASSA-PSS", "SHA384withRSA/PSS");
    pss("SHA512withRSAandMGF1", "SHA-512", "SHA512withRSASSA-PSS", "SHA512withRSA/PSS");

    rawEcdsa("NONEwithECDSA",              EcdsaEncoding.AS_IS);
    rawEcdsa("NONEwithECDSAinP1363Format", EcdsaEncoding.P1363);
    edDsa("EdDSA");
    edDsa("Ed25519", "1.3.101.112", "OID.1.3.101.112");

    mac("HmacSHA224", MacAlgorithm.HMAC_SHA_224, "1.2.840.113549.2.8");
    mac("HmacSHA256", MacAlgorithm.HMAC_SHA_256, "1.2.840.113549.2.9");
    mac("HmacSHA384", MacAlgorithm.HMAC_SHA_384, "1.2.840.113549.2.10");
    mac("HmacSHA512", MacAlgorithm.HMAC_SHA_512, "1.2.840.113549.2.11");
  }
  // spotless:on

  /** CreateKey; {@code usual} is what is made unless the caller chooses another of its kind. */
  private void cmkPair(String name, CmkSpec usual) {
    own(
        "KeyPairGenerator",
        name,
        KmsKeyPairGeneratorSpi.class,
        connection -> new KmsKeyPairGeneratorSpi(name, usual, connection));
  }

  private void aes(String transformation, String... aliases) {
    keyed(
        new Name("Cipher", transformation, aliases),
        KmsSecretKey.class,
        KmsAesCipherSpi.class,
        () -> new KmsAesCipherSpi(transformation));
  }

  private void oaep(String hash, String transformation, String... aliases) {
    keyed(
        new Name("Cipher", transformation, aliases),
        KmsRsaPrivateKey.class,
        KmsOaepCipherSpi.class,
        () -> new KmsOaepCipherSpi(transformation, hash));
  }

  private void hash(String hash, String rsaOid, String ecdsaOid) {
    String suffix = hash.replace("SHA", "SHA_");
    String rsa = hash + "withRSA";
    SigningAlgorithm pkcs1 = SigningAlgorithm.valueOf("RSASSA_PKCS1_V1_5_" + suffix);
    keyed(
        new Name("Signature", rsa, rsaOid, "OID." + rsaOid),
        KmsRsaPrivateKey.class,
        KmsHashSignatureSpi.class,
        () -> new KmsHashSignatureSpi<>(rsa, KmsRsaPrivateKey.class, pkcs1, EcdsaEncoding.AS_IS));
    SigningAlgorithm ecdsa = SigningAlgorithm.valueOf("ECDSA_" + suffix);
    ecdsa(hash + "withECDSA", ecdsa, EcdsaEncoding.AS_IS, ecdsaOid, "OID." + ecdsaOid);
    ecdsa(hash + "withECDSAinP1363Format", ecdsa, EcdsaEncoding.P1363);
  }

  private void ecdsa(
      String name, SigningAlgorithm algorithm, EcdsaEncoding encoding, String... aliases) {
    keyed(
        new Name("Signature", name, aliases),
        KmsEcPrivateKey.class,
        KmsHashSignatureSpi.class,
        () -> new KmsHashSignatureSpi<>(name, KmsEcPrivateKey.class, algorithm, encoding));
  }

  private void pss(String name, @Nullable String defaultHash, String... aliases) {
    keyed(
        new Name("Signature", name, aliases),
        KmsRsaPrivateKey.class,
        KmsPssSignatureSpi.class,
        () ->
            new KmsPssSignatureSpi(
                name, defaultHash == null ? null : PssParameters.of(defaultHash)));
  }

  private void rawEcdsa(String name, EcdsaEncoding encoding) {
    keyed(
        new Name("Signature", name),
        KmsEcPrivateKey.class,
        KmsRawEcdsaSignatureSpi.class,
        () -> new KmsRawEcdsaSignatureSpi(name, encoding));
  }

  private void edDsa(String name, String... aliases) {
    keyed(
        new Name("Signature", name, aliases),
        KmsEdPrivateKey.class,
        KmsEdDsaSignatureSpi.class,
        () -> new KmsEdDsaSignatureSpi(name));
  }

  private void mac(String name, MacAlgorithm algorithm, String oid) {
    keyed(
        new Name("Mac", name, oid, "OID." + oid),
        KmsSecretKey.class,
        KmsMacSpi.class,
        () -> new KmsMacSpi(name, algorithm));
  }

  /** A service under a name that only we have. */
  private void own(
      String type, String name, Class<?> spi, Function<Connection, Object> constructor) {
    services.add(
        new KmsService(
            provider, new Name(type, name), null, spi, () -> constructor.apply(connection)));
  }

  /** A service for our handles. */
  private void keyed(Name name, Class<? extends Key> handle, Class<?> spi, Constructor create) {
    services.add(new KmsService(provider, name, handle, spi, create));
  }

  /** Makes one SPI object. */
  private interface Constructor {
    Object create();
  }

  /** What a service is called. */
  private record Name(String type, String algorithm, List<String> aliases) {
    Name(String type, String algorithm, String... aliases) {
      this(type, algorithm, List.of(aliases));
    }
  }

  /** A service whose SPI objects are made by a constructor, without reflection. */
  private static final class KmsService extends Provider.Service {
    private final Constructor constructor;

    KmsService(
        Provider provider,
        Name name,
        @Nullable Class<? extends Key> handle,
        Class<?> spi,
        Constructor constructor) {
      super(
          provider,
          name.type(),
          name.algorithm(),
          spi.getName(),
          name.aliases(),
          handle == null ? Map.of() : Map.of("SupportedKeyClasses", handle.getName()));
      this.constructor = constructor;
    }

    @Override
    public Object newInstance(@Nullable Object parameter) {
      if (parameter != null) {
        throw new InvalidParameterException(
            getType() + " " + getAlgorithm() + " takes no constructor parameter");
      }
      return constructor.create();
    }
  }
}
