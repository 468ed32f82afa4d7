// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import java.security.InvalidParameterException;
import java.security.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The list of what the provider offers.
 *
 * <p>Standard names carry {@code SupportedKeyClasses} with our handles only, so that JCA offers us
 * no other keys. Generators have names of our own: under a generic name JCA would go on silently
 * with a software key when ours fails.
 *
 * <p>Every JVM that has us in its list pays for making this list. So it names no class that does
 * the work, see {@link ServiceSpi}, and it has no lambdas and joins strings without {@code +}: each
 * such place makes the JVM generate code when it is first reached.
 */
final class Services {
  private static final String NONE = "";

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
    return list.services;
  }

  /**
   * Returns {@code KmsRandom}, which is never registered: the first registered SecureRandom of the
   * first provider becomes what {@code new SecureRandom()} means.
   */
  static Provider.Service random(Provider provider, Connection connection) {
    return new KmsService(
        provider,
        connection,
        new Name("SecureRandom", StrongroomProvider.RANDOM),
        ServiceSpi.RANDOM,
        NONE);
  }

  // spotless:off
  private void offerAll() {
    offer(new Name("KeyStore", "KMS", keyStoreAliases()), ServiceSpi.KEY_STORE,     NONE);
    offer(new Name("KeyGenerator", "KmsDataKey"),         ServiceSpi.DATA_KEY,      NONE);
    offer(new Name("KeyPairGenerator", "KmsDataKeyPair"), ServiceSpi.DATA_KEY_PAIR, NONE);
    offer(new Name("KeyPairGenerator", "KmsRSA"),         ServiceSpi.CMK_PAIR,      NONE);
    offer(new Name("KeyPairGenerator", "KmsEC"),          ServiceSpi.CMK_PAIR,      NONE);
    offer(new Name("KeyPairGenerator", "KmsEd25519"),     ServiceSpi.CMK_PAIR,      NONE);
    offer(new Name("KeyPairGenerator", "KmsX25519"),      ServiceSpi.CMK_PAIR,      NONE);
    offer(new Name("KeyPairGenerator", "KmsML-DSA"),      ServiceSpi.CMK_PAIR,      NONE);
    offer(new Name("KeyPairGenerator", "KmsML-KEM"),      ServiceSpi.CMK_PAIR,      NONE);

    offer(new Name("Cipher", "Kms"),         ServiceSpi.CIPHER,   NONE);
    offer(new Name("Cipher", "KmsEnvelope"), ServiceSpi.ENVELOPE, NONE);
    offer(new Name("Cipher", "AES/GCM/NoPadding"),                          ServiceSpi.AES, NONE);
    offer(new Name("Cipher", "AES/KW/NoPadding", "AESWrap", "AES/KW"),      ServiceSpi.AES, NONE);
    offer(new Name("Cipher", "AES/KWP/NoPadding", "AESWrapPad", "AES/KWP"), ServiceSpi.AES, NONE);
    //  key    last arcs of the object identifiers of GCM, KW and KWP
    aes("128", "6", "5", "8");
    aes("192", "26", "25", "28");
    aes("256", "46", "45", "48");

    oaep("SHA-1",   "RSA/ECB/OAEPPadding");
    oaep("SHA-1",   "RSA/ECB/OAEPWithSHA-1AndMGF1Padding",   "RSA/ECB/OAEPWithSHA1AndMGF1Padding");
    oaep("SHA-224", "RSA/ECB/OAEPWithSHA-224AndMGF1Padding", "RSA/ECB/OAEPWithSHA224AndMGF1Padding");
    oaep("SHA-256", "RSA/ECB/OAEPWithSHA-256AndMGF1Padding", "RSA/ECB/OAEPWithSHA256AndMGF1Padding");
    oaep("SHA-384", "RSA/ECB/OAEPWithSHA-384AndMGF1Padding", "RSA/ECB/OAEPWithSHA384AndMGF1Padding");
    oaep("SHA-512", "RSA/ECB/OAEPWithSHA-512AndMGF1Padding", "RSA/ECB/OAEPWithSHA512AndMGF1Padding");
    oaep("SHA-512/224", "RSA/ECB/OAEPWithSHA-512/224AndMGF1Padding", "RSA/ECB/OAEPWithSHA512/224AndMGF1Padding");
    oaep("SHA-512/256", "RSA/ECB/OAEPWithSHA-512/256AndMGF1Padding", "RSA/ECB/OAEPWithSHA512/256AndMGF1Padding");

    offer(new Name("Cipher", "RSA/ECB/PKCS1Padding", oids("RSA", "1.2.840.113549.1.1.1")), ServiceSpi.PKCS1_CIPHER, NONE);

    //   hash          RSA's object identifiers
    rsa("SHA1",       "1.2.840.113549.1.1.5", "1.3.14.3.2.29");
    rsa("SHA224",     "1.2.840.113549.1.1.14");
    rsa("SHA256",     "1.2.840.113549.1.1.11");
    rsa("SHA384",     "1.2.840.113549.1.1.12");
    rsa("SHA512",     "1.2.840.113549.1.1.13");
    rsa("SHA512/224", "1.2.840.113549.1.1.15");
    rsa("SHA512/256", "1.2.840.113549.1.1.16");
    rsa("SHA3-224",   "2.16.840.1.101.3.4.3.13");
    rsa("SHA3-256",   "2.16.840.1.101.3.4.3.14");
    rsa("SHA3-384",   "2.16.840.1.101.3.4.3.15");
    rsa("SHA3-512",   "2.16.840.1.101.3.4.3.16");
    offer(new Name("Signature", "NONEwithRSA"),        ServiceSpi.RAW_RSA, NONE);
    offer(new Name("Signature", "NONEwithRSASSA-PSS"), ServiceSpi.RAW_PSS, NONE);
    offer(new Name("Signature", "RSASSA-PSS", oids("PSS", "1.2.840.113549.1.1.10")), ServiceSpi.PSS, NONE);

    //     hash         ECDSA's object identifiers
    ecdsa("SHA1",       "1.2.840.10045.4.1");
    ecdsa("SHA224",     "1.2.840.10045.4.3.1");
    ecdsa("SHA256",     "1.2.840.10045.4.3.2");
    ecdsa("SHA384",     "1.2.840.10045.4.3.3");
    ecdsa("SHA512",     "1.2.840.10045.4.3.4");
    ecdsa("SHA512/224");
    ecdsa("SHA512/256");
    ecdsa("SHA3-224",   "2.16.840.1.101.3.4.3.9");
    ecdsa("SHA3-256",   "2.16.840.1.101.3.4.3.10");
    ecdsa("SHA3-384",   "2.16.840.1.101.3.4.3.11");
    ecdsa("SHA3-512",   "2.16.840.1.101.3.4.3.12");
    offer(new Name("Signature", "NONEwithECDSA"),              ServiceSpi.RAW_ECDSA,       NONE);
    offer(new Name("Signature", "NONEwithECDSAinP1363Format"), ServiceSpi.RAW_ECDSA_P1363, NONE);
    offer(new Name("Signature", "EdDSA"),                          ServiceSpi.EDDSA, NONE);
    offer(withOid("Signature", "Ed25519", "1.3.101.112"),          ServiceSpi.EDDSA, NONE);

    offer(new Name("KeyAgreement", "ECDH"),                ServiceSpi.ECDH, NONE);
    offer(new Name("KeyAgreement", "XDH"),                 ServiceSpi.XDH,  NONE);
    offer(withOid("KeyAgreement", "X25519", "1.3.101.110"), ServiceSpi.XDH,  NONE);

    offer(new Name("Signature", "ML-DSA"),                                ServiceSpi.ML_DSA, NONE);
    offer(withOid("Signature", "ML-DSA-44", "2.16.840.1.101.3.4.3.17"), ServiceSpi.ML_DSA, NONE);
    offer(withOid("Signature", "ML-DSA-65", "2.16.840.1.101.3.4.3.18"), ServiceSpi.ML_DSA, NONE);
    offer(withOid("Signature", "ML-DSA-87", "2.16.840.1.101.3.4.3.19"), ServiceSpi.ML_DSA, NONE);
    if (hasKem()) {
      offer(new Name("KEM", "ML-KEM"),                                ServiceSpi.ML_KEM, NONE);
      offer(withOid("KEM", "ML-KEM-512",  "2.16.840.1.101.3.4.4.1"), ServiceSpi.ML_KEM, NONE);
      offer(withOid("KEM", "ML-KEM-768",  "2.16.840.1.101.3.4.4.2"), ServiceSpi.ML_KEM, NONE);
      offer(withOid("KEM", "ML-KEM-1024", "2.16.840.1.101.3.4.4.3"), ServiceSpi.ML_KEM, NONE);
    }

    mac("224", "1.2.840.113549.2.8");
    mac("256", "1.2.840.113549.2.9");
    mac("384", "1.2.840.113549.2.10");
    mac("512", "1.2.840.113549.2.11");
  }
  // spotless:on

  /**
   * Some software treats the KeyStore of a token as it should be treated (no file, no password of a
   * key) only if the type has this name. Unasked it would stand in the way of SunPKCS11's.
   */
  private static List<String> keyStoreAliases() {
    return Boolean.getBoolean(StrongroomProvider.PKCS11_ALIAS) ? List.of("PKCS11") : List.of();
  }

  /** Asks by name, which costs no more than a look: the class is not initialized. */
  private static boolean hasKem() {
    try {
      Class.forName("javax.crypto.KEMSpi", false, null);
      return true;
    } catch (ClassNotFoundException tooOld) {
      return false;
    }
  }

  /** The names that say the length of the key. */
  private void aes(String bits, String gcm, String kw, String kwp) {
    String aes = "AES_".concat(bits);
    String arc = "2.16.840.1.101.3.4.1.";
    List<String> gcmNames = oids("", arc.concat(gcm));
    List<String> kwNames = oids("AESWrap_".concat(bits), arc.concat(kw));
    List<String> kwpNames = oids("AESWrapPad_".concat(bits), arc.concat(kwp));
    offer(new Name("Cipher", aes.concat("/GCM/NoPadding"), gcmNames), ServiceSpi.AES, NONE);
    offer(new Name("Cipher", aes.concat("/KW/NoPadding"), kwNames), ServiceSpi.AES, NONE);
    offer(new Name("Cipher", aes.concat("/KWP/NoPadding"), kwpNames), ServiceSpi.AES, NONE);
  }

  private void oaep(String hash, String transformation, String... aliases) {
    offer(new Name("Cipher", transformation, aliases), ServiceSpi.OAEP, hash);
  }

  /** Both paddings with one hash; Bouncy Castle writes {@code SHA512(256)} for SHA512/256. */
  private void rsa(String hash, String... oids) {
    String name = hash.concat("withRSA");
    List<String> aliases = oids("", oids);
    List<String> pssAliases = new ArrayList<>();
    pssAliases.add(hash.concat("withRSASSA-PSS"));
    pssAliases.add(hash.concat("withRSA/PSS"));
    if (hash.contains("/")) {
      String inParentheses = hash.replace("/", "(").concat(")withRSA");
      aliases.add(inParentheses);
      pssAliases.add(inParentheses.concat("andMGF1"));
    }
    offer(new Name("Signature", name, aliases), ServiceSpi.PKCS1, hash);
    offer(new Name("Signature", name.concat("andMGF1"), pssAliases), ServiceSpi.PSS, hash);
  }

  private void ecdsa(String hash, String... oids) {
    String name = hash.concat("withECDSA");
    offer(new Name("Signature", name, oids("", oids)), ServiceSpi.ECDSA, hash);
    offer(new Name("Signature", name.concat("inP1363Format")), ServiceSpi.ECDSA_P1363, hash);
  }

  private void mac(String hash, String oid) {
    offer(withOid("Mac", "HmacSHA".concat(hash), oid), ServiceSpi.MAC, hash);
  }

  private static Name withOid(String type, String algorithm, String oid) {
    return new Name(type, algorithm, oids("", oid));
  }

  /** Returns aliases as the JDK has them: each object identifier bare and behind {@code OID.}. */
  private static List<String> oids(String otherAlias, String... oids) {
    List<String> aliases = new ArrayList<>();
    if (!otherAlias.isEmpty()) {
      aliases.add(otherAlias);
    }
    for (String oid : oids) {
      aliases.add(oid);
      aliases.add("OID.".concat(oid));
    }
    return aliases;
  }

  private void offer(Name name, ServiceSpi spi, String hash) {
    services.add(new KmsService(provider, connection, name, spi, hash));
  }

  /** What a service is called. */
  private record Name(String type, String algorithm, List<String> aliases) {
    Name(String type, String algorithm, String... aliases) {
      this(type, algorithm, List.of(aliases));
    }
  }

  /** A service whose SPI objects are made by a constructor, without reflection. */
  private static final class KmsService extends Provider.Service {
    private final Connection connection;
    private final ServiceSpi spi;
    private final String hash;

    KmsService(Provider provider, Connection connection, Name name, ServiceSpi spi, String hash) {
      super(
          provider,
          name.type(),
          name.algorithm(),
          spi.className(),
          name.aliases(),
          attributes(spi.handle()));
      this.connection = connection;
      this.spi = spi;
      this.hash = hash;
    }

    private static Map<String, String> attributes(@Nullable String handle) {
      return handle == null ? Map.of() : Map.of("SupportedKeyClasses", handle);
    }

    @Override
    public Object newInstance(@Nullable Object parameter) {
      if (parameter != null) {
        throw new InvalidParameterException(
            getType() + " " + getAlgorithm() + " takes no constructor parameter");
      }
      return SpiMaker.make(spi, getAlgorithm(), hash, connection);
    }
  }
}
