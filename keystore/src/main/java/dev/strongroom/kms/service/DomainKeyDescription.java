// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import java.security.PublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The versions of a domain key.
 *
 * @param versions the newest first, which is active
 * @param rotation how far it is; empty where none is under way
 * @param restoration the backup that the store came from last; empty where it came from none
 */
public record DomainKeyDescription(
    UUID domainId,
    List<Version> versions,
    Optional<Rotation> rotation,
    Optional<Restored> restoration) {

  public DomainKeyDescription {
    versions = List.copyOf(versions);
  }

  /** What a version is for. */
  public enum Status {
    /** Everything new is under it. */
    ACTIVE,
    /** Everything that is under it is brought under the active one. */
    RETIRING,
    /** Rows under it are not accepted any more. */
    RETIRED
  }

  /**
   * One version.
   *
   * @param wrapPolicy open, strict or trusted
   * @param publicKey of its signing key, P-256
   * @param endorsement by which the version before vouches for that key, in base64; see {@link
   *     #endorsed}; empty for the first
   * @param endorsed the text that is signed: ECDSA with SHA-256
   */
  public record Version(
      int number,
      Status status,
      String wrapPolicy,
      Instant creationDate,
      Optional<Instant> retirementDate,
      PublicKey publicKey,
      Optional<String> endorsement,
      Optional<String> endorsed) {

    /** Returns the signature in DER. */
    public Optional<byte[]> endorsementBytes() {
      return endorsement.map(Base64.getDecoder()::decode);
    }
  }

  /**
   * That the store came from a backup.
   *
   * @param incarnation of the store since then
   * @param previous the incarnation that the backup was made of
   */
  public record Restored(String incarnation, String previous, Instant restored, String backupId) {}

  /** Rows of the store that are under the active version, of all that are to be. */
  public record Rotation(long done, long total) {}
}
