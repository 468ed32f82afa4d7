// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.embedded;

import dev.strongroom.hsm.DomainKey;
import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.hsm.transport.DomainKeyParcel;
import dev.strongroom.hsm.transport.DomainKeyReceiver;
import dev.strongroom.hsm.transport.DomainKeyShipment;
import dev.strongroom.hsm.transport.TransportKeys;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Domain keys that leave the file for an HSM or for custodians, or come from there. */
final class EmbeddedTransport implements DomainKeyReceiver {
  private static final int KEY_BYTES = 32;

  private final KeyPair pair = TransportKeys.newReceiver();
  private final String name;
  private final BiFunction<DomainKeyId, DomainSecrets, DomainKey> keeper;
  private final Consumer<DomainKeyId> remover;
  private @Nullable DomainKeyId received;

  /**
   * Makes a receiver.
   *
   * @param keeper takes ownership of what arrived and keeps it
   * @param remover removes it again
   */
  EmbeddedTransport(
      String name,
      BiFunction<DomainKeyId, DomainSecrets, DomainKey> keeper,
      Consumer<DomainKeyId> remover) {
    this.name = name;
    this.keeper = keeper;
    this.remover = remover;
  }

  /** Wraps {@code secrets}, which are left intact. */
  static DomainKeyShipment send(
      DomainKeyId id, DomainSecrets secrets, List<byte[]> receivers, SecureRandom random) {
    byte[] transportKey = new byte[KEY_BYTES];
    random.nextBytes(transportKey);
    try {
      DomainKeyParcel parcel =
          new DomainKeyParcel(
              id,
              WrapPolicy.OPEN,
              Algorithms.wrap(transportKey, secrets.wrap()),
              Algorithms.wrap(transportKey, secrets.kdf()),
              Algorithms.wrap(transportKey, secrets.sign()),
              secrets.publicKey().clone());
      List<byte[]> wrapped = new ArrayList<>();
      for (byte[] receiver : receivers) {
        wrapped.add(TransportKeys.wrap(receiver, transportKey));
      }
      return new DomainKeyShipment(parcel, wrapped);
    } finally {
      Arrays.fill(transportKey, (byte) 0);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public byte[] publicKey() {
    return pair.getPublic().getEncoded();
  }

  @Override
  public DomainKey receive(DomainKeyParcel parcel, byte[] transportKey) {
    if (parcel.policy() != WrapPolicy.OPEN) {
      throw new HsmException.Unsupported(
          "The embedded domain key cannot keep the wrap policy "
              + parcel.policy()
              + " of domain key "
              + parcel.id()
              + ". Set 'hsm' to a PKCS#11 token.");
    }
    byte[] key = TransportKeys.unwrap(pair.getPrivate(), transportKey);
    try {
      DomainSecrets secrets =
          DomainSecrets.of(
              Algorithms.unwrap(key, parcel.wrap()),
              Algorithms.unwrap(key, parcel.kdf()),
              Algorithms.unwrap(key, parcel.sign()),
              parcel.publicKey());
      Algorithms.requirePair(secrets.sign(), secrets.publicKey());
      DomainKey kept = keeper.apply(parcel.id(), secrets);
      received = parcel.id();
      return kept;
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  @Override
  public void discard() {
    DomainKeyId last = received;
    if (last != null) {
      remover.accept(last);
      received = null;
    }
  }

  /** The key pair goes with this object. */
  @Override
  public void close() {}
}
