// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.custody.Custody;
import dev.strongroom.kms.custody.CustodyPackage;
import dev.strongroom.kms.custody.KeyShare;
import dev.strongroom.kms.service.KmsSetup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code cloudhsm …}: the domain key in the hands of custodians. */
final class CustodyCommands {
  private static final int MOST = 32;
  private static final Parameter CUSTODIANS =
      Parameter.requiredList(
          "--custodian-public-keys", "<file>", "A PEM with the RSA public key of each custodian.");
  private static final Parameter THRESHOLD =
      Parameter.required("--threshold", "<n>", "How many custodians bring it back, 2 or more.");
  private static final Parameter FOLDER =
      Parameter.required(
          "--output-folder", "<folder>", "For domain-key.package and share-N.pem; is made.");
  private static final Parameter SHARE =
      Parameter.required("--share", "<file>", "A custodian's share.");
  private static final Parameter PRIVATE_KEY =
      Parameter.required(
          "--private-key",
          "<file>",
          "The custodian's private key: a PEM of PKCS#8, not encrypted.");
  private static final Parameter OUTPUT =
      Parameter.required("--output-file", "<file>", "For the opened share, which is a secret.");
  private static final Parameter PACKAGE =
      Parameter.required("--package", "<file>", "The domain-key.package of export-domain-key.");
  private static final Parameter SHARES =
      Parameter.requiredList("--shares", "<file>", "Opened shares of enough custodians.");

  private CustodyCommands() {}

  static List<Command> all() {
    return List.of(
        new Command(
            "cloudhsm",
            "export-domain-key",
            "Gives the domain key to custodians, of whom so many can bring it back.",
            """
            strongroom cloudhsm export-domain-key --threshold 2 --output-folder custody \\
                --custodian-public-keys ann.pem bob.pem eve.pem\
            """,
            List.of(CUSTODIANS, THRESHOLD, FOLDER),
            CustodyCommands::export),
        new Command(
            "cloudhsm",
            "open-share",
            "Opens a custodian's share, on the custodian's own machine; needs no KMS.",
            "strongroom cloudhsm open-share --share share-1.pem --private-key ann.key"
                + " --output-file ann.open",
            List.of(SHARE, PRIVATE_KEY, OUTPUT),
            CustodyCommands::open),
        new Command(
            "cloudhsm",
            "import-domain-key",
            "Brings the domain key into the HSM of the settings, with enough opened shares.",
            "strongroom cloudhsm import-domain-key --package domain-key.package"
                + " --shares ann.open eve.open",
            List.of(PACKAGE, SHARES),
            CustodyCommands::bring));
  }

  private static Answer export(Call call) throws IOException {
    List<PublicKey> custodians = new ArrayList<>();
    for (String file : call.list(CUSTODIANS.name())) {
      custodians.add(publicKey(Path.of(file)));
    }
    int threshold = call.number(THRESHOLD.name(), 2, 2, MOST);
    Path folder = Path.of(call.arguments().get(FOLDER.name()));
    Files.createDirectories(folder);
    Custody.Handout handout =
        call.kms().cloudHsm().exportDomainKey(call.caller(), custodians, threshold);
    CustodyPackage made = handout.custodyPackage();
    Path file = folder.resolve("domain-key.package");
    write(file, made.encode());
    List<String> shares = new ArrayList<>();
    for (KeyShare share : handout.shares()) {
      Path at = folder.resolve("share-" + share.index() + ".pem");
      write(at, share.encode().getBytes(StandardCharsets.US_ASCII));
      shares.add(at.toString());
    }
    return new Answer()
        .with("SetId", made.set().toString())
        .with("Threshold", made.threshold())
        .with("Package", file.toString())
        .with("Shares", shares);
  }

  private static PublicKey publicKey(Path file) throws IOException {
    List<Pem> keys = Pem.all(Files.readAllBytes(file), Pem.PUBLIC_KEY);
    if (keys.size() == 1) {
      try {
        return KeyFactory.getInstance("RSA", "SunRsaSign")
            .generatePublic(new X509EncodedKeySpec(keys.get(0).der()));
      } catch (GeneralSecurityException e) {
        // Refused like a file without a key.
      }
    }
    throw UsageError.of(
        CUSTODIANS.name(),
        "'"
            + file
            + "' holds no RSA key in one 'BEGIN PUBLIC KEY'; 'openssl pkey -pubout' makes it.");
  }

  private static Answer open(Call call) throws IOException {
    Path keyFile = Path.of(call.arguments().get(PRIVATE_KEY.name()));
    PrivateKey key = privateKey(keyFile);
    Path output = Path.of(call.arguments().get(OUTPUT.name()));
    try (KeyShare opened = share(call.arguments().get(SHARE.name())).open(key)) {
      write(output, opened.encode().getBytes(StandardCharsets.US_ASCII));
    }
    return Answer.none();
  }

  private static PrivateKey privateKey(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    List<Pem> keys = Pem.all(content, Pem.PRIVATE_KEY);
    Arrays.fill(content, (byte) 0);
    try {
      if (keys.size() == 1) {
        return KeyFactory.getInstance("RSA", "SunRsaSign")
            .generatePrivate(new PKCS8EncodedKeySpec(keys.get(0).der()));
      }
    } catch (GeneralSecurityException e) {
      // Refused like a file without a key.
    } finally {
      keys.forEach(key -> Arrays.fill(key.der(), (byte) 0));
    }
    throw UsageError.of(
        PRIVATE_KEY.name(),
        "'"
            + file
            + "' holds no RSA key in one 'BEGIN PRIVATE KEY'; 'openssl pkcs8 -topk8 -nocrypt' makes"
            + " it.");
  }

  private static KeyShare share(String file) throws IOException {
    return KeyShare.decode(Files.readString(Path.of(file), StandardCharsets.ISO_8859_1));
  }

  private static Answer bring(Call call) throws IOException {
    CustodyPackage custodyPackage =
        CustodyPackage.decode(Files.readAllBytes(Path.of(call.arguments().get(PACKAGE.name()))));
    List<KeyShare> shares = new ArrayList<>();
    try {
      for (String file : call.list(SHARES.name())) {
        shares.add(share(file));
      }
      List<Integer> versions =
          KmsSetup.importDomainKey(SettingsDoor.config(call.location()), custodyPackage, shares);
      return new Answer()
          .with("DomainId", custodyPackage.domainId().toString())
          .with("ImportedVersions", versions);
    } finally {
      shares.forEach(KeyShare::close);
    }
  }

  private static void write(Path file, byte[] content) throws IOException {
    try (OutputFile out = OutputFile.create(file, false, true)) {
      out.stream().write(content);
      out.commit();
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }
}
