// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;

/**
 * Where a stream stops that its process left open.
 *
 * @param file the last file that has frames
 * @param index its place in the stream
 * @param position behind its last frame
 * @param sealedTo behind its last seal; 0 if it has none
 * @param isFileEnded whether it ends with the seal of a file, so that the stream goes on in the
 *     next
 * @param records how many the stream has
 * @param head of the tree over all of them
 */
record OpenEnd(
    UUID stream,
    int domainVersion,
    Path file,
    int index,
    long position,
    long sealedTo,
    boolean isFileEnded,
    long records,
    TreeHead head) {

  /** Returns where the stream is to be ended. */
  Path folder() {
    return Objects.requireNonNull(file.getParent());
  }
}
