// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.export;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Finds the files of an export by the paths that digests give, none of which leads outside.
 *
 * @param root the folder of the export
 */
record ObjectFolder(Path root) {

  /**
   * @throws IOException if the path is none, or leads out of the folder
   */
  Path resolve(String object) throws IOException {
    try {
      Path file = root.resolve(object).normalize();
      if (file.startsWith(root.normalize())) {
        return file;
      }
    } catch (InvalidPathException e) {
      throw new IOException("not a path", e);
    }
    throw new IOException("not in the folder");
  }
}
