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
 * Where requests for approvals rest; the rules are parts of their keys. What is read has been
 * authenticated, what was written is durable. Thread-safe.
 */
public interface ApprovalStorage {

  Optional<ApprovalRequest> find(UUID request);

  /** Returns the requests about a key that can be used at that time, the oldest first. */
  List<ApprovalRequest> open(KeyId key, Instant time);

  /** Writes a new request. */
  void create(ApprovalRequest request);

  /**
   * Changes a request in one transaction, in which nobody else does.
   *
   * @throws KmsException.NotFound if there is none
   */
  ApprovalRequest change(UUID request, UnaryOperator<ApprovalRequest> change);
}
