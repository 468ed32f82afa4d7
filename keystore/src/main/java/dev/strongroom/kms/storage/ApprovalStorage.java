// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.approval.ApprovalRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * Where requests for approvals rest, and the rules of accounts; other rules are parts of their
 * keys. What is read has been authenticated, what was written is durable. Thread-safe.
 */
public interface ApprovalStorage {

  /** How many requests about one key, or about an account's rule, can be open. */
  int OPEN_PER_KEY = 50;

  /** How many requests about the keys and the rule of an account can be open. */
  int OPEN_PER_ACCOUNT = 1000;

  Optional<ApprovalRequest> find(UUID request);

  /**
   * Returns the requests about a key that can be used at that time, the oldest first.
   *
   * @param key empty for those about the account's rule
   */
  List<ApprovalRequest> open(String account, Optional<KeyId> key, Instant time);

  /**
   * Writes a new request. Those of the account that expired unused may be removed.
   *
   * @throws KmsException.LimitExceeded if there are {@value #OPEN_PER_KEY} open ones about the key,
   *     or {@value #OPEN_PER_ACCOUNT} of the account
   */
  void create(ApprovalRequest request);

  /**
   * Changes a request in one transaction, in which nobody else does.
   *
   * @throws KmsException.NotFound if there is none
   */
  ApprovalRequest change(UUID request, UnaryOperator<ApprovalRequest> change);

  /** Returns the rule of an account, as {@code ApprovalRule.toJson} wrote it. */
  Optional<String> accountRule(String account);

  /**
   * Puts a rule in the place of the one that the account has.
   *
   * @param known the rule that it was let through under; empty for none
   * @param wanted empty for none from now on
   * @param use the request that this takes
   * @throws KmsException.Conflict if the account has another rule meanwhile than {@code known}
   */
  void saveAccountRule(
      String account, Optional<String> known, Optional<String> wanted, Optional<ApprovalUse> use);
}
