// SPDX-License-Identifier: Apache-2.0
/**
 * Who used which key for what, as sums over the audit trail.
 *
 * <p>Start at {@link dev.strongroom.kms.audit.usage.UsageTally}, which is told of one record after
 * the other. It must read no files: {@code kms.audit} shows it what stands in them.
 *
 * <p>May import {@code kms}.
 */
@NullMarked
package dev.strongroom.kms.audit.usage;

import org.jspecify.annotations.NullMarked;
