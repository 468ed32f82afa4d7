// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyRef;
import java.util.Optional;

/**
 * What ReEncrypt is asked for besides the ciphertext.
 *
 * @param sourceKey may be empty for a symmetric ciphertext, which names its key
 */
public record ReEncryptRequest(
    Optional<KeyRef> sourceKey,
    EncryptionAlgorithm sourceAlgorithm,
    EncryptionContext sourceContext,
    KeyRef destinationKey,
    EncryptionAlgorithm destinationAlgorithm,
    EncryptionContext destinationContext) {}
