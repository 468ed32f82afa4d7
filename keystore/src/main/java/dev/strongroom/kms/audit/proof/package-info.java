// SPDX-License-Identifier: Apache-2.0
/**
 * Proof of what a stream of records holds, for people who trust neither the store nor the files: an
 * RFC 6962 tree over the records, and checkpoints of it that the HSM signed.
 *
 * <p>Start at {@link dev.strongroom.kms.audit.proof.Checkpoint}, which is a {@link
 * dev.strongroom.kms.audit.proof.SignedNote} over the head of a {@link
 * dev.strongroom.kms.audit.proof.MerkleTree}; {@link dev.strongroom.kms.audit.proof.AuditPath}
 * leads from one record to it. Knows neither files nor records, and no private key.
 *
 * <p>May import only {@link dev.strongroom.kms}, the words.
 */
@NullMarked
package dev.strongroom.kms.audit.proof;

import org.jspecify.annotations.NullMarked;
