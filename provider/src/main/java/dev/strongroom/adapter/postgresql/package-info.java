// SPDX-License-Identifier: Apache-2.0
/**
 * TLS connections to PostgreSQL whose client key is a KMS key, for PostgreSQL's JDBC driver.
 *
 * <p>Start at {@link dev.strongroom.adapter.postgresql.KmsSslSocketFactory}, which the driver finds
 * by name. Depends on nothing of the driver: it wants a socket factory of the JDK's. May import
 * {@code jca}.
 */
@NullMarked
package dev.strongroom.adapter.postgresql;

import org.jspecify.annotations.NullMarked;
