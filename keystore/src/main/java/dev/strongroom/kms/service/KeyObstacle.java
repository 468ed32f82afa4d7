// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.key.KmsKey;
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
    KmsException state = ofState(operation.stateRule(), live.key());
    if (state != null) {
      return state;
    }
    KmsException store = operation.isCryptographic() ? ofStore(live) : null;
    return store == null ? ofUsage(operation, live, usage) : store;
  }

  private static @Nullable KmsException ofStore(LiveKey live) {
    return live.isAvailable()
        ? null
        : new KmsException.InvalidState(
            live.key().arn()
                + " is unavailable, since its custom key store is not connected. Run 'kms"
                + " connect-custom-key-store --custom-key-store-id "
                + live.metadata().customKeyStoreId().orElse("")
                + "'; what else there is to say of it, 'kms describe-custom-key-stores' says.");
  }

  /** Returns what keeps everybody from it in the state that a key is in; null for nothing. */
  static @Nullable KmsException ofState(Operation.StateRule rule, KmsKey key) {
    KeyState state = key.state();
    boolean passes =
        switch (rule) {
          case ANY -> true;
          case NOT_LEAVING -> state != KeyState.PENDING_DELETION;
          case COMPLETE -> state != KeyState.PENDING_DELETION && state != KeyState.PENDING_IMPORT;
          case LEAVING -> state == KeyState.PENDING_DELETION;
          case ROTATABLE -> state == KeyState.ENABLED || state == KeyState.PENDING_IMPORT;
          case USABLE -> state == KeyState.ENABLED;
        };
    return passes ? null : wrongState(rule, key);
  }

  private static KmsException wrongState(Operation.StateRule rule, KmsKey key) {
    if (rule == Operation.StateRule.LEAVING) {
      return new KmsException.InvalidState(
          key.arn() + " is not pending deletion. There is nothing to cancel.");
    }
    return switch (key.state()) {
      case DISABLED ->
          new KmsException.Disabled(
              key.arn() + " is disabled. Run 'kms enable-key --key-id <key>' to use it again.");
      case PENDING_IMPORT ->
          new KmsException.InvalidState(
              key.arn()
                  + " is pending import: its key material is not there. Bring it with 'kms"
                  + " get-parameters-for-import' and 'kms import-key-material'.");
      default ->
          new KmsException.InvalidState(
              key.arn()
                  + " is pending deletion. Run 'kms cancel-key-deletion --key-id <key>' to keep"
                  + " it.");
    };
  }

  private static @Nullable KmsException ofUsage(
      Operation operation, LiveKey live, @Nullable KeyUsage usage) {
    KeyArn arn = live.key().arn();
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
