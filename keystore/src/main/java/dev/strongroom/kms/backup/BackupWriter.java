// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.backup;

import dev.strongroom.kms.Sha256;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Writes a backup under another name, onto the disk, and only then under its own: whatever comes in
 * between leaves no file of that name. For one thread.
 */
public final class BackupWriter implements AutoCloseable {

  /** How names of unfinished files end. */
  public static final String UNFINISHED = ".part";

  private final Path file;
  private final Path unfinished;
  private final BackupKey key;
  private @Nullable FileChannel channel;
  private @Nullable MessageDigest digest;
  private @Nullable DataOutputStream out;
  private @Nullable Chunks chunks;

  /**
   * Makes a writer; nothing is written yet.
   *
   * @param key stays the caller's
   */
  public BackupWriter(Path file, BackupKey key) {
    this.file = file;
    this.unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
    this.key = key;
  }

  /**
   * Writes the header; called again it begins anew.
   *
   * @return takes the content, which is sealed; closing it does nothing
   */
  public OutputStream begin(BackupHeader header) throws IOException {
    close();
    Files.deleteIfExists(unfinished);
    FileChannel made =
        FileChannel.open(
            unfinished,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            ownerOnly());
    channel = made;
    MessageDigest sha256 = Sha256.begin();
    digest = sha256;
    DataOutputStream to =
        new DataOutputStream(
            new DigestOutputStream(
                new BufferedOutputStream(Channels.newOutputStream(made), 1 << 17), sha256));
    out = to;
    byte[] text = header.toJson().getBytes(StandardCharsets.UTF_8);
    to.write(BackupFormat.MAGIC);
    to.writeInt(text.length);
    to.write(text);
    Chunks content = new Chunks(to, key, Sha256.of(text));
    chunks = content;
    return content;
  }

  private static FileAttribute<?>[] ownerOnly() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  /**
   * Ends the content, signs the file and gives it its name.
   *
   * @param sign signs a SHA-256 hash; returns DER
   * @return SHA-256 of what is signed
   */
  public byte[] finish(UnaryOperator<byte[]> sign) throws IOException {
    Chunks content = chunks;
    DataOutputStream to = out;
    FileChannel disk = channel;
    MessageDigest sha256 = digest;
    if (content == null || to == null || disk == null || sha256 == null) {
      throw new IllegalStateException("There is nothing to finish");
    }
    content.finish();
    byte[] hash = sha256.digest();
    byte[] signature = sign.apply(hash);
    to.writeShort(signature.length);
    to.write(signature);
    to.flush();
    disk.force(true);
    close();
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    forceFolder();
    return hash;
  }

  /** Puts the new name onto the disk; a POSIX matter. */
  private void forceFolder() throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null && Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
        names.force(true);
      }
    }
  }

  /** Closes what is open and takes an unfinished file away. */
  @Override
  public void close() throws IOException {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      open.close();
    }
  }

  /** Takes away what {@link #finish} has not given its name. */
  public void discard() throws IOException {
    close();
    Files.deleteIfExists(unfinished);
  }

  /** Seals what is written to it, chunk by chunk. */
  private static final class Chunks extends OutputStream {
    private final DataOutputStream out;
    private final BackupKey key;
    private final byte[] header;
    private final byte[] buffer = new byte[BackupFormat.CHUNK_BYTES];
    private int length;
    private long number;

    Chunks(DataOutputStream out, BackupKey key, byte[] header) {
      this.out = out;
      this.key = key;
      this.header = header;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      int from = offset;
      int left = count;
      while (left > 0) {
        if (length == buffer.length) {
          seal(false);
        }
        int part = Math.min(left, buffer.length - length);
        System.arraycopy(bytes, from, buffer, length, part);
        length += part;
        from += part;
        left -= part;
      }
    }

    private void seal(boolean isLast) throws IOException {
      try {
        byte[] sealed = key.seal(number, isLast, header, buffer, length);
        out.writeByte(isLast ? 1 : 0);
        out.writeInt(sealed.length);
        out.write(sealed);
      } catch (GeneralSecurityException e) {
        throw new AssertionError("AES-256-GCM seals a chunk", e);
      }
      number++;
      length = 0;
    }

    void finish() throws IOException {
      seal(true);
      Arrays.fill(buffer, (byte) 0);
    }
  }
}
