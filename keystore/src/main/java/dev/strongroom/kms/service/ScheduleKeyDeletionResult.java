// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyState;
import java.time.Instant;

/**
 * What ScheduleKeyDeletion tells.
 *
 * @param deletionDate when the key is destroyed unless that is cancelled before
 */
public record ScheduleKeyDeletionResult(
    KeyArn arn, Instant deletionDate, KeyState state, int pendingWindowInDays) {}
