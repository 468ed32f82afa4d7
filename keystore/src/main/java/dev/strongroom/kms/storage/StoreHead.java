// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

/**
 * A state of the whole store.
 *
 * @param revision every transaction adds one
 * @param hash over all rows of the store: 32 bytes in base64
 */
public record StoreHead(long revision, String hash) {}
