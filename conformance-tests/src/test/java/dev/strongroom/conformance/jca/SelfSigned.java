// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.jca;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;

/** A certificate for localhost, signed with the key that it is for. */
final class SelfSigned {
  private SelfSigned() {}

  static X509Certificate certificate(PublicKey publicKey, PrivateKey privateKey)
      throws GeneralSecurityException, IOException {
    AlgorithmIdentifier algorithm =
        switch (publicKey.getAlgorithm()) {
          case "RSA" -> new AlgorithmIdentifier(oid("1.2.840.113549.1.1.11"), DERNull.INSTANCE);
          case "EC" -> new AlgorithmIdentifier(oid("1.2.840.10045.4.3.2"));
          default -> new AlgorithmIdentifier(oid("1.3.101.112"));
        };
    TBSCertificate body = body(publicKey, algorithm);
    Signature signature = Signature.getInstance(algorithm.getAlgorithm().getId());
    signature.initSign(privateKey);
    signature.update(body.getEncoded("DER"));

    ASN1EncodableVector parts = new ASN1EncodableVector();
    parts.add(body);
    parts.add(algorithm);
    parts.add(new DERBitString(signature.sign()));
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(new DERSequence(parts).getEncoded("DER")));
  }

  private static TBSCertificate body(PublicKey publicKey, AlgorithmIdentifier algorithm) {
    Instant now = Instant.now();
    X500Name name = new X500Name("CN=localhost");
    V3TBSCertificateGenerator body = new V3TBSCertificateGenerator();
    body.setSerialNumber(new ASN1Integer(BigInteger.ONE));
    body.setSignature(algorithm);
    body.setIssuer(name);
    body.setSubject(name);
    body.setStartDate(new Time(Date.from(now.minus(Duration.ofHours(1)))));
    body.setEndDate(new Time(Date.from(now.plus(Duration.ofHours(1)))));
    body.setSubjectPublicKeyInfo(SubjectPublicKeyInfo.getInstance(publicKey.getEncoded()));
    return body.generateTBSCertificate();
  }

  private static ASN1ObjectIdentifier oid(String text) {
    return new ASN1ObjectIdentifier(text);
  }
}
