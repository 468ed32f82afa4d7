// SPDX-License-Identifier: Apache-2.0
/**
 * Column master keys of SQL Server's Always Encrypted that are KMS keys.
 *
 * <p>Start at {@link dev.strongroom.adapter.mssql.KmsColumnKeyStoreProvider}; {@code
 * EncryptedColumnKey} is the driver's format of an encrypted column key. May import {@code jca},
 * {@code keystore}, {@code kms} and {@code kms.service}. Microsoft's JDBC driver is needed to use
 * it, and is not among our dependencies.
 */
@NullMarked
package dev.strongroom.adapter.mssql;

import org.jspecify.annotations.NullMarked;
