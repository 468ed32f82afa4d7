// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.transport;

import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.WrapPolicy;
import java.util.List;

/**
 * An HSM that passes domain keys on and receives them. A domain key travels as a {@link
 * DomainKeyShipment}: its three keys under a transport key that is new each time, and that key
 * under an RSA key of each receiver. Nothing of it is ever in clear outside of HSMs, but where the
 * receiver is none.
 *
 * <p>Thread-safe. Arrays given are left intact.
 */
public interface DomainKeyCarrier extends Hsm {

  /**
   * Makes a version of a domain key for others: it is not kept here. Whoever receives it has it.
   *
   * @param receivers SubjectPublicKeyInfo in DER of RSA keys, see {@link
   *     DomainKeyReceiver#publicKey}
   * @throws HsmException.Unsupported if this HSM cannot keep what {@code policy} promises
   */
  DomainKeyShipment createForTransport(DomainKeyId id, WrapPolicy policy, List<byte[]> receivers);

  /**
   * Passes on a version of a domain key that is here, and stays.
   *
   * @param receivers as in {@link #createForTransport}
   * @throws HsmException.Unsupported if its keys are not extractable, with what to do instead
   * @throws HsmException.Unavailable if it is not here
   */
  DomainKeyShipment export(DomainKeyId id, List<byte[]> receivers);

  /**
   * Returns what receives a version: one for each token of this HSM that does not have it. The
   * caller closes them.
   */
  List<DomainKeyReceiver> openReceivers(DomainKeyId id);
}
