// SPDX-License-Identifier: Apache-2.0
/**
 * JSON Web Tokens, signed and opened by KMS keys through Nimbus JOSE+JWT, jjwt and java-jwt.
 *
 * <p>Each token that a KMS key signed is verified by the library's own software, and each that is
 * opened was made by it. With and without telling the library which provider to use.
 */
@NullMarked
package dev.strongroom.conformance.jose;

import org.jspecify.annotations.NullMarked;
