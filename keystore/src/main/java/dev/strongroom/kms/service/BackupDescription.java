// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a backup says of itself.
 *
 * @param bytes size of the file
 * @param incarnation of the store that it was made of
 * @param storeRevision of the state that it holds
 * @param domainKeyVersion the version of the domain key that was active, and signed it
 * @param keys how many KMS keys it has
 * @param holdsDomainKey whether a recipient's private key restores it without the key file
 * @param recipients SHA-256 of the public keys of those who can
 * @param sha256 of what is signed; empty where it was not verified
 */
public record BackupDescription(
    String id,
    Path file,
    long bytes,
    Instant creationDate,
    String region,
    String account,
    UUID domainId,
    int domainKeyVersion,
    String incarnation,
    long storeRevision,
    long keys,
    boolean holdsDomainKey,
    List<String> recipients,
    Optional<String> sha256) {

  public BackupDescription {
    recipients = List.copyOf(recipients);
  }
}
