// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.service.BackupDescription;
import dev.strongroom.kms.service.Backups;
import dev.strongroom.kms.service.DrillReport;
import dev.strongroom.kms.service.KmsRestore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code backup …} and {@code restore} (not in AWS in this form). */
final class BackupCommands {
  private static final String SERVICE = "backup";
  private static final String FILE = "--file";
  private static final String RECIPIENT = "--recipient-key";
  private static final String REPORT = "--report";
  private static final String REGION = "--into-region";
  private static final String ROLLBACK = "--accept-rollback";
  private static final Parameter BACKUP =
      Parameter.required(FILE, "<file>", "As 'backup list' shows it.");
  private static final Parameter PRIVATE_KEY =
      Parameter.optional(
          RECIPIENT,
          "<file>",
          "The RSA private key of a recipient, PKCS#8 in PEM: uses the domain key in the backup.");

  private BackupCommands() {}

  static List<Command> all() {
    return List.of(
        new Command(
            SERVICE,
            "create",
            "Writes a backup of the whole KMS into the folder of the setting 'backup.folder'.",
            "strongroom backup create",
            List.of(),
            BackupCommands::create),
        new Command(
            SERVICE,
            "list",
            "Shows the backups in that folder, the newest first.",
            "strongroom backup list --query Backups[].File",
            List.of(),
            BackupCommands::list),
        new Command(
            SERVICE,
            "verify",
            "Reads a whole backup: signature, domain key and every part of it.",
            "strongroom backup verify --file backups/20260101T000000Z-backup-….backup",
            List.of(BACKUP),
            BackupCommands::verify),
        new Command(
            SERVICE,
            "drill",
            "Proves a backup: restores it into a scratch folder, opens a sample, signs a report.",
            """
            strongroom backup drill --file backups/20260101T000000Z-backup-….backup \\
                --report drill.json""",
            List.of(
                BACKUP,
                PRIVATE_KEY,
                Parameter.optional(
                    REPORT, "<file>", "Write the report there, and its signature to <file>.sig.")),
            BackupCommands::drill));
  }

  static Command restore() {
    return new Command(
        Catalog.OWN,
        "restore",
        "Makes a KMS of a backup, where there is none; nothing counts until all is verified.",
        """
        export STRONGROOM_HOME=/srv/strongroom
        strongroom restore --file 20260101T000000Z-backup-….backup""",
        List.of(
            BACKUP,
            PRIVATE_KEY,
            Parameter.optional(
                REGION,
                "<region>",
                "Move the keys, and their ARNs, to the region of these settings."),
            Parameter.optional(
                "--public-key",
                "<file>",
                "PEM, of 'cloudtrail list-public-keys'; with --recipient-key it must be given."),
            Parameter.flag(
                ROLLBACK, "Take a backup although the trail or another backup is newer.")),
        BackupCommands::restore);
  }

  private static Answer create(Call call) {
    return shape(call.kms().backups().create(call.caller()));
  }

  private static Answer list(Call call) {
    Backups.Listing listing = call.kms().backups().list(call.caller());
    return new Answer()
        .with("Backups", listing.backups().stream().map(BackupCommands::shape).toList())
        .withUnlessEmpty("Unreadable", listing.unreadable().stream().map(Path::toString).toList());
  }

  private static Answer verify(Call call) {
    return shape(call.kms().backups().verify(call.caller(), file(call))).with("Valid", true);
  }

  private static Path file(Call call) {
    Path file = Path.of(call.arguments().get(FILE));
    if (!Files.isReadable(file)) {
      throw UsageError.of(FILE, "there is no '" + file + "'.");
    }
    return file;
  }

  private static Optional<Path> recipient(Call call) {
    return call.arguments().find(RECIPIENT).map(Path::of);
  }

  private static Answer drill(Call call) throws IOException {
    DrillReport report = call.kms().backups().drill(call.caller(), file(call), recipient(call));
    Optional<Path> to = call.arguments().find(REPORT).map(Path::of);
    if (to.isPresent()) {
      Path signature = to.get().resolveSibling(to.get().getFileName() + ".sig");
      Files.writeString(to.get(), report.json(), StandardCharsets.UTF_8);
      Files.write(signature, report.signatureBytes());
    }
    return new Answer().with("Report", report.json()).with("Signature", report.signature());
  }

  private static Answer restore(Call call) throws IOException {
    KmsRestore.Report report =
        KmsRestore.restore(
            SettingsDoor.config(call.location()),
            new KmsRestore.Request(
                file(call),
                recipient(call),
                call.arguments().find(REGION),
                call.arguments().has(ROLLBACK),
                call.arguments().has("--public-key") ? ProofCommands.publicKeys(call) : List.of()));
    return new Answer()
        .with("Home", report.home().toString())
        .with("Store", report.store())
        .with("Region", report.region())
        .with("Incarnation", report.incarnation())
        .with("Backup", shape(report.backup()));
  }

  private static Answer shape(BackupDescription backup) {
    return new Answer()
        .with("BackupId", backup.id())
        .with("File", backup.file().toString())
        .with("Bytes", backup.bytes())
        .with("CreationDate", backup.creationDate())
        .with("Region", backup.region())
        .with("Account", backup.account())
        .with("DomainId", backup.domainId().toString())
        .with("DomainKeyVersion", backup.domainKeyVersion())
        .with("Incarnation", backup.incarnation())
        .with("StoreRevision", backup.storeRevision())
        .with("Keys", backup.keys())
        .with("HoldsDomainKey", backup.holdsDomainKey())
        .withUnlessEmpty("Recipients", backup.recipients())
        .withIfPresent("Sha256", backup.sha256());
  }
}
