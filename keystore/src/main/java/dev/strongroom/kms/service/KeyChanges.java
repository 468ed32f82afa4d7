// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.storage.KeyStorage;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * Changes keys as they are in the store at that moment, whatever was known of them before. Changes
 * of this process wait for each other, so that only other processes can come in between; then it is
 * tried again. Thread-safe.
 */
final class KeyChanges {
  private static final int ATTEMPTS = 10;

  private final KeyStorage storage;
  private final ApprovalDesk desk;
  private final ReentrantLock turn = new ReentrantLock(true);

  KeyChanges(KeyStorage storage, ApprovalDesk desk) {
    this.storage = storage;
    this.desk = desk;
  }

  /**
   * Changes one key.
   *
   * @param call what changes it; a dry run finds out only whether it could
   * @param change is given the key as it is; may run more than once
   */
  void change(Call call, KmsKey key, UnaryOperator<KmsKey> change) {
    change(call, key, List.of(), change);
  }

  /**
   * Changes one key.
   *
   * @param approved the requests that this takes, used up if it is done
   * @param change is given the key as it is; may run more than once
   */
  void change(
      Call call, KmsKey key, List<ApprovalDesk.Approved> approved, UnaryOperator<KmsKey> change) {
    changeAll(call, List.of(key), approved, keys -> List.of(change.apply(keys.get(0))));
  }

  /**
   * Changes several keys in one transaction.
   *
   * @param change is given them in the same order, as they are; may run more than once
   */
  void changeAll(Call call, List<KmsKey> keys, UnaryOperator<List<KmsKey>> change) {
    changeAll(call, keys, List.of(), change);
  }

  private void changeAll(
      Call call,
      List<KmsKey> keys,
      List<ApprovalDesk.Approved> approved,
      UnaryOperator<List<KmsKey>> change) {
    if (call.isDryRun()) {
      storage.requireSavable(change.apply(keys.stream().map(this::reread).toList()));
      return;
    }
    turn.lock();
    try {
      int attempt = 1;
      while (!isSaved(change.apply(keys.stream().map(this::reread).toList()), approved, attempt)) {
        attempt++;
      }
    } finally {
      turn.unlock();
    }
  }

  /** Returns false where somebody else was faster and it can be tried again. */
  private boolean isSaved(List<KmsKey> changed, List<ApprovalDesk.Approved> approved, int attempt) {
    try {
      storage.save(changed, approved.stream().map(desk::use).toList());
      return true;
    } catch (KmsException.Conflict e) {
      if (attempt == ATTEMPTS) {
        throw e;
      }
      return false;
    }
  }

  /** What was let through under one approval rule is not done under another. */
  static void requireSameRule(KmsKey admitted, KmsKey now) {
    if (!admitted.approvalRule().equals(now.approvalRule())) {
      throw new KmsException.Conflict(
          "The approval rule of " + now.arn() + " was changed meanwhile. Try the call again.");
    }
  }

  /** Another process may have changed the state since the call was let through. */
  static void requireState(Operation operation, KmsKey now) {
    KmsException obstacle = KeyObstacle.ofState(operation.stateRule(), now);
    if (obstacle != null) {
      throw obstacle;
    }
  }

  private KmsKey reread(KmsKey key) {
    return storage
        .findKey(key.keyId())
        .orElseThrow(
            () ->
                new KmsException.NotFound(
                    key.arn() + " was deleted meanwhile. Nothing is left to change."));
  }
}
