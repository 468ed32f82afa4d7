// SPDX-License-Identifier: Apache-2.0
/**
 * Servers and clients that people run, with their own configuration of our KeyStore, and TLS keys
 * that are CMKs. Start with {@link dev.strongroom.conformance.servers.HttpsContract}.
 */
@NullMarked
package dev.strongroom.conformance.servers;

import org.jspecify.annotations.NullMarked;
