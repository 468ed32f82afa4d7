// SPDX-License-Identifier: Apache-2.0
/**
 * Reads and writes messages of any size in the AWS Encryption SDK's format, version 2, so that
 * other people's tools in other languages can open ours, and we theirs.
 *
 * <p>Start at {@link dev.strongroom.kms.crypto.envelope.EnvelopeStreams}, which encrypts and
 * decrypts whole streams, or at {@link dev.strongroom.kms.crypto.envelope.EnvelopeWriter} and
 * {@link dev.strongroom.kms.crypto.envelope.EnvelopeReader}, which are fed piece by piece. {@link
 * dev.strongroom.kms.crypto.envelope.EnvelopeRandomAccess} reads parts of a message. The bytes of a
 * header are laid out in {@code MessageHeader}, those of the frames in {@link
 * dev.strongroom.kms.crypto.envelope.frame.FrameFormat}.
 *
 * <p>Nothing here knows policies, audit or a KMS: data keys and their encrypted copies come through
 * {@link dev.strongroom.kms.crypto.envelope.keyring.MessageKeys}, from the front door or from a
 * {@link dev.strongroom.kms.crypto.envelope.keyring.Keyring}. No I/O but on the streams that
 * callers hand in.
 *
 * <p>May import {@code kms}, {@code kms.key} and {@code kms.crypto}. Must not import {@code
 * kms.service}, {@code kms.storage}, {@code kms.authz} or {@code kms.audit}.
 */
@NullMarked
package dev.strongroom.kms.crypto.envelope;

import org.jspecify.annotations.NullMarked;
