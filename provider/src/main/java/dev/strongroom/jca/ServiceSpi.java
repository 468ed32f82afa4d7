// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import org.jspecify.annotations.Nullable;

/**
 * The kinds of SPI objects behind the services, with the handles they take, all by name: a class
 * that is named itself is read and verified, in every JVM that has the provider in its list and
 * never uses a key of ours. {@link SpiMaker} has the classes.
 */
enum ServiceSpi {
  // spotless:off
  KEY_STORE    (Names.KEYSTORE + "KmsKeyStoreSpi",        null),
  RANDOM       (Names.JCA + "KmsRandomSpi",               null),
  DATA_KEY     (Names.JCA + "KmsDataKeyGeneratorSpi",     null),
  DATA_KEY_PAIR(Names.JCA + "KmsDataKeyPairGeneratorSpi", null),
  CMK_PAIR     (Names.JCA + "KmsKeyPairGeneratorSpi",     null),
  CIPHER       (Names.JCA + "KmsCipherSpi",               Names.SECRET),
  ENVELOPE     (Names.JCA + "KmsEnvelopeCipherSpi",       Names.SECRET),
  AES          (Names.JCA + "KmsAesCipherSpi",            Names.SECRET),
  MAC          (Names.JCA + "KmsMacSpi",                  Names.SECRET),
  OAEP         (Names.JCA + "KmsOaepCipherSpi",           Names.RSA),
  PKCS1_CIPHER (Names.JCA + "KmsPkcs1CipherSpi",          Names.RSA),
  PKCS1        (Names.JCA + "KmsHashSignatureSpi",        Names.RSA),
  PSS          (Names.JCA + "KmsPssSignatureSpi",         Names.RSA),
  RAW_RSA      (Names.JCA + "KmsRawRsaSignatureSpi",      Names.RSA),
  RAW_PSS      (Names.JCA + "KmsRawPssSignatureSpi",      Names.RSA),
  ECDSA        (Names.JCA + "KmsHashSignatureSpi",        Names.EC),
  ECDSA_P1363  (Names.JCA + "KmsHashSignatureSpi",        Names.EC),
  RAW_ECDSA    (Names.JCA + "KmsRawEcdsaSignatureSpi",    Names.EC),
  RAW_ECDSA_P1363(Names.JCA + "KmsRawEcdsaSignatureSpi",  Names.EC),
  EDDSA        (Names.JCA + "KmsEdDsaSignatureSpi",       Names.ED),
  ECDH         (Names.JCA + "KmsKeyAgreementSpi",         Names.EC),
  XDH          (Names.JCA + "KmsKeyAgreementSpi",         Names.XEC),
  ML_DSA       (Names.JCA + "KmsMlDsaSignatureSpi",       Names.ML_DSA),
  // Our own public keys as well: JDKs before 24 have no other provider for those.
  ML_KEM       (Names.JCA + "KmsKem",                     Names.ML_KEM + "|" + Names.OWN_PUBLIC);
  // spotless:on

  /** Constants of the compiler: an enum's own are not there yet when its values are made. */
  private static final class Names {
    static final String JCA = "dev.strongroom.jca.";
    static final String KEYSTORE = "dev.strongroom.keystore.";
    static final String SECRET = KEYSTORE + "KmsSecretKey";
    static final String RSA = KEYSTORE + "KmsRsaPrivateKey";
    static final String EC = KEYSTORE + "KmsEcPrivateKey";
    static final String ED = KEYSTORE + "KmsEdPrivateKey";

    static final String XEC = KEYSTORE + "KmsXecPrivateKey";
    static final String ML_DSA = KEYSTORE + "KmsMlDsaPrivateKey";
    static final String ML_KEM = KEYSTORE + "KmsMlKemPrivateKey";
    static final String OWN_PUBLIC = KEYSTORE + "PostQuantumPublicKey";

    private Names() {}
  }

  private final String className;
  private final @Nullable String handle;

  ServiceSpi(String className, @Nullable String handle) {
    this.className = className;
    this.handle = handle;
  }

  String className() {
    return className;
  }

  /** Returns the classes of the only keys that it takes; null where there is no key. */
  @Nullable String handle() {
    return handle;
  }
}
