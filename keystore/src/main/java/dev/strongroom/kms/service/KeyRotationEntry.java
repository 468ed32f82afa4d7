// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.RotationType;
import java.time.Instant;
import java.util.Optional;

/**
 * One generation of a key's material, as ListKeyRotations shows it.
 *
 * @param arn the key, whatever it was named by
 * @param keyMaterialId 64 hexadecimal digits
 * @param isCurrent whether it encrypts; the others only decrypt
 * @param date when it was made
 * @param type what had it made; empty for the first one of a key
 */
public record KeyRotationEntry(
    KeyArn arn,
    String keyMaterialId,
    boolean isCurrent,
    Instant date,
    Optional<RotationType> type) {}
