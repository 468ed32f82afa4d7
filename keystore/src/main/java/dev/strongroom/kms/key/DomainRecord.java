// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What the store keeps about the domain key: enough to find it in the HSM and to tell whether it is
 * the right one. Holds no secret in clear.
 *
 * @param versions oldest first; the last one is active
 */
public record DomainRecord(UUID domainId, List<Version> versions) {

  public DomainRecord {
    versions = List.copyOf(versions);
  }

  public Version active() {
    return versions.get(versions.size() - 1);
  }

  /** One version of the domain key. Not a record, because it holds arrays. */
  public static final class Version {
    private final int number;
    private final String wrapPolicy;
    private final byte[] sentinel;
    private final byte[] checkValue;
    private final byte[] publicKey;
    private final Instant creationDate;

    /**
     * Copies the arrays.
     *
     * @param number 1 or more
     * @param wrapPolicy open, strict or trusted
     * @param sentinel a wrapped secret that only this version's wrapping key opens
     * @param checkValue 32 bytes over all three objects, see DomainKeyring
     * @param publicKey DER SubjectPublicKeyInfo of the signing key
     */
    public Version(
        int number,
        String wrapPolicy,
        byte[] sentinel,
        byte[] checkValue,
        byte[] publicKey,
        Instant creationDate) {
      this.number = number;
      this.wrapPolicy = wrapPolicy;
      this.sentinel = sentinel.clone();
      this.checkValue = checkValue.clone();
      this.publicKey = publicKey.clone();
      this.creationDate = creationDate;
    }

    public int number() {
      return number;
    }

    public String wrapPolicy() {
      return wrapPolicy;
    }

    public byte[] sentinel() {
      return sentinel.clone();
    }

    public byte[] checkValue() {
      return checkValue.clone();
    }

    public byte[] publicKey() {
      return publicKey.clone();
    }

    public Instant creationDate() {
      return creationDate;
    }
  }
}
