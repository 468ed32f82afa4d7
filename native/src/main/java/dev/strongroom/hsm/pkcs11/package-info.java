// SPDX-License-Identifier: Apache-2.0
/**
 * The HSM behind a PKCS#11 module (v2.40 and later), bound through JNA.
 *
 * <p>Start at {@link dev.strongroom.hsm.pkcs11.Pkcs11Hsm}. From top to bottom: {@code Pkcs11Hsm},
 * {@code Pkcs11DomainKey} and {@code Pkcs11BackingKey} say what is done; {@code TokenLink} keeps
 * one token reachable and translates failures; {@code Connection} is one login with its session
 * pools; {@code Session} speaks PKCS#11; {@code Module} is the loaded library; {@code Cryptoki} is
 * its table of functions. {@code TokenProbe} finds out what a token really does. Constants are in
 * one file per family ({@code Cka}, {@code Ckm}, …). Nothing here knows keys of the KMS, policies
 * or storage.
 *
 * <p>May import {@code hsm} and JNA; only {@code CryptokiLoader} and {@code Block} import JNA.
 */
@NullMarked
package dev.strongroom.hsm.pkcs11;

import org.jspecify.annotations.NullMarked;
