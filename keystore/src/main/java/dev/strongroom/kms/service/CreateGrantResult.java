// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

/**
 * What CreateGrant made.
 *
 * @param grantId 64 hexadecimal digits
 * @param grantToken base64, no secret: makes the grant known at once where it is presented
 */
public record CreateGrantResult(String grantId, String grantToken) {}
