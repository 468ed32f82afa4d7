// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.transport;

import java.util.List;

/** A domain key on its way. Not a record, because it holds arrays; it holds no secret in clear. */
public final class DomainKeyShipment {
  private final DomainKeyParcel parcel;
  private final List<byte[]> transportKeys;

  /** Takes ownership of the arrays. */
  public DomainKeyShipment(DomainKeyParcel parcel, List<byte[]> transportKeys) {
    this.parcel = parcel;
    this.transportKeys = List.copyOf(transportKeys);
  }

  public DomainKeyParcel parcel() {
    return parcel;
  }

  /** Returns the transport key under the key of that receiver, in the order they were given. */
  public byte[] transportKey(int receiver) {
    return transportKeys.get(receiver).clone();
  }
}
