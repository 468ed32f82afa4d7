// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.time.Instant;
import java.util.Optional;

/**
 * What the trail knows of the last use of a key.
 *
 * @param record the last cryptographic call with it that succeeded; empty where none is on record
 * @param trackingStart when the oldest record was written: of earlier uses the trail knows nothing
 * @param unreadable at how many places the trail could not be read: a later use may stand there
 */
public record LastUse(Optional<AuditRecord> record, Instant trackingStart, long unreadable) {}
