// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.cms;

import dev.strongroom.jca.StrongroomProvider;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSProcessableFile;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/** The whole program that signs a file; the README shows it. */
final class SignFile {
  private SignFile() {}

  public static void main(String[] arguments) throws Exception {
    Security.addProvider(new StrongroomProvider());
    KeyStore kms = KeyStore.getInstance("KMS");
    kms.load(null, null);
    PrivateKey key = (PrivateKey) kms.getKey("sign", null);
    X509Certificate certificate = (X509Certificate) kms.getCertificate("sign");

    CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
    generator.addSignerInfoGenerator(
        new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key), certificate));
    generator.addCertificates(new JcaCertStore(List.of(kms.getCertificateChain("sign"))));
    byte[] signature =
        generator.generate(new CMSProcessableFile(new File("contract.pdf")), false).getEncoded();
    Files.write(Path.of("contract.pdf.p7s"), signature);
  }
}
