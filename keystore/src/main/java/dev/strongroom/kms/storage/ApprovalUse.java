// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.approval.ApprovalRequest;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * A request for approvals that a change takes, in one transaction: both or neither.
 *
 * @param change returns the request as used, and throws where it cannot be used any more
 */
public record ApprovalUse(UUID request, UnaryOperator<ApprovalRequest> change) {}
