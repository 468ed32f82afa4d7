// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import java.time.Instant;

/**
 * When an access key was last used, to the minute.
 *
 * @param serviceName the service that was called, as {@code kms}
 */
public record AccessKeyUse(
    String accessKeyId, Instant lastUsedDate, String serviceName, String region) {}
