// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.transport;

import dev.strongroom.hsm.DomainKey;
import dev.strongroom.hsm.HsmException;

/**
 * A key pair in an HSM by which it receives a domain key. The private half was made in it, unwraps
 * and does nothing else, and goes when this is closed. Not thread-safe.
 */
public interface DomainKeyReceiver extends AutoCloseable {

  /** Returns how messages call the token that receives. */
  String name();

  /** Returns an RSA public key as DER SubjectPublicKeyInfo. */
  byte[] publicKey();

  /**
   * Unwraps a domain key into this HSM, where it can be wrapped by nobody, reads the attributes
   * back and tries it. A fault in the middle leaves no object behind.
   *
   * @param transportKey under {@link #publicKey}, by RSAES-OAEP with SHA-1
   * @throws HsmException.AlreadyExists if there is a domain key of that name
   * @throws HsmException.Tampered if the shipment was altered or is for another receiver
   */
  DomainKey receive(DomainKeyParcel parcel, byte[] transportKey);

  /** Destroys what was received by this, where something was: nobody relies on it. */
  void discard();

  @Override
  void close();
}
