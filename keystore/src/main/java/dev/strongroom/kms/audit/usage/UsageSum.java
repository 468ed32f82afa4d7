// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.usage;

import java.time.LocalDate;

/**
 * What one caller did with one key in one way on one day.
 *
 * @param day in UTC
 * @param callerArn empty where the trail names nobody
 * @param operation as {@code Decrypt}; a re-encryption is one {@code ReEncrypt} of each of its keys
 * @param calls how many were let through
 * @param failures how many then failed, as Decrypt does of a changed ciphertext; one that midnight
 *     comes between counts as a call of the one day and as a failure of the next
 * @param refusals how many were not let through, by policies or by the state of the key
 */
public record UsageSum(
    LocalDate day,
    String keyArn,
    String callerArn,
    String operation,
    long calls,
    long failures,
    long refusals) {}
