// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.audit.AuditRecord;
import java.time.Instant;
import java.util.Optional;

/**
 * What GetKeyLastUsage tells.
 *
 * @param lastUsage the last cryptographic call with the key that succeeded; empty where none is on
 *     record
 * @param trackingStartDate when the trail begins that there is: if the key is older, it may have
 *     been used before
 * @param unreadable at how many places the trail could not be read: a later use may stand there
 */
public record GetKeyLastUsageResult(
    KeyId keyId,
    Optional<AuditRecord> lastUsage,
    Instant keyCreationDate,
    Instant trackingStartDate,
    long unreadable) {}
