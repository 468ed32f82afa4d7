// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.field;

/**
 * What a value is authenticated together with, besides its own bytes.
 *
 * @param contextAad {@link FieldMessage#contextAad} of the encryption context; not secret, never
 *     changed
 * @param boundTo the caller's own; may be empty
 */
@SuppressWarnings("ArrayRecordComponent") // lent for one call; never compared or kept
record Binding(byte[] contextAad, byte[] boundTo) {}
