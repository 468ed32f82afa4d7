// SPDX-License-Identifier: Apache-2.0
/**
 * What has to be approved by several people, and whether it was: rules of keys and accounts,
 * requests, and what approvers sign.
 *
 * <p>Start at {@link dev.strongroom.kms.approval.ApprovalRule}. Values only: no I/O, no clock, no
 * cryptography but a hash; {@code kms.service} verifies signatures and {@code kms.storage} keeps
 * requests. May import {@code kms} and {@code kms.json}.
 */
@NullMarked
package dev.strongroom.kms.approval;

import org.jspecify.annotations.NullMarked;
