// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.Operation;
import java.util.List;
import java.util.Optional;

/**
 * What EnsureKey changed, or of a dry run would change.
 *
 * @param key empty for a dry run that would make one
 * @param created whether the key was made
 * @param changes in the order of making; none where the key is as described, or was made
 */
public record EnsureKeyResult(Optional<KeyArn> key, boolean created, List<Change> changes) {

  public EnsureKeyResult {
    changes = List.copyOf(changes);
  }

  /**
   * One change.
   *
   * @param operation what would make it alone
   * @param member what of the description it is about, as {@code Policy}
   * @param before what it was; empty where there was nothing
   * @param after what it is from now on; empty where there is nothing
   */
  public record Change(Operation operation, String member, String before, String after) {}
}
