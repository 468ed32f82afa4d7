// SPDX-License-Identifier: Apache-2.0
/**
 * Algorithms over key material: ciphertext blobs, signatures, MACs, random bytes.
 *
 * <p>Start at {@link dev.strongroom.kms.crypto.CiphertextBlob} for the format, then BlobSealer and
 * BlobOpener. SoftwareKeys is what backing keys of level SOFTWARE do; Verifier checks signatures,
 * strictly. No I/O and no policy. Every algorithm names its provider or uses Bouncy Castle's
 * lightweight API, so that a provider in front of the list, this one among them, is never called.
 *
 * <p>May import {@code kms}, {@code kms.key} and {@code kms.key.backing}.
 */
@NullMarked
package dev.strongroom.kms.crypto;

import org.jspecify.annotations.NullMarked;
