// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.usage;

/**
 * How often one generation of a key's material was used in one way.
 *
 * @param keyMaterialId 64 hexadecimal digits
 * @param operation as {@code Decrypt}
 * @param calls how many were let through
 */
public record MaterialUse(String keyMaterialId, String operation, long calls) {}
