// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import org.jspecify.annotations.Nullable;

/** What of a key itself keeps everybody from doing something with it: its state, its usage. */
final class KeyObstacle {
  private KeyObstacle() {}

  /**
   * Returns what keeps everybody from doing that with a key, whatever policies say; null for
   * nothing.
   *
   * @param usage what the key must have been made for; null where any will do
   */
  static @Nullable KmsException of(Operation operation, LiveKey live, @Nullable KeyUsage usage) {
    KeyState state = live.key().state();
    KeyArn arn = live.key().arn();
    boolean passes =
        switch (operation.stateRule()) {
          case ANY -> true;
          case NOT_LEAVING -> state != KeyState.PENDING_DELETION;
          case USABLE -> state == KeyState.ENABLED;
        };
    if (!passes) {
      return state == KeyState.DISABLED
          ? new KmsException.Disabled(
              arn + " is disabled. Run 'kms enable-key --key-id <key>' to use it again.")
          : new KmsException.InvalidState(
              arn
                  + " is pending deletion. Run 'kms cancel-key-deletion --key-id <key>' to keep"
                  + " it.");
    }
    if (usage != null && live.key().usage() != usage) {
      return new KmsException.InvalidKeyUsage(
          arn
              + " was made for "
              + live.key().usage()
              + " and cannot be used for "
              + operation.apiName()
              + ". Make a key with --key-usage "
              + usage
              + ".");
    }
    return null;
  }
}
