// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.embedded.EmbeddedHsm;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditVerifier;
import dev.strongroom.kms.audit.Witnessed;
import dev.strongroom.kms.backup.BackupHeader;
import dev.strongroom.kms.backup.BackupReader;
import dev.strongroom.kms.key.HsmErrors;
import dev.strongroom.kms.storage.JdbcStore;
import dev.strongroom.kms.storage.Restoration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Restores a backup into a place that has no KMS yet: what {@code restore} does. As with {@link
 * KmsSetup}, nobody is asked who calls: it takes the domain key. Everything is verified before
 * anything counts; a fault or a kill leaves the place as it was.
 */
public final class KmsRestore {
  private static final String ROLLBACK =
      " Restoring it takes back what was done since: keys are gone that were made, and keys come back"
          + " that were deleted. Say --accept-rollback if that is meant.";

  private KmsRestore() {}

  /**
   * What is restored.
   *
   * @param recipientKey the private key of a recipient in PEM, for the domain key in the backup
   * @param intoRegion must be the settings' region, where that is another one than the backup's
   * @param acceptsRollback whether a backup is taken that something newer is known of
   * @param signers the public keys that the KMS signs with, as {@code listAuditPublicKeys} returns
   *     them; must be there with {@code recipientKey}, since anybody can make a backup for a
   *     recipient, with a domain key of their own
   */
  public record Request(
      Path file,
      Optional<Path> recipientKey,
      Optional<String> intoRegion,
      boolean acceptsRollback,
      List<PublicKey> signers) {

    public Request {
      signers = List.copyOf(signers);
    }

    /** Restores a backup where the domain key and the region are the same. */
    public static Request of(Path file) {
      return new Request(file, Optional.empty(), Optional.empty(), false, List.of());
    }
  }

  /**
   * What was restored.
   *
   * @param incarnation of the store from now on
   */
  public record Report(
      BackupDescription backup, String incarnation, String region, Path home, String store) {}

  /**
   * Restores a backup.
   *
   * @throws KmsException.AlreadyExists if there is a KMS in that place
   * @throws KmsException.StoreTampered if the backup is cut off or was altered
   * @throws KmsException.Configuration if domain key, region or account are not those of the backup
   * @throws KmsException.InvalidState if the trail or another backup knows a later state
   */
  public static Report restore(KmsConfig config, Request request) {
    Resources resources = new Resources();
    try {
      Report report = restore(config, request, resources);
      resources.close();
      KmsAssembly.open(config, () -> {}).close(); // which puts it on record
      return report;
    } catch (KmsException e) {
      KmsAssembly.closeQuietly(resources, e);
      throw e;
    }
  }

  private static Report restore(KmsConfig config, Request request, Resources resources) {
    BackupHeader header = BackupReader.open(request.file()).header();
    requireEmpty(config, header);
    requirePlace(config, header, request.intoRegion());
    requireSigner(request, header);
    Hsm hsm = HsmOpener.open(config);
    resources.add(hsm::close);
    OpenBackup backup = open(request, hsm);
    resources.add(backup::close);
    if (!request.acceptsRollback()) {
      requireNewest(config, request.file(), backup.header());
    }
    HomeFolder.prepare(config);
    if (hsm instanceof EmbeddedHsm embedded) {
      importInto(backup, embedded);
    }
    Clock clock = Clock.systemUTC();
    JdbcStore store = JdbcStore.open(config.store(), clock);
    resources.add(store::close);
    JdbcStore.Restoring restoring = restoring(config, backup, clock.instant());
    backup.fill(store, restoring);
    return new Report(
        BackupFolder.describe(request.file(), Optional.of(backup.hash())),
        restoring.restoration().incarnation(),
        config.place().region(),
        config.home(),
        config.store());
  }

  private static void requireSigner(Request request, BackupHeader header) {
    if (request.signers().isEmpty() && request.recipientKey().isEmpty()) {
      return; // the domain key itself tells
    }
    if (request.signers().isEmpty()) {
      throw new KmsException.Configuration(
          "A backup that brings its domain key along has to be signed by the KMS that you mean: say"
              + " --public-key audit.pem, which 'cloudtrail list-public-keys' wrote there.",
          null);
    }
    OpenBackup.requireSigner(request.file(), header, request.signers());
  }

  private static OpenBackup open(Request request, Hsm hsm) {
    if (request.recipientKey().isEmpty()) {
      return OpenBackup.open(request.file(), hsm);
    }
    if (!(hsm instanceof EmbeddedHsm)) {
      throw new KmsException.Configuration(
          "A domain key that was in a backup goes into a key file, not into an HSM: set"
              + " hsm=embedded:PATH.",
          null);
    }
    return OpenBackup.open(request.file(), PemKeys.privateKey(request.recipientKey().get()));
  }

