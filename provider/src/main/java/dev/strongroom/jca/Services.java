// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KmsEcPrivateKey;
import dev.strongroom.keystore.KmsEdPrivateKey;
import dev.strongroom.keystore.KmsKeyStoreSpi;
import dev.strongroom.keystore.KmsMlDsaPrivateKey;
import dev.strongroom.keystore.KmsMlKemPrivateKey;
import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.keystore.KmsRsaPrivateKey;
import dev.strongroom.keystore.KmsSecretKey;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.keystore.KmsXecPrivateKey;
import dev.strongroom.keystore.PostQuantumKeys;
import dev.strongroom.kms.KeyAgreementAlgorithm;
import dev.strongroom.kms.KeyType;
import dev.strongroom.kms.MacAlgorithm;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.SigningAlgorithm.Padding;
import java.security.InvalidParameterException;
import java.security.Key;
import java.security.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
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
    oaep("SHA-512/224", "RSA/ECB/OAEPWithSHA-512/224AndMGF1Padding", "RSA/ECB/OAEPWithSHA512/224AndMGF1Padding");
    oaep("SHA-512/256", "RSA/ECB/OAEPWithSHA-512/256AndMGF1Padding", "RSA/ECB/OAEPWithSHA512/256AndMGF1Padding");

    //   hash          RSA's object identifiers
    rsa("SHA1",       oids("1.2.840.113549.1.1.5", "1.3.14.3.2.29"));
    rsa("SHA224",     oids("1.2.840.113549.1.1.14"));
    rsa("SHA256",     oids("1.2.840.113549.1.1.11"));
    rsa("SHA384",     oids("1.2.840.113549.1.1.12"));
    rsa("SHA512",     oids("1.2.840.113549.1.1.13"));
    rsa("SHA512/224", oids("1.2.840.113549.1.1.15"));
    rsa("SHA512/256", oids("1.2.840.113549.1.1.16"));
    rsa("SHA3-224",   oids("2.16.840.1.101.3.4.3.13"));
    rsa("SHA3-256",   oids("2.16.840.1.101.3.4.3.14"));
    rsa("SHA3-384",   oids("2.16.840.1.101.3.4.3.15"));
    rsa("SHA3-512",   oids("2.16.840.1.101.3.4.3.16"));
    signature("NONEwithRSA",        KmsRsaPrivateKey.class, KmsRawRsaSignatureSpi.class, KmsRawRsaSignatureSpi::new);
    signature("NONEwithRSASSA-PSS", KmsRsaPrivateKey.class, KmsRawPssSignatureSpi.class, KmsRawPssSignatureSpi::new);
    pss("RSASSA-PSS", null, oids("1.2.840.113549.1.1.10"), "PSS");

    //     hash         ECDSA's object identifiers
    ecdsa("SHA1",       oids("1.2.840.10045.4.1"));
    ecdsa("SHA224",     oids("1.2.840.10045.4.3.1"));
    ecdsa("SHA256",     oids("1.2.840.10045.4.3.2"));
    ecdsa("SHA384",     oids("1.2.840.10045.4.3.3"));
    ecdsa("SHA512",     oids("1.2.840.10045.4.3.4"));
    ecdsa("SHA512/224", oids());
    ecdsa("SHA512/256", oids());
    ecdsa("SHA3-224",   oids("2.16.840.1.101.3.4.3.9"));
    ecdsa("SHA3-256",   oids("2.16.840.1.101.3.4.3.10"));
    ecdsa("SHA3-384",   oids("2.16.840.1.101.3.4.3.11"));
    ecdsa("SHA3-512",   oids("2.16.840.1.101.3.4.3.12"));
    rawEcdsa("NONEwithECDSA",              EcdsaEncoding.AS_IS);
    rawEcdsa("NONEwithECDSAinP1363Format", EcdsaEncoding.P1363);
    edDsa("EdDSA");
    edDsa("Ed25519", "1.3.101.112", "OID.1.3.101.112");

    agreement("ECDH",   KmsEcPrivateKey.class,  KeyAgreementAlgorithm.ECDH,   oids());
    agreement("XDH",    KmsXecPrivateKey.class, KeyAgreementAlgorithm.X25519, oids());
    agreement("X25519", KmsXecPrivateKey.class, KeyAgreementAlgorithm.X25519, oids("1.3.101.110"));

    mlDsa("ML-DSA",    oids());
    mlDsa("ML-DSA-44", oids("2.16.840.1.101.3.4.3.17"));
    mlDsa("ML-DSA-65", oids("2.16.840.1.101.3.4.3.18"));
    mlDsa("ML-DSA-87", oids("2.16.840.1.101.3.4.3.19"));
    if (KemSpis.areThere()) {
      kem("ML-KEM",      oids());
      kem("ML-KEM-512",  oids("2.16.840.1.101.3.4.4.1"));
      kem("ML-KEM-768",  oids("2.16.840.1.101.3.4.4.2"));
      kem("ML-KEM-1024", oids("2.16.840.1.101.3.4.4.3"));
    }

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

  /** Returns aliases as the JDK has them: each object identifier bare and behind {@code OID.}. */
  private static List<String> oids(String... oids) {
    return Stream.of(oids).flatMap(oid -> Stream.of(oid, "OID." + oid)).toList();
  }

  /** Both paddings with one hash; Bouncy Castle writes {@code SHA512(256)} for SHA512/256. */
  private void rsa(String hash, List<String> oids) {
    String name = hash + "withRSA";
    String standardName = Hashes.standardName(hash);
    SigningAlgorithm pkcs1 =
        SigningAlgorithm.find(KeyType.RSA, Padding.PKCS1, standardName).orElseThrow();
    List<String> aliases = new ArrayList<>(oids);
    List<String> pssAliases =
        new ArrayList<>(List.of(hash + "withRSASSA-PSS", hash + "withRSA/PSS"));
    if (hash.contains("/")) {
      String inParentheses = hash.replace("/", "(") + ")withRSA";
      aliases.add(inParentheses);
      pssAliases.add(inParentheses + "andMGF1");
    }
    keyed(
        new Name("Signature", name, aliases),
        KmsRsaPrivateKey.class,
        KmsHashSignatureSpi.class,
        () -> new KmsHashSignatureSpi<>(name, KmsRsaPrivateKey.class, pkcs1, EcdsaEncoding.AS_IS));
    pss(name + "andMGF1", standardName, pssAliases);
  }

  private void ecdsa(String hash, List<String> oids) {
    SigningAlgorithm algorithm =
        SigningAlgorithm.find(KeyType.EC, Padding.NONE, Hashes.standardName(hash)).orElseThrow();
    ecdsa(hash + "withECDSA", algorithm, EcdsaEncoding.AS_IS, oids);
    ecdsa(hash + "withECDSAinP1363Format", algorithm, EcdsaEncoding.P1363, List.of());
  }

  private void ecdsa(
      String name, SigningAlgorithm algorithm, EcdsaEncoding encoding, List<String> aliases) {
    keyed(
        new Name("Signature", name, aliases),
        KmsEcPrivateKey.class,
        KmsHashSignatureSpi.class,
        () -> new KmsHashSignatureSpi<>(name, KmsEcPrivateKey.class, algorithm, encoding));
  }

  private void pss(
      String name, @Nullable String defaultHash, List<String> oids, String... otherAliases) {
    List<String> aliases = new ArrayList<>(oids);
    aliases.addAll(List.of(otherAliases));
    keyed(
        new Name("Signature", name, aliases),
        KmsRsaPrivateKey.class,
        KmsPssSignatureSpi.class,
        () ->
            new KmsPssSignatureSpi(
                name, defaultHash == null ? null : PssParameters.of(defaultHash)));
  }

  private void signature(
      String name, Class<? extends Key> handle, Class<?> spi, Function<String, Object> create) {
    keyed(new Name("Signature", name), handle, spi, () -> create.apply(name));
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

  private <K extends KmsPrivateKey> void agreement(
      String name, Class<K> handle, KeyAgreementAlgorithm algorithm, List<String> oids) {
    keyed(
        new Name("KeyAgreement", name, oids),
        handle,
        KmsKeyAgreementSpi.class,
        () -> new KmsKeyAgreementSpi<>(name, handle, algorithm));
  }

  private void mlDsa(String name, List<String> oids) {
    keyed(
        new Name("Signature", name, oids),
        KmsMlDsaPrivateKey.class,
        KmsMlDsaSignatureSpi.class,
        () -> new KmsMlDsaSignatureSpi(name));
  }

  /** Our own public keys as well: JDKs before 24 have no other provider for those. */
  private void kem(String name, List<String> oids) {
    services.add(
        new KmsService(
            provider,
            new Name("KEM", name, oids),
            KmsMlKemPrivateKey.class.getName() + "|" + PostQuantumKeys.OWN_PUBLIC_KEY,
            KmsKem.class,
            () -> KemSpis.of(new KmsKem(name))));
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
    services.add(new KmsService(provider, name, handle.getName(), spi, create));
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
        @Nullable String keyClasses,
        Class<?> spi,
        Constructor constructor) {
      super(
          provider,
          name.type(),
          name.algorithm(),
          spi.getName(),
          name.aliases(),
          keyClasses == null ? Map.of() : Map.of("SupportedKeyClasses", keyClasses));
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
