// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.embedded;

import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.HsmException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.UnrecoverableEntryException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.PBEParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A PKCS#12 file (RFC 7292) with one secret entry for each version of a domain key, named {@code
 * <domain>/d<version>} and encrypted under the passphrase with PBES2, HMAC-SHA256 and AES-256.
 *
 * <p>The file as a whole has no MAC: one with fewer iterations than the entries would only help to
 * guess the passphrase. What was changed in it shows by the check value of the domain key. Changes
 * are made under a lock file and take the old file's place in one step.
 */
final class Pkcs12File {
  private static final String PBE = "PBEWithHmacSHA256AndAES_256";
  private static final int SALT_BYTES = 20;

  private final Path path;
  private final SecureRandom random;

  /** Makes nothing yet. */
  Pkcs12File(Path path, SecureRandom random) {
    this.path = path;
    this.random = random;
  }

  boolean exists() {
    return Files.exists(path);
  }

  /** Returns the content of an entry; the caller zeroes it. */
  Optional<byte[]> read(DomainKeyId id, char[] passphrase) {
    if (!exists()) {
      return Optional.empty();
    }
    try {
      KeyStore.Entry entry =
          load().getEntry(id.toString(), new KeyStore.PasswordProtection(passphrase));
      return entry instanceof KeyStore.SecretKeyEntry secret
          ? Optional.ofNullable(secret.getSecretKey().getEncoded())
          : Optional.empty();
    } catch (UnrecoverableEntryException e) {
      throw new HsmException.LoginFailed(
          "The passphrase does not open " + path + ". Give the one that the file was made with.",
          e);
    } catch (IOException | GeneralSecurityException e) {
      throw unreadable(e);
    }
  }

  /**
   * Adds an entry; {@code content} is left intact.
   *
   * @param iterations of PBKDF2 for it
   * @throws HsmException.AlreadyExists if there is one of that name
   */
  void add(DomainKeyId id, byte[] content, char[] passphrase, int iterations) {
    change(
        (store, name) -> {
          try {
            if (store.containsAlias(name)) {
              throw new HsmException.AlreadyExists(path + " holds domain key " + id + " already.");
            }
            SecretKey secret = new SecretKeySpec(content, "AES");
            byte[] salt = new byte[SALT_BYTES];
            random.nextBytes(salt);
            store.setEntry(
                name,
                new KeyStore.SecretKeyEntry(secret),
                new KeyStore.PasswordProtection(
                    passphrase, PBE, new PBEParameterSpec(salt, iterations)));
            return true;
          } catch (GeneralSecurityException e) {
            throw unreadable(e);
          }
        },
        id);
  }

  /** Removes an entry where there is one. */
  void remove(DomainKeyId id) {
    if (!exists()) {
      return;
    }
    change(
        (store, name) -> {
          try {
            boolean there = store.containsAlias(name);
            if (there) {
              store.deleteEntry(name);
            }
            return there;
          } catch (GeneralSecurityException e) {
            throw unreadable(e);
          }
        },
        id);
  }

  private void change(BiFunction<KeyStore, String, Boolean> change, DomainKeyId id) {
    Path lockFile = path.resolveSibling(path.getFileName() + ".lock");
    try {
      Path folder = path.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder, ownerOnly("rwx------"));
      }
      try (FileChannel channel = open(lockFile, StandardOpenOption.CREATE);
          FileLock lock = channel.lock()) {
        KeyStore store = load();
        if (lock.isValid() && change.apply(store, id.toString())) {
          replace(store);
        }
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new HsmException.Unavailable(
          "The domain key file "
              + path
              + " cannot be written: "
              + e.getMessage()
              + ". Make its folder writable and see that the disk is not full.",
          e);
    }
  }

  private KeyStore load() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12", "SUN");
    if (!exists()) {
      store.load(null, null);
      return store;
    }
    try (InputStream in = Files.newInputStream(path)) {
      store.load(in, null);
    }
    return store;
  }

  private void replace(KeyStore store) throws IOException, GeneralSecurityException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    store.store(bytes, null);
    write(path, bytes.toByteArray());
  }

  /** Writes a file that only its owner can read, so that there is the old one or the new one. */
  static void write(Path path, byte[] content) throws IOException {
    Path temporary = path.resolveSibling(path.getFileName() + "." + UUID.randomUUID());
    try {
      try (FileChannel out = open(temporary, StandardOpenOption.CREATE_NEW)) {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
          out.write(rest);
        }
        out.force(true);
      }
      Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static FileChannel open(Path path, StandardOpenOption create) throws IOException {
    return FileChannel.open(path, Set.of(create, StandardOpenOption.WRITE), ownerOnly("rw-------"));
  }

  private static FileAttribute<?>[] ownerOnly(String mode) {
    return Stream.of("posix")
        .filter(Path.of("").getFileSystem().supportedFileAttributeViews()::contains)
        .map(view -> PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)))
        .toArray(FileAttribute<?>[]::new);
  }

  private HsmException unreadable(Exception e) {
    return new HsmException.Unavailable(
        path
            + " cannot be read as a PKCS#12 file: "
            + e.getMessage()
            + ". Restore it from a backup, or name another file.",
        e);
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
