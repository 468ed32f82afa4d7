// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.export;

import dev.strongroom.kms.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.time.Instant;
import java.util.zip.GZIPOutputStream;

/**
 * Writes one log file, {@code {"Records":[…]}} in gzip, of one hour. Its name ends with what its
 * hash begins with. Not thread-safe.
 */
final class LogFileWriter implements AutoCloseable {
  /** CloudTrail's files are smaller; whoever reads them has each whole in memory. */
  private static final int MOST_RECORDS = 50_000;

  private static final int UNIQUE_CHARS = 16;

  private final Path part;
  private final DurableFile file;
  private final DigestOutputStream out;
  private Instant newest;
  private Instant oldest;
  private int records;

  /**
   * Begins a file.
   *
   * @param part where it is until its name is known
   * @param time of its first record
   */
  LogFileWriter(Path part, Readers readers, Instant time) throws IOException {
    this.part = part;
    this.file = DurableFile.create(part, readers);
    OutputStream zipped = new GZIPOutputStream(file.stream(), 1 << 16);
    this.out = new DigestOutputStream(zipped, Sha256.begin());
    this.newest = time;
    this.oldest = time;
    out.write("{\"Records\":[".getBytes(StandardCharsets.UTF_8));
  }

  boolean isFull() {
    return records >= MOST_RECORDS;
  }

  /** Adds a record. */
  void add(String json, Instant time) throws IOException {
    if (records > 0) {
      out.write(',');
    }
    out.write(json.getBytes(StandardCharsets.UTF_8));
    records++;
    newest = time.isAfter(newest) ? time : newest;
    oldest = time.isBefore(oldest) ? time : oldest;
  }

  /**
   * Ends the file and gives it its name.
   *
   * @param prefix the first part of its path in the export
   */
  Digest.LogFile finish(ExportFolder folder, String prefix) throws IOException {
    out.write("]}".getBytes(StandardCharsets.UTF_8));
    out.close();
    file.force();
    String hash = Hex.of(out.getMessageDigest().digest());
    String object = prefix + hash.substring(0, UNIQUE_CHARS) + ".json.gz";
    folder.stage(part, object);
    return new Digest.LogFile(object, hash, newest, oldest);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
