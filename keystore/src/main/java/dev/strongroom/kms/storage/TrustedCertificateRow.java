// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.key.DerCertificate;
import java.time.Instant;

/**
 * A trusted certificate as the store keeps it.
 *
 * @param name unique in its account
 * @param creationDate when it was put there
 */
public record TrustedCertificateRow(
    String name, DerCertificate certificate, Instant creationDate) {}
