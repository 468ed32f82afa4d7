// SPDX-License-Identifier: Apache-2.0
/**
 * The data keys of messages, and who can find them: encrypted copies, one for each recipient.
 *
 * <p>Start at {@link dev.strongroom.kms.crypto.envelope.keyring.MessageKeys}, through which a KMS
 * or anybody else supplies data keys. {@link dev.strongroom.kms.crypto.envelope.keyring.Keyring} is
 * a recipient that needs no KMS: a raw AES or RSA key that a stock AWS Encryption SDK uses as well.
 *
 * <p>May import {@code kms} and {@code kms.crypto}.
 */
@NullMarked
package dev.strongroom.kms.crypto.envelope.keyring;

import org.jspecify.annotations.NullMarked;
