// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.documents;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.fixture.Cmks;
import dev.strongroom.conformance.hsm.Rig;
import dev.strongroom.kms.CmkSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PdfTest {
  private final Path folder;

  PdfTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @ParameterizedTest
  @CsvSource({
    "SOFTWARE, RSA_2048, SHA256withRSA",
    "SOFTWARE, RSA_2048, SHA512withRSA",
    "SOFTWARE, RSA_2048, SHA256withRSAandMGF1",
    "SOFTWARE, ECC_NIST_P256, SHA256withECDSA",
    "SOFTWARE, ECC_NIST_P384, SHA384withECDSA",
    "HSM, RSA_2048, SHA256withRSA",
    "HSM, ECC_NIST_P256, SHA256withECDSA"
  })
  void pdfsigVerifiesWhatPdfboxSigned(Cmks cmks, CmkSpec spec, String algorithm) throws Exception {
    Signers signers = Signers.of(cmks.signing(spec));
    String trust = trusting(signers);
    byte[] signed =
        new PdfSigner(signers, algorithm, cmks.provider()).sign(PdfSigner.page("Pay 100 euros"));

    String verified = pdfsig(trust, signed);
    assertTrue(verified.contains("Signature Validation: Signature is Valid."), verified);
    assertTrue(verified.contains("Certificate Validation: Certificate is Trusted."), verified);
    assertTrue(verified.contains("ETSI.CAdES.detached"), verified);
    assertTrue(verified.contains("Total document signed"), verified);

    byte[] changed = signed.clone();
    int at = new String(signed, StandardCharsets.ISO_8859_1).indexOf("/MediaBox [0.0 0.0 6");
    changed[at + "/MediaBox [0.0 0.0 ".length()] = '7';
    String refused = pdfsig(trust, changed);
    assertFalse(refused.contains("Signature is Valid."), refused);
    assertTrue(refused.contains("Digest Mismatch"), refused);
  }

  /** Makes a certificate database of NSS, as Firefox has it, that trusts the CA. */
  private String trusting(Signers signers) throws Exception {
    String database = "sql:" + Files.createDirectory(folder.resolve("nss"));
    String authority = signers.writeAuthority(folder).toString();
    Rig.run(Map.of(), "certutil", List.of("-N", "-d", database, "--empty-password"));
    Rig.run(
        Map.of(),
        "certutil",
        List.of("-A", "-d", database, "-n", "test", "-t", "C,C,C", "-a", "-i", authority));
    return database;
  }

  private String pdfsig(String trust, byte[] file) throws Exception {
    Path document = Files.write(folder.resolve("document.pdf"), file);
    return Rig.end(Map.of(), "pdfsig", List.of("-nssdir", trust, document.toString())).printed();
  }
}
