// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.iam.Identities;
import dev.strongroom.kms.iam.IssuedAccessKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;

/** Makes the account root's access key and writes it to the credentials file. */
final class RootAccessKey {

  /** What the identities call the account root. */
  private static final String ROOT = "";

  private RootAccessKey() {}

  /**
   * Makes the key if the root has none, and the file is not there.
   *
   * @return whether it made one
   */
  static boolean ensure(KmsConfig config, Identities identities) {
    if (Files.exists(config.credentialsFile()) || !identities.listAccessKeys(ROOT).isEmpty()) {
      return false;
    }
    create(config, identities);
    return true;
  }

  // The store has the key before the file does: a kill between leaves a key that nobody knows and
  // no file; 'init' then makes another one. The other order would leave a file that is wrong.
  static void create(KmsConfig config, Identities identities) {
    try (IssuedAccessKey key = identities.createAccessKey(ROOT)) {
      byte[] text = CredentialSources.format(key.accessKeyId(), key.secret());
      try {
        write(config.credentialsFile(), text);
      } finally {
        Arrays.fill(text, (byte) 0);
      }
    }
  }

  private static void write(Path file, byte[] text) {
    Path temporary = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
    try (FileChannel out =
        FileChannel.open(
            temporary,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            ownerOnly())) {
      ByteBuffer bytes = ByteBuffer.wrap(text);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new KmsException.Configuration(
          "The root access key could not be written to "
              + file
              + ". Make its folder writable and run 'init' again.",
          e);
    }
  }

  private static FileAttribute<?>[] ownerOnly() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
