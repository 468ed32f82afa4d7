// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.ConnectionErrorCode;
import dev.strongroom.kms.ConnectionState;
import java.time.Instant;
import java.util.Optional;

/**
 * What DescribeCustomKeyStores tells of one.
 *
 * @param id as {@code cks-0123456789abcdef0}
 * @param cluster the token: a PKCS#11 URI (RFC 7512)
 * @param error why it could not be connected, if the state is FAILED
 * @param errorMessage the same in words
 */
public record CustomKeyStoreEntry(
    String id,
    String name,
    String cluster,
    ConnectionState state,
    Optional<ConnectionErrorCode> error,
    Optional<String> errorMessage,
    Instant creationDate) {}
