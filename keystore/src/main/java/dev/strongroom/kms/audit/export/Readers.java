// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Who may read what is exported, which names callers and encryption contexts: the owner, and the
 * group where the folder lets it read; nobody else.
 */
enum Readers {
  OWNER("rwx------", "rw-------"),
  GROUP("rwxr-x---", "rw-r-----"),
  /** Where there are no POSIX permissions. */
  AS_THE_SYSTEM_SAYS("", "");

  private final String folderMode;
  private final String fileMode;

  Readers(String folderMode, String fileMode) {
    this.folderMode = folderMode;
    this.fileMode = fileMode;
  }

  /** Returns who may read what is put into a folder, which need not be there. */
  static Readers of(Path folder) throws IOException {
    if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return AS_THE_SYSTEM_SAYS;
    }
    return Files.exists(folder)
            && Files.getPosixFilePermissions(folder).contains(PosixFilePermission.GROUP_READ)
        ? GROUP
        : OWNER;
  }

  FileAttribute<?>[] ofFolder() {
    return attribute(folderMode);
  }

  FileAttribute<?>[] ofFile() {
    return attribute(fileMode);
  }

  private static FileAttribute<?>[] attribute(String mode) {
    return mode.isEmpty()
        ? new FileAttribute<?>[0]
        : new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        };
  }
}
