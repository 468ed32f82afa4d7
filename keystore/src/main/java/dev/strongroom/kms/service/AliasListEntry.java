// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.KeyId;
import java.time.Instant;

/** An alias, as ListAliases returns it. */
public record AliasListEntry(
    Alias alias, KeyId targetKeyId, Instant creationDate, Instant lastUpdatedDate) {}
