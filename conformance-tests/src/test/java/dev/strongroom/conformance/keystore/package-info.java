// SPDX-License-Identifier: Apache-2.0
/**
 * The KeyStore as applications use it: entries with certificates, written and read.
 *
 * <p>Start at {@code CertificateChainTest}.
 */
@NullMarked
package dev.strongroom.conformance.keystore;

import org.jspecify.annotations.NullMarked;
