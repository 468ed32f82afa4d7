// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.backup.BackupHeader;
import dev.strongroom.kms.backup.BackupReader;
import dev.strongroom.kms.backup.BackupWriter;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The folder that backups are written to. */
record BackupFolder(Path path) {
  private static final Logger LOG = System.getLogger(BackupFolder.class.getName());
  private static final Duration LONGEST_WRITE = Duration.ofDays(1);
  private static final String ENDING = ".backup";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  static BackupFolder of(KmsConfig config) {
    return new BackupFolder(config.backupFolder());
  }

  /** Makes the folder where it is missing, for this user only. */
  BackupFolder prepare() {
    try {
      if (!Files.isDirectory(path)) {
        Files.createDirectories(path, HomeFolder.ownerOnly());
      }
      return this;
    } catch (IOException e) {
      throw new KmsException.Configuration(
          "The folder " + path + " cannot be made. Make it writable, or set backup.folder.", e);
    }
  }

  /** Takes away what killed processes left; others may be writing what is younger. */
  void removeUnfinished(Instant now) {
    for (Path file : files(ENDING + BackupWriter.UNFINISHED)) {
      try {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(LONGEST_WRITE))) {
          Files.deleteIfExists(file);
        }
      } catch (IOException e) {
        LOG.log(Level.WARNING, "The unfinished backup " + file + " cannot be deleted: " + e);
      }
    }
  }

  /** Returns the file of a new backup; names are in the order of their times. */
  Path fileOf(String id, Instant time) {
    return path.resolve(TIME.format(time) + "-" + id + ENDING);
  }

  /** Returns the backups that there are, the newest first. */
  Backups.Listing list() {
    List<BackupDescription> backups = new ArrayList<>();
    List<Path> unreadable = new ArrayList<>();
    for (Path file : files(ENDING)) {
      try {
        backups.add(describe(file, Optional.empty()));
      } catch (KmsException e) {
        unreadable.add(file);
      }
    }
    backups.sort(Comparator.comparing(BackupDescription::creationDate).reversed());
    return new Backups.Listing(backups, unreadable);
  }

  private List<Path> files(String ending) {
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    } catch (IOException e) {
      throw new KmsException.Configuration(
          "The folder " + path + " cannot be read (" + e + "). Set backup.folder.", e);
    }
  }

  /**
   * Describes one by its header.
   *
   * @param hash of what is signed, where it was verified
   */
  static BackupDescription describe(Path file, Optional<byte[]> hash) {
    BackupHeader header = BackupReader.open(file).header();
    long bytes;
    try {
      bytes = Files.size(file);
    } catch (IOException e) {
      throw new KmsException.Configuration("The backup " + file + " cannot be read.", e);
    }
    return new BackupDescription(
        header.id(),
        file,
        bytes,
        header.created(),
        header.region(),
        header.account(),
        header.domain().domainId(),
        header.domain().active().number(),
        header.incarnation(),
        header.storeRevision(),
        header.keys(),
        header.holdsDomainKey(),
        header.recipients().stream().map(BackupHeader.Recipient::keySha256).toList(),
        hash.map(HexFormat.of()::formatHex));
  }
}
