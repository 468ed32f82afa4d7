// SPDX-License-Identifier: Apache-2.0
/**
 * Bouncy Castle's PKIX and CMS library with KMS keys: certificate requests, certificates, signed
 * and encrypted messages.
 */
@NullMarked
package dev.strongroom.conformance.cms;

import org.jspecify.annotations.NullMarked;
