// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key;

import java.time.Instant;

/**
 * When a key rotates by itself.
 *
 * @param periodInDays 90 to 2560
 * @param next when it is due
 */
public record RotationSchedule(int periodInDays, Instant next) {}
