// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static dev.strongroom.cli.Options.KEY_ID;

import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KmsException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.NoSuchProviderException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Collectors;

/** {@code kms …-key-certificate-chain}: the certificates that KeyStores show beside a key. */
final class CertificateCommands {
  private CertificateCommands() {}

  static List<Command> all() {
    return List.of(
        new Command(
            "kms",
            "put-key-certificate-chain",
            "Puts a certificate chain beside a key, in the place of the one before (not in AWS).",
            """
            strongroom kms put-key-certificate-chain --key-id alias/web \\
                --certificate-chain fileb://chain.pem""",
            List.of(
                KEY_ID,
                Parameter.required(
                    "--certificate-chain",
                    "<blob>",
                    "fileb://FILE in PEM, DER or PKCS#7: the key's own certificate first, then each"
                        + " one's issuer.")),
            CertificateCommands::put),
        new Command(
            "kms",
            "get-key-certificate-chain",
            "Shows the certificate chain of a key, in PEM (not in AWS).",
            """
            strongroom kms get-key-certificate-chain --key-id alias/web \\
                --query CertificateChain --output text > chain.pem""",
            List.of(KEY_ID),
            CertificateCommands::get),
        new Command(
            "kms",
            "delete-key-certificate-chain",
            "Takes the certificate chain of a key away; the key stays (not in AWS).",
            "strongroom kms delete-key-certificate-chain --key-id alias/web",
            List.of(KEY_ID),
            CertificateCommands::delete));
  }

  private static Answer put(Call call) throws IOException {
    KeyRef key = call.key("--key-id");
    List<X509Certificate> chain = parse(call.bytes("--certificate-chain"));
    call.kms().putKeyCertificateChain(call.caller(), key, chain);
    return Answer.none();
  }

  private static List<X509Certificate> parse(byte[] file) {
    try {
      return CertificateFactory.getInstance("X.509", "SUN")
          .generateCertificates(new ByteArrayInputStream(file))
          .stream()
          .map(X509Certificate.class::cast)
          .toList();
    } catch (CertificateException | NoSuchProviderException e) {
      throw UsageError.of(
          "--certificate-chain",
          "the value is not a chain of X.509 certificates. Give a file of certificates only, in"
              + " PEM, DER or PKCS#7: fileb://chain.pem.");
    }
  }

  private static Answer get(Call call) {
    KeyRef key = call.key("--key-id");
    List<X509Certificate> chain = call.kms().getKeyCertificateChain(call.caller(), key);
    if (chain.isEmpty()) {
      throw new KmsException.NotFound(
          key.text()
              + " has no certificate chain. Put one with 'kms put-key-certificate-chain --key-id "
              + key.text()
              + " --certificate-chain fileb://chain.pem'.");
    }
    String pem = chain.stream().map(CertificateCommands::pem).collect(Collectors.joining("\n"));
    return new Answer().with("KeyId", Shapes.arn(call.place(), key)).with("CertificateChain", pem);
  }

  private static String pem(X509Certificate certificate) {
    try {
      return Pem.text(Pem.CERTIFICATE, certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("The certificate came from its encoding", e);
    }
  }

  private static Answer delete(Call call) {
    KeyRef key = call.key("--key-id");
    call.kms().deleteKeyCertificateChain(call.caller(), key);
    return Answer.none();
  }
}
