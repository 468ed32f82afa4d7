// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.audit.export.ExportCheck;
import dev.strongroom.kms.audit.export.ExportResult;
import dev.strongroom.kms.audit.export.ExportVerification;
import dev.strongroom.kms.audit.export.LogExport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** A trail and the folder that it is exported to, for tests of the export. */
abstract class ExportedTrail extends JournalFolder {
  final Register register = new Register();
  final Time time = new Time();

  /** A clock that tests set. */
  static class Time extends Clock {
    private volatile Instant now = NOON;

    void pass(Duration duration) {
      now = now.plus(duration);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }

  Path target() {
    return temp.resolve("trail");
  }

  Journal open() {
    return new Journal(
        JournalSettings.in(folder()), Events.KEYS, register, TestNotary.INSTANCE, time);
  }

  ExportResult export(Journal journal) {
    time.pass(Duration.ofSeconds(1));
    return new LogExport(journal, Events.PLACE, time).into(target());
  }

  ExportVerification check() throws IOException {
    return ExportCheck.run(target(), TestNotary.KEYS);
  }

  static byte[] unzipped(Path file) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return in.readAllBytes();
    }
  }

  static void record(Journal journal, int count) {
    for (int i = 0; i < count; i++) {
      journal.record(Events.decrypt());
    }
  }

  /** Three exports of three hours; the second has nothing. */
  List<ExportResult> threeExports() {
    List<ExportResult> exports = new ArrayList<>();
    try (Journal journal = open()) {
      record(journal, 3);
      time.pass(Duration.ofHours(1));
      record(journal, 4);
      exports.add(export(journal));
      time.pass(Duration.ofHours(1));
      exports.add(export(journal));
      record(journal, 5);
    }
    try (Journal journal = open()) {
      record(journal, 6);
      exports.add(export(journal));
    }
    return exports;
  }
}
