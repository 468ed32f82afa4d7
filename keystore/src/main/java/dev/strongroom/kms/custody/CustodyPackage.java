// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.custody;

import dev.strongroom.hsm.transport.DomainKeyParcel;
import dev.strongroom.kms.KmsException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * What is kept of a domain key that custodians have, for whoever has enough shares: the versions,
 * each under a transport key of its own, those under a key that the shares make, and what each
 * share has to be. Holds no secret in clear and may be kept anywhere.
 *
 * <p>Layout, integers big-endian: {@code "SRCUSTODY1" | set 16 | threshold 1 | shares 1}, for each
 * share {@code SHA-256(set | index 1 | share) 32}, {@code versions 2}, for each {@code length 2 |
 * parcel | length 2 | wrapped transport key}, and {@code MAC 32} over all before it. Immutable.
 */
public final class CustodyPackage {
  static final int HASH_BYTES = 32;
  private static final byte[] MAGIC = {'S', 'R', 'C', 'U', 'S', 'T', 'O', 'D', 'Y', '1'};

  private final UUID set;
  private final int threshold;
  private final List<byte[]> commitments;
  private final List<Version> versions;
  private final byte[] mac;

  /** Takes ownership of the arrays. */
  CustodyPackage(
      UUID set, int threshold, List<byte[]> commitments, List<Version> versions, byte[] mac) {
    this.set = set;
    this.threshold = threshold;
    this.commitments = List.copyOf(commitments);
    this.versions = List.copyOf(versions);
    this.mac = mac;
  }

  /** A version of the domain key and its transport key, wrapped (RFC 5649). */
  static final class Version {
    private final DomainKeyParcel parcel;
    private final byte[] transportKey;

    Version(DomainKeyParcel parcel, byte[] transportKey) {
      this.parcel = parcel;
      this.transportKey = transportKey;
    }

    DomainKeyParcel parcel() {
      return parcel;
    }

    byte[] transportKey() {
      return transportKey.clone();
    }
  }

  /**
   * Reads the layout above; whether it is genuine shows only with the shares.
   *
   * @throws KmsException.Validation if it is another
   */
  public static CustodyPackage decode(byte[] bytes) {
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      if (Arrays.equals(take(in, MAGIC.length), MAGIC)) {
        UUID set = new UUID(in.getLong(), in.getLong());
        int threshold = Byte.toUnsignedInt(in.get());
        List<byte[]> commitments = new ArrayList<>();
        for (int left = Byte.toUnsignedInt(in.get()); left > 0; left--) {
          commitments.add(take(in, HASH_BYTES));
        }
        List<Version> versions = new ArrayList<>();
        for (int left = Short.toUnsignedInt(in.getShort()); left > 0; left--) {
          DomainKeyParcel parcel =
              DomainKeyParcel.decode(take(in, Short.toUnsignedInt(in.getShort())));
          versions.add(new Version(parcel, take(in, Short.toUnsignedInt(in.getShort()))));
        }
        byte[] mac = take(in, HASH_BYTES);
        if (!in.hasRemaining() && threshold > 0 && !versions.isEmpty()) {
          return new CustodyPackage(set, threshold, commitments, versions, mac);
        }
      }
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      // Refused like any other file.
    }
    throw new KmsException.Validation(
        "This is no package of a domain key, or it was cut off. Give the file that 'cloudhsm"
            + " export-domain-key' wrote beside the shares.");
  }

  private static byte[] take(ByteBuffer in, int length) {
    byte[] part = new byte[length];
    in.get(part);
    return part;
  }

  public byte[] encode() {
    byte[] body = body();
    byte[] all = Arrays.copyOf(body, body.length + mac.length);
    System.arraycopy(mac, 0, all, body.length, mac.length);
    return all;
  }

  /** Returns what the MAC is over. */
  byte[] body() {
    ByteBuffer out =
        ByteBuffer.allocate(
            MAGIC.length
                + 20
                + HASH_BYTES * commitments.size()
                + versions.stream()
                    .mapToInt(
                        version ->
                            4 + version.parcel().encode().length + version.transportKey().length)
                    .sum());
    out.put(MAGIC)
        .putLong(set.getMostSignificantBits())
        .putLong(set.getLeastSignificantBits())
        .put((byte) threshold)
        .put((byte) commitments.size());
    commitments.forEach(out::put);
    out.putShort((short) versions.size());
    for (Version version : versions) {
      byte[] parcel = version.parcel().encode();
      byte[] key = version.transportKey();
      out.putShort((short) parcel.length).put(parcel).putShort((short) key.length).put(key);
    }
    return out.array();
  }

  public UUID set() {
    return set;
  }

  public int threshold() {
    return threshold;
  }

  public int shares() {
    return commitments.size();
  }

  /** Returns the domain that it is of. */
  public UUID domainId() {
    return versions.get(0).parcel().id().domain();
  }

  /** Returns the versions of the domain key in it. */
  public List<Integer> numbers() {
    return versions.stream().map(version -> version.parcel().id().version()).toList();
  }

  byte[] commitment(int index) {
    return commitments.get(index - 1).clone();
  }

  List<Version> versions() {
    return versions;
  }

  byte[] mac() {
    return mac.clone();
  }
}
