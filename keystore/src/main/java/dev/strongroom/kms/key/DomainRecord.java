// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  /** Returns the version of that number. */
  public Optional<Version> find(int number) {
    return versions.stream().filter(version -> version.number() == number).findFirst();
  }

  /** Returns whether rows of the store may be authenticated under that version. */
  public boolean accepts(int number) {
    return find(number).filter(version -> version.retirementDate().isEmpty()).isPresent();
  }

  /** Returns whether there are versions before the active one that are not retired yet. */
  public boolean isRotating() {
    return versions.stream().filter(version -> version.retirementDate().isEmpty()).count() > 1;
  }

  DomainRecord with(Version newest) {
    List<Version> all = new ArrayList<>(versions);
    all.add(newest);
    return new DomainRecord(domainId, all);
  }

  /** Returns the record with all versions but the active one retired, those that were not yet. */
  public DomainRecord retired(Instant date) {
    List<Version> all = new ArrayList<>();
    for (Version version : versions) {
      boolean goes = version != active() && version.retirementDate().isEmpty();
      all.add(goes ? version.retired(date) : version);
    }
    return new DomainRecord(domainId, all);
  }

  /** One version of the domain key. Not a record, because it holds arrays. */
  public static final class Version {
    private final int number;
    private final String wrapPolicy;
    private final byte[] sentinel;
    private final byte[] checkValue;
    private final byte[] publicKey;
    private final Instant creationDate;
    private final byte[] endorsement;
    private final Optional<Instant> retirementDate;

    /**
     * A version that follows no other and is not retired. Copies the arrays.
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
      this(
          number,
          wrapPolicy,
          sentinel,
          checkValue,
          publicKey,
          creationDate,
          new byte[0],
          Optional.empty());
    }

    /**
     * Copies the arrays.
     *
     * @param endorsement the signature of the version before over {@link Endorsement#text}; empty
     *     for the first
     * @param retirementDate since when rows under it are not accepted any more
     */
    public Version(
        int number,
        String wrapPolicy,
        byte[] sentinel,
        byte[] checkValue,
        byte[] publicKey,
        Instant creationDate,
        byte[] endorsement,
        Optional<Instant> retirementDate) {
      this.number = number;
      this.wrapPolicy = wrapPolicy;
      this.sentinel = sentinel.clone();
      this.checkValue = checkValue.clone();
      this.publicKey = publicKey.clone();
      this.creationDate = creationDate;
      this.endorsement = endorsement.clone();
      this.retirementDate = retirementDate;
    }

    Version retired(Instant date) {
      return new Version(
          number,
          wrapPolicy,
          sentinel,
          checkValue,
          publicKey,
          creationDate,
          endorsement,
          Optional.of(date));
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

    /** Returns what the version before says of this one's public key; empty for the first. */
    public byte[] endorsement() {
      return endorsement.clone();
    }

    /** Returns since when rows under it are not accepted any more. */
    public Optional<Instant> retirementDate() {
      return retirementDate;
    }
  }
}
