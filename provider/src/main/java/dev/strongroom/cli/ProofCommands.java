// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.audit.AuditVerifier;
import dev.strongroom.kms.audit.RecordProof;
import dev.strongroom.kms.audit.Verification;
import dev.strongroom.kms.audit.Witnessed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.Optional;

/** {@code cloudtrail …}: proof of what the record of calls says. */
final class ProofCommands {
  private ProofCommands() {}

  static Command listPublicKeys() {
    return new Command(
        "cloudtrail",
        "list-public-keys",
        "Shows the keys that checkpoints of the trail are signed with, the newest first.",
        """
        strongroom cloudtrail list-public-keys --query PublicKeyList[0].Value --output text > audit.pem""",
        List.of(),
        ProofCommands::listPublicKeys);
  }

  static Command validateLogs() {
    return new Command(
        "cloudtrail",
        "validate-logs",
        "Verifies the whole trail: says which record or range is wrong, and ends with 1 if one is.",
        """
        strongroom cloudtrail validate-logs
        strongroom cloudtrail validate-logs --folder copy-of-audit --public-key audit.pem""",
        List.of(
            Parameter.optional(
                "--folder",
                "<folder>",
                "Verify this copy of the trail, with --public-key alone: no KMS is opened."),
            Parameter.optional(
                "--public-key", "<file>", "PEM, of 'cloudtrail list-public-keys'; one or more."),
            Parameter.optional(
                "--witness",
                "<folder>",
                "What the setting audit.witness wrote: finds ends that were cut off.")),
        ProofCommands::validateLogs);
  }

  static Command prove() {
    return new Command(
        "cloudtrail",
        "prove",
        "Proves that one event is on record: what anybody can check who has the public key.",
        "strongroom cloudtrail prove --event-id 1234abcd-12ab-84cd-96ef-1234567890ab",
        List.of(
            Parameter.required("--event-id", "<id>", "As 'cloudtrail lookup-events' shows it.")),
        ProofCommands::prove);
  }

  private static Answer listPublicKeys(Call call) {
    List<Answer> keys =
        call.kms().listAuditPublicKeys(call.caller()).stream()
            .map(key -> new Answer().with("Value", Pem.text(Pem.PUBLIC_KEY, key.getEncoded())))
            .toList();
    return new Answer().with("PublicKeyList", keys);
  }

  private static Answer validateLogs(Call call) throws IOException {
    boolean isCopy = call.arguments().has("--folder");
    boolean hasWitness = call.arguments().has("--witness");
    if (isCopy != call.arguments().has("--public-key") || (hasWitness && !isCopy)) {
      throw new UsageError("--folder and --public-key belong together, and --witness with them.");
    }
    List<Verification> streams = isCopy ? ofCopy(call) : call.kms().validateLogs(call.caller());
    boolean isIntact =
        streams.stream().allMatch(stream -> stream.isIntact() && stream.copyFindings().isEmpty());
    return new Answer()
        .with("Streams", streams.stream().map(ProofCommands::shape).toList())
        .with("Valid", isIntact)
        .withExitCode(isIntact ? Main.DONE : Main.FAILED);
  }

  private static List<Verification> ofCopy(Call call) throws IOException {
    Path folder = Path.of(call.arguments().get("--folder"));
    if (!Files.isDirectory(folder)) {
      throw UsageError.of("--folder", "there is no folder '" + folder + "'.");
    }
    AuditVerifier verifier = AuditVerifier.ofCopy(folder, publicKeys(call), witnessed(call));
    return verifier.streams().stream().map(verifier::verify).toList();
  }

  private static Witnessed witnessed(Call call) throws IOException {
    Optional<Path> folder = call.arguments().find("--witness").map(Path::of);
    if (folder.isPresent() && !Files.isDirectory(folder.get())) {
      throw UsageError.of("--witness", "there is no folder '" + folder.get() + "'.");
    }
    return folder.isPresent() ? Witnessed.in(folder.get()) : Witnessed.NOTHING;
  }

  /** Reads {@code --public-key}. */
  static List<PublicKey> publicKeys(Call call) throws IOException {
    Path file = Path.of(call.arguments().get("--public-key"));
    if (!Files.isReadable(file)) {
      throw UsageError.of("--public-key", "there is no '" + file + "'.");
    }
    List<PublicKey> keys =
        Pem.all(Files.readAllBytes(file), Pem.PUBLIC_KEY).stream()
            .map(ProofCommands::publicKey)
            .toList();
    if (keys.isEmpty()) {
      throw UsageError.of("--public-key", "'" + file + "' holds no 'BEGIN PUBLIC KEY'.");
    }
    return keys;
  }

  private static PublicKey publicKey(Pem pem) {
    try {
      return KeyFactory.getInstance("EC", "SunEC")
          .generatePublic(new X509EncodedKeySpec(pem.der()));
    } catch (GeneralSecurityException e) {
      throw UsageError.of(
          "--public-key", "a key in it is no EC key. Checkpoints are signed on P-256.");
    }
  }

  private static Answer shape(Verification stream) {
    Answer shape =
        new Answer().with("Stream", stream.stream().toString()).with("Closed", stream.isClosed());
    if (stream.closing() == Verification.Closing.BY_ANOTHER) {
      shape.with("ClosedByAnotherProcess", true);
      shape.with(
          "Note",
          stream.leftRecords() + " records of a killed process were sealed by the next start");
    }
    return shape
        .with("Records", stream.records())
        .with("SealedRecords", stream.sealedRecords())
        .with("SignedRecords", stream.checkpointedRecords())
        .withUnlessEmpty("Findings", findings(stream.findings()))
        .withUnlessEmpty("CopyFindings", findings(stream.copyFindings()));
  }

  private static List<Answer> findings(List<Verification.Finding> findings) {
    return findings.stream()
        .map(
            finding ->
                new Answer()
                    .with("File", finding.file())
                    .with("Offset", finding.offset())
                    .with("Record", finding.record())
                    .with("Sentence", finding.sentence()))
        .toList();
  }

  private static Answer prove(Call call) {
    RecordProof proof = call.kms().proveEvent(call.caller(), call.uuid("--event-id"));
    return new Answer()
        .with("Stream", proof.stream().toString())
        .with("Index", proof.index())
        .with("Size", proof.size())
        .with("Head", proof.head())
        .with("Entries", proof.entries())
        .with("Rest", proof.rest())
        .with("Path", proof.path())
        .with("Checkpoint", proof.checkpoint());
  }
}