  private static void importInto(OpenBackup backup, EmbeddedHsm embedded) {
    try {
      backup.importInto(embedded);
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    }
  }

  /** Whoever is there says so, and puts it on record. */
  private static void requireEmpty(KmsConfig config, BackupHeader header) {
    if (!isThere(config)) {
      return;
    }
    KmsException refusal =
        new KmsException.AlreadyExists(
            "There is a KMS in "
                + config.store()
                + " already, and a backup is restored into an empty place. Name another home or"
                + " 'store'; nothing was changed.");
    try (EmbeddedKms kms = KmsAssembly.open(config, () -> {})) {
      kms.open().restorations().refused(header, refusal);
    } catch (KmsException e) {
      refusal.addSuppressed(e); // it does not even open: there is no trail to write to
    }
    throw refusal;
  }

  private static boolean isThere(KmsConfig config) {
    Path file = Path.of(config.store().replaceFirst("^jdbc:sqlite:", ""));
    if (!Files.exists(file)) {
      return false;
    }
    try (JdbcStore store = JdbcStore.open(config.store(), Clock.systemUTC())) {
      return store.domain().isPresent();
    }
  }

  private static void requirePlace(
      KmsConfig config, BackupHeader header, Optional<String> intoRegion) {
    String region = config.place().region();
    boolean isNamed = intoRegion.filter(region::equals).isPresent();
    if ((!region.equals(header.region()) || intoRegion.isPresent()) && !isNamed) {
      throw new KmsException.Configuration(
          "The backup is of the region \""
              + header.region()
              + "\", and these settings are those of \""
              + region
              + "\". To move its keys there, and their ARNs with them, say --into-region "
              + region
              + "; else correct 'region'.",
          null);
    }
    if (!config.place().account().equals(header.account())) {
      throw new KmsException.Configuration(
          "The backup is of the account "
              + header.account()
              + ", and these settings say "
              + config.place().account()
              + ". Correct 'account'.",
          null);
    }
  }

  private static void requireNewest(KmsConfig config, Path file, BackupHeader header) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      for (BackupDescription other : new BackupFolder(folder).list().backups()) {
        if (other.domainId().equals(header.domain().domainId())
            && other.creationDate().isAfter(header.created())) {
          throw new KmsException.InvalidState(
              "That backup is stale: beside it is "
                  + other.file()
                  + ", which is newer."
                  + ROLLBACK);
        }
      }
    }
    requireTrailNotNewer(config, header);
  }

  /** A trail that is there may know of changes that the backup lacks. */
  private static void requireTrailNotNewer(KmsConfig config, BackupHeader header) {
    List<PublicKey> keys =
        header.domain().versions().stream()
            .map(version -> AuditNotary.decode(version.publicKey()))
            .toList();
    for (Path folder : config.trailFolders().all()) {
      if (Files.isDirectory(folder)) {
        Optional<Instant> last =
            AuditVerifier.ofCopy(folder, keys, Witnessed.NOTHING).latest(changesSince(header));
        if (last.isPresent()) {
          throw new KmsException.InvalidState(
              "That backup is stale: the audit trail in "
                  + folder
                  + " has changes that came after it, the last one at "
                  + last.get()
                  + "."
                  + ROLLBACK);
        }
      }
    }
  }

  private static AuditQuery changesSince(BackupHeader header) {
    return new AuditQuery(
        Optional.of(header.created()),
        Optional.empty(),
        List.of(new AuditQuery.Attribute(AuditQuery.AttributeKey.READ_ONLY, "false")),
        Optional.empty(),
        1);
  }

  private static JdbcStore.Restoring restoring(KmsConfig config, OpenBackup backup, Instant now) {
    BackupHeader header = backup.header();
    Map<String, String> receipt = new LinkedHashMap<>();
    receipt.put("backupId", header.id());
    receipt.put("backupSha256", HexFormat.of().formatHex(backup.hash()));
    receipt.put("backupCreated", header.created().toString());
    receipt.put("backupRegion", header.region());
    receipt.put("storeRevision", String.valueOf(header.storeRevision()));
    receipt.put("keys", String.valueOf(header.keys()));
    Restoration restoration =
        new Restoration(UUID.randomUUID().toString(), header.incarnation(), now, receipt);
    return new JdbcStore.Restoring(
        restoration, backup.expected(), header.region(), config.place().region(), streams(config));
  }

  /** Returns the streams of the trail that are here: the others stay where they are. */
  private static Set<UUID> streams(KmsConfig config) {
    Set<UUID> streams = new HashSet<>();
    for (Path folder : config.trailFolders().all()) {
      if (Files.isDirectory(folder)) {
        streams.addAll(AuditVerifier.ofCopy(folder, List.of(), Witnessed.NOTHING).streams());
      }
    }
    return streams;
  }
}
