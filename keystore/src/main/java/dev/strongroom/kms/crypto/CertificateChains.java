// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import dev.strongroom.kms.KmsException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchProviderException;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * Certificate chains (RFC 5280) of KMS keys: the key's own certificate first, then each one's
 * issuer.
 *
 * <p>A chain that does not belong to its key or is out of order would be noticed by a peer only, in
 * the middle of a handshake; so it is refused when it is put. Whether it is trusted, valid today or
 * complete is not asked: that is for those who are shown it.
 */
public final class CertificateChains {

  /** The most certificates that a chain may have. */
  public static final int MAX_CERTIFICATES = 10;

  /** The most bytes of DER that a certificate may have. */
  public static final int MAX_CERTIFICATE_BYTES = 65_536;

  private CertificateChains() {}

  /**
   * Returns the chain as the JDK's own objects, whoever made those that are given.
   *
   * @throws KmsException.Validation if one of them is no X.509 certificate, or there are too many
   */
  public static List<X509Certificate> parse(List<? extends Certificate> chain) {
    requireCount(chain.size());
    List<X509Certificate> parsed = new ArrayList<>();
    for (Certificate certificate : chain) {
      try {
        parsed.add(parse(certificate.getEncoded()));
      } catch (CertificateException e) {
        throw unreadable(parsed.size() + 1);
      }
    }
    return parsed;
  }

  private static void requireCount(int count) {
    if (count == 0 || count > MAX_CERTIFICATES) {
      throw new KmsException.Validation(
          "A certificate chain has 1 to "
              + MAX_CERTIFICATES
              + " certificates, and this one has "
              + count
              + ". Give the key's own certificate first, then its issuers.");
    }
  }

  /**
   * Reads one certificate.
   *
   * @param der left intact
   * @throws CertificateException if it is none, or has more bytes than it may have
   */
  public static X509Certificate parse(byte[] der) throws CertificateException {
    if (der.length > MAX_CERTIFICATE_BYTES) {
      throw new CertificateException("More than " + MAX_CERTIFICATE_BYTES + " bytes");
    }
    X509Certificate certificate =
        (X509Certificate) factory().generateCertificate(new ByteArrayInputStream(der));
    if (!MessageDigest.isEqual(certificate.getEncoded(), der)) {
      throw new CertificateException("More than one certificate, or not in DER");
    }
    return certificate;
  }

  private static CertificateFactory factory() throws CertificateException {
    try {
      return CertificateFactory.getInstance("X.509", "SUN");
    } catch (NoSuchProviderException e) {
      throw new IllegalStateException(
          "This JVM has no provider SUN. Put it back into the list of java.security.", e);
    }
  }

  private static KmsException.Validation unreadable(int number) {
    return new KmsException.Validation(
        "Certificate "
            + number
            + " of the chain is not an X.509 certificate of at most "
            + MAX_CERTIFICATE_BYTES
            + " bytes of DER.");
  }

  /**
   * Checks that the first certificate is for the key, and each other one issued the one before.
   *
   * @param publicKey the key's DER SubjectPublicKeyInfo
   * @throws KmsException.Validation naming the certificate that does not fit
   */
  public static void requireFit(byte[] publicKey, List<X509Certificate> chain) {
    if (!isFor(publicKey, chain.get(0))) {
      throw foreign(publicKey, chain);
    }
    for (int i = 0; i + 1 < chain.size(); i++) {
      requireIssued(chain, i);
    }
  }

  /**
   * Returns whether a certificate is for that public key.
   *
   * @param publicKey DER SubjectPublicKeyInfo
   */
  public static boolean isFor(byte[] publicKey, X509Certificate certificate) {
    try {
      // Not what the JDK makes of the key, but the bytes that the certificate has.
      byte[] certified =
          org.bouncycastle.asn1.x509.Certificate.getInstance(certificate.getEncoded())
              .getSubjectPublicKeyInfo()
              .getEncoded("DER");
      return MessageDigest.isEqual(
          certified, SubjectPublicKeyInfo.getInstance(publicKey).getEncoded("DER"));
    } catch (CertificateException | IOException e) {
      throw new AssertionError("The certificate has been parsed", e);
    }
  }

  private static KmsException.Validation foreign(byte[] publicKey, List<X509Certificate> chain) {
    for (int i = 1; i < chain.size(); i++) {
      if (isFor(publicKey, chain.get(i))) {
        return new KmsException.Validation(
            "The chain is out of order: "
                + name(chain, i)
                + " is the key's own. Put it first, then each one's issuer.");
      }
    }
    return new KmsException.Validation(
        name(chain, 0)
            + " is for another key. The first certificate must be for the public key that"
            + " 'kms get-public-key' shows, as it is when the CA was given a request made with this"
            + " key.");
  }

  private static void requireIssued(List<X509Certificate> chain, int i) {
    X509Certificate issued = chain.get(i);
    X509Certificate issuer = chain.get(i + 1);
    if (!issued.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
      throw new KmsException.Validation(
          "The chain is out of order: "
              + name(chain, i)
              + " was issued by \""
              + issued.getIssuerX500Principal().getName()
              + "\", and "
              + name(chain, i + 1)
              + " follows it. Put the key's own certificate first, then each one's issuer.");
    }
    boolean isAuthority = issuer.getVersion() < 3 || issuer.getBasicConstraints() >= 0;
    if (!isAuthority || !isSignedBy(issued, issuer.getPublicKey())) {
      throw new KmsException.Validation(
          name(chain, i + 1)
              + " has the name of the issuer of certificate "
              + (i + 1)
              + ", but did not issue it: it is not a CA's certificate, or the CA has another key by"
              + " now. Ask the CA for the certificate of the time.");
    }
  }

  private static boolean isSignedBy(X509Certificate certificate, PublicKey key) {
    String provider;
    if (key instanceof RSAPublicKey) {
      provider = "SunRsaSign";
    } else if (key instanceof ECPublicKey) {
      provider = "SunEC";
    } else {
      return true; // Other keys the JDK of today may not know; the name has been compared.
    }
    try {
      certificate.verify(key, provider);
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static String name(List<X509Certificate> chain, int i) {
    return "certificate "
        + (i + 1)
        + " (\""
        + chain.get(i).getSubjectX500Principal().getName()
        + "\")";
  }
}
