// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

/**
 * A stream's Merkle tree at one time.
 *
 * @param records how many records are in it
 * @param root in base64
 */
record TreeHead(long records, String root) {}
