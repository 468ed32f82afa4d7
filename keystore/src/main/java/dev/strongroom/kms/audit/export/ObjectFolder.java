// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.export;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Finds the files of an export by the paths that digests give, none of which leads outside, also
 * not by a link to a folder.
 *
 * @param root the real path of the folder of the export
 */
record ObjectFolder(Path root) {

  /**
   * @throws IOException if the path is none, leads out of the folder, or into one that is not there
   */
  Path resolve(String object) throws IOException {
    try {
      Path file = root.resolve(object).normalize();
      Path parent = file.getParent();
      if (parent != null && file.startsWith(root) && parent.toRealPath().equals(parent)) {
        return file;
      }
    } catch (InvalidPathException e) {
      throw new IOException("not a path", e);
    }
    throw new IOException("not in the folder");
  }
}
