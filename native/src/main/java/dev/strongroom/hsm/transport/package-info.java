// SPDX-License-Identifier: Apache-2.0
/**
 * How a domain key gets from one HSM into another: wrapped under a transport key, which is wrapped
 * for those who may receive it.
 *
 * <p>Start at {@link dev.strongroom.hsm.transport.DomainKeyCarrier}. Nothing here knows PKCS#11,
 * files or people; what custodians hold is made above.
 *
 * <p>May import {@code hsm}.
 */
@NullMarked
package dev.strongroom.hsm.transport;

import org.jspecify.annotations.NullMarked;
