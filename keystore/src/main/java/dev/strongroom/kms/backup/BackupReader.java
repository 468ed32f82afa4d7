// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.backup;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Sha256;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;

/**
 * Reads a backup. {@link #open} believes nothing; {@link #verify} reads all of it, and from then on
 * the header can be believed as far as its public key can; {@link #content} checks again what it
 * releases, since the file may change meanwhile. Immutable.
 */
public final class BackupReader {
  private static final int BUFFER_BYTES = 1 << 17;

  private final Path file;
  private final byte[] headerBytes;
  private final BackupHeader header;

  private BackupReader(Path file, byte[] headerBytes, BackupHeader header) {
    this.file = file;
    this.headerBytes = headerBytes;
    this.header = header;
  }

  /**
   * Reads the header.
   *
   * @throws KmsException.Configuration if there is no such file, or it is something else
   * @throws KmsException.StoreTampered if it is a backup that was damaged
   */
  public static BackupReader open(Path file) {
    try (DataInputStream in = buffered(file)) {
      byte[] magic = in.readNBytes(BackupFormat.MAGIC.length);
      if (!Arrays.equals(magic, BackupFormat.MAGIC)) {
        throw new KmsException.Configuration(
            file + " is no backup of this version. 'backup list' shows those that there are.",
            null);
      }
      byte[] text = header(in, file);
      return new BackupReader(
          file, text, BackupHeader.parse(new String(text, StandardCharsets.UTF_8)));
    } catch (EOFException | IllegalArgumentException e) {
      throw BackupFormat.damaged(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static DataInputStream buffered(Path file) throws IOException {
    return new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES));
  }

  private static byte[] header(DataInputStream in, Path file) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > BackupFormat.MOST_HEADER_BYTES) {
      throw BackupFormat.damaged(file);
    }
    byte[] text = new byte[length];
    in.readFully(text);
    return text;
  }

  private static KmsException unreadable(Path file, IOException e) {
    return new KmsException.Configuration(
        "The backup " + file + " cannot be read (" + e + "). Check its name and its mode.", e);
  }

  public Path file() {
    return file;
  }

  public BackupHeader header() {
    return header;
  }

  /**
   * Checks the whole file against the signature of the domain key that the header names. Whether
   * that is the right domain key is for the caller to tell.
   *
   * @return SHA-256 of what is signed
   * @throws KmsException.StoreTampered if anything is missing, altered or added
   */
  public byte[] verify() {
    MessageDigest digest = Sha256.begin();
    try (DataInputStream in = buffered(file)) {
      SignedPart part = new SignedPart(in, digest);
      DataInputStream signed = new DataInputStream(part);
      if (!Arrays.equals(signed.readNBytes(BackupFormat.MAGIC.length), BackupFormat.MAGIC)
          || !Arrays.equals(header(signed, file), headerBytes)) {
        throw BackupFormat.damaged(file);
      }
      boolean isLast = false;
      while (!isLast) {
        isLast = isLast(signed.readUnsignedByte());
        skip(signed, chunkLength(signed.readInt()));
      }
      byte[] hash = digest.digest();
      int length = in.readUnsignedShort();
      if (length > BackupFormat.MOST_SIGNATURE_BYTES) {
        throw BackupFormat.damaged(file);
      }
      byte[] signature = new byte[length];
      in.readFully(signature);
      if (in.read() >= 0 || !isSigned(hash, signature)) {
        throw BackupFormat.damaged(file);
      }
      return hash;
    } catch (EOFException e) {
      throw BackupFormat.damaged(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private boolean isLast(int mark) {
    if (mark > 1) {
      throw BackupFormat.damaged(file);
    }
    return mark == 1;
  }

  private int chunkLength(int length) {
    if (length < BackupFormat.TAG_BYTES
        || length > BackupFormat.CHUNK_BYTES + BackupFormat.TAG_BYTES) {
      throw BackupFormat.damaged(file);
    }
    return length;
  }

  private static void skip(DataInputStream in, int length) throws IOException {
    in.readFully(new byte[length]);
  }

  private boolean isSigned(byte[] hash, byte[] signature) {
    try {
      PublicKey key =
          KeyFactory.getInstance("EC", "SunEC")
              .generatePublic(new X509EncodedKeySpec(header.domain().active().publicKey()));
      Signature verifier = Signature.getInstance("NONEwithECDSA", "SunEC");
      verifier.initVerify(key);
      verifier.update(hash);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false; // the key or the signature is none
    }
  }

  /**
   * Returns the content, chunk by chunk as each is found genuine; the caller closes it. Its end is
   * the end of what was written: a file that was cut off fails instead, with {@link
   * KmsException.StoreTampered}.
   *
   * @param key stays the caller's and must stay open as long
   */
  public InputStream content(BackupKey key) throws IOException {
    DataInputStream in = buffered(file);
    boolean isReady = false;
    try {
      in.readFully(new byte[BackupFormat.MAGIC.length]);
      if (!Arrays.equals(header(in, file), headerBytes)) {
        throw BackupFormat.damaged(file);
      }
      isReady = true;
      return new Content(in, key);
    } finally {
      if (!isReady) {
        in.close();
      }
    }
  }

  /** Counts what is read into the digest. */
  private static final class SignedPart extends FilterInputStream {
    private final MessageDigest digest;

    SignedPart(InputStream in, MessageDigest digest) {
      super(in);
      this.digest = digest;
    }

    @Override
    public int read() throws IOException {
      int value = in.read();
      if (value >= 0) {
        digest.update((byte) value);
      }
      return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = in.read(bytes, offset, length);
      if (count > 0) {
        digest.update(bytes, offset, count);
      }
      return count;
    }
  }

  /** Opens chunks. */
  private final class Content extends InputStream {
    private final DataInputStream in;
    private final BackupKey key;
    private final byte[] headerHash = Sha256.of(headerBytes);
    private byte[] chunk = {};
    private int position;
    private long number;
    private boolean wasLast;

    Content(DataInputStream in, BackupKey key) {
      this.in = in;
      this.key = key;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      while (position == chunk.length) {
        if (wasLast) {
          return -1;
        }
        next();
      }
      int count = Math.min(length, chunk.length - position);
      System.arraycopy(chunk, position, bytes, offset, count);
      position += count;
      return count;
    }

    private void next() throws IOException {
      try {
        boolean last = isLast(in.readUnsignedByte());
        byte[] sealed = new byte[chunkLength(in.readInt())];
        in.readFully(sealed);
        chunk = key.open(number, last, headerHash, sealed);
        wasLast = last;
      } catch (EOFException | GeneralSecurityException e) {
        throw BackupFormat.damaged(file);
      }
      number++;
      position = 0;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
