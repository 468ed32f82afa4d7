// SPDX-License-Identifier: Apache-2.0
/**
 * The body of a message: seals and opens its frames, side by side where there are many.
 *
 * <p>Start at {@link dev.strongroom.kms.crypto.envelope.frame.FrameFormat} for the bytes and at
 * {@link dev.strongroom.kms.crypto.envelope.frame.FrameStream} for how they flow: a {@code
 * FrameBatch} is filled, processed here or by one of the {@code FrameWorkers}, and leaves the
 * {@code FramePipeline} in order. Nothing here knows headers or data keys.
 *
 * <p>May import {@code kms} and {@code kms.crypto}.
 */
@NullMarked
package dev.strongroom.kms.crypto.envelope.frame;

import org.jspecify.annotations.NullMarked;
