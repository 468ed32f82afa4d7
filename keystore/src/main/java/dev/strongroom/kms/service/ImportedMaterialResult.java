// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyArn;
import java.time.Instant;
import java.util.Optional;

/**
 * Which imported material was brought, deleted or restored.
 *
 * @param keyMaterialId 64 hexadecimal digits; no text where there was none to delete
 * @param destructionDate until when deleted material can be restored; empty where it cannot, or
 *     need not
 */
public record ImportedMaterialResult(
    KeyArn arn, String keyMaterialId, Optional<Instant> destructionDate) {}
