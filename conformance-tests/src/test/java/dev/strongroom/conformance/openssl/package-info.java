// SPDX-License-Identifier: Apache-2.0
/**
 * What KMS keys sign, the command line of OpenSSL verifies, and what it encrypts, they open: so it
 * is what everybody else's software makes and takes.
 */
@NullMarked
package dev.strongroom.conformance.openssl;

import org.jspecify.annotations.NullMarked;
