// SPDX-License-Identifier: Apache-2.0
/**
 * The default without an HSM: a domain key in a PKCS#12 file, used in this JVM.
 *
 * <p>Start at {@link dev.strongroom.hsm.embedded.EmbeddedHsm}. It keeps the same contract as a real
 * HSM as far as a file can, and says of itself that it is none: whoever has the file and its
 * passphrase has the keys. It never loads JNA.
 *
 * <p>May import {@code hsm}.
 */
@NullMarked
package dev.strongroom.hsm.embedded;

import org.jspecify.annotations.NullMarked;
