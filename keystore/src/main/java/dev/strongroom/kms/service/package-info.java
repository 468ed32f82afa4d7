// SPDX-License-Identifier: Apache-2.0
/**
 * The front door of the KMS: operations that authorize, record and only then work.
 *
 * <p>Start at {@link dev.strongroom.kms.service.Kms}, the interface; EmbeddedKms is the KMS in this
 * process, Gate decides and records, and KmsConfig reads the settings and wires the parts.
 *
 * <p>Nothing here parses ciphertexts, policies or rows: it asks {@code crypto}, {@code authz} and
 * {@code storage}. May import all of {@code kms.*} and {@code hsm}, the latter only to open one.
 */
@NullMarked
package dev.strongroom.kms.service;

import org.jspecify.annotations.NullMarked;
