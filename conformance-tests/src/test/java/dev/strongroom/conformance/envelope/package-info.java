// SPDX-License-Identifier: Apache-2.0
/**
 * Envelope messages against the AWS Encryption SDK: what either writes, the other reads.
 *
 * <p>Start at {@code AwsEncryptionSdkTest}; {@code PublishedMessagesTest} reads what others wrote
 * long ago.
 */
@NullMarked
package dev.strongroom.conformance.envelope;

import org.jspecify.annotations.NullMarked;
