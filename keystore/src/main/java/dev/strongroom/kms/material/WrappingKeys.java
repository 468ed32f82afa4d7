// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.material;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.WrappingAlgorithm;
import dev.strongroom.kms.key.DomainKeyring;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.KeyMaterial;
import dev.strongroom.kms.key.OpenKey;
import dev.strongroom.kms.key.backing.BackingKeys;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * RSA keys under which others wrap key material for one key of this KMS. Their private halves are
 * key tokens like those of all keys, born in the HSM where there is one, and are stored nowhere:
 * each travels inside its import token. Thread-safe.
 */
public final class WrappingKeys {

  /** How long an import token is good, as in AWS. */
  public static final Duration VALIDITY = Duration.ofHours(24);

  private final BackingKeys backingKeys;
  private final ImportTokens tokens;
  private final Clock clock;

  public WrappingKeys(BackingKeys backingKeys, DomainKeyring domain, Clock clock) {
    this.backingKeys = backingKeys;
    this.tokens = new ImportTokens(domain);
    this.clock = clock;
  }

  /**
   * Who is to wrap material for which key, and how.
   *
   * @param account whose callers may bring it
   */
  public record Purpose(
      KeyId key, String account, WrappingAlgorithm algorithm, CmkSpec wrappingSpec) {}

  /** A new wrapping key. */
  public static final class Issued {
    private final byte[] publicKey;
    private final byte[] token;
    private final Instant validTo;

    Issued(byte[] publicKey, byte[] token, Instant validTo) {
      this.publicKey = publicKey;
      this.token = token;
      this.validTo = validTo;
    }

    /** Returns a copy of the DER SubjectPublicKeyInfo. */
    public byte[] publicKey() {
      return publicKey.clone();
    }

    /** Returns a copy of the import token. */
    public byte[] token() {
      return token.clone();
    }

    public Instant validTo() {
      return validTo;
    }
  }

  /** Makes a wrapping key. */
  public Issued issue(Purpose purpose) {
    KeyId name = new KeyId(UUID.randomUUID());
    ProtectionLevel level = backingKeys.bestLevel(purpose.wrappingSpec(), KeyUsage.ENCRYPT_DECRYPT);
    Generation made = backingKeys.create(request(name, purpose.wrappingSpec(), level));
    Instant validTo = clock.instant().plus(VALIDITY).truncatedTo(ChronoUnit.MILLIS);
    byte[] token = tokens.issue(new ImportTokens.Contents(purpose, validTo, name, level, made));
    return new Issued(made.publicKey(), token, validTo);
  }

  private static BackingKeys.Request request(KeyId name, CmkSpec spec, ProtectionLevel level) {
    return new BackingKeys.Request(name, spec, KeyUsage.ENCRYPT_DECRYPT, KeyOrigin.AWS_KMS, level);
  }

  /**
   * Unwraps what somebody wrapped under the wrapping key of a token.
   *
   * @param key for which it is brought
   * @param account of the caller
   * @param wrapped left intact
   * @return what was inside, whatever that is; the caller closes it
   * @throws KmsException.InvalidImportToken if the token is not good for that
   * @throws KmsException.ExpiredImportToken if it was
   * @throws KmsException.InvalidCiphertext if the material was not wrapped so
   */
  public KeyMaterial unwrap(KeyId key, String account, byte[] token, byte[] wrapped) {
    ImportTokens.Contents contents =
        tokens
            .read(token)
            .filter(found -> found.purpose().key().equals(key))
            .filter(found -> found.purpose().account().equals(account))
            .orElseThrow(KmsException.InvalidImportToken::new);
    if (!clock.instant().isBefore(contents.validTo())) {
      throw new KmsException.ExpiredImportToken();
    }
    CmkSpec spec = contents.purpose().wrappingSpec();
    BackingKeys.Request request = request(contents.wrappingKey(), spec, contents.level());
    try (OpenKey opened = backingKeys.openOnce(request, contents.generation())) {
      return MaterialUnwrap.unwrap(
          contents.purpose().algorithm(), opened, spec.bits() / Byte.SIZE, wrapped);
    }
  }
}
