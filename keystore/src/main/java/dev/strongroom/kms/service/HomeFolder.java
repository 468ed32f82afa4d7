// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** The folder that holds the settings and, by default, everything else. */
final class HomeFolder {

  private HomeFolder() {}

  /** Makes the home where it is missing, for this user only. */
  static void prepare(KmsConfig config) {
    Path home = config.home();
    if (Files.isDirectory(home)) {
      return;
    }
    try {
      Files.createDirectories(home, ownerOnly());
    } catch (IOException e) {
      throw new KmsException.Configuration(
          "The folder "
              + home
              + " cannot be made. Make it writable, or name another one with STRONGROOM_HOME.",
          e);
    }
  }

  /** Returns the mode of a folder that is for this user only. */
  static FileAttribute<?>[] ownerOnly() {
    return mode("rwx------");
  }

  /** Returns the mode of a file that is for this user only. */
  static FileAttribute<?>[] secretFile() {
    return mode("rw-------");
  }

  private static FileAttribute<?>[] mode(String mode) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }
}
