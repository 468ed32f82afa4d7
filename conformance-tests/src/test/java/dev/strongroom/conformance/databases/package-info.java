// SPDX-License-Identifier: Apache-2.0
/**
 * Databases and what stands before them: real servers that ask for a client certificate whose key
 * is a CMK, and the adapters that other people's libraries need, each under its library.
 *
 * <p>Start at {@code PostgresTest}; {@code DatabaseRig} has the servers, which run as a user who is
 * not root, on 127.0.0.1, in a folder of their own.
 */
@NullMarked
package dev.strongroom.conformance.databases;

import org.jspecify.annotations.NullMarked;
