// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyMetadata;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys of an account as a KeyStore shows them, and its trusted certificates: every usable key
 * under its aliases (without {@code alias/}), or under its key id where it has none. Disabled keys
 * are hidden. An alias that would then read as a key id, an ARN or another alias is shown with
 * {@code alias/}.
 *
 * <p>Answers come from an immutable snapshot that is swapped when the store changes; none of these
 * methods reads the store, calls the HSM or is recorded, but for {@link #tags}, which may have to
 * read a key.
 *
 * <p>When the caller's session is over or its access key is inactive, the snapshot still tells what
 * it told, but takes in nothing new: what is removed, disabled or forbidden leaves it, and what is
 * added or replaced does not come in before the access key is active again. {@link #tags} is
 * refused then, as every call is.
 *
 * <p>Thread-safe.
 */
public interface KeyStoreView {

  /** Returns the names of all entries, in order. */
  List<String> names();

  /**
   * Returns the entry of that name; an alias with or without {@code alias/}, a key id or an ARN.
   * Empty also for a disabled key.
   */
  Optional<Entry> find(String name);

  /**
   * Returns the trusted certificate of that name. Empty where the name is a key's, which goes
   * before it.
   */
  Optional<Trusted> findTrusted(String name);

  /**
   * Returns the tags of a key, empty where the caller may not list them. In memory for a key that
   * was described a moment ago.
   *
   * @throws dev.strongroom.kms.KmsException as {@link #requireLive}
   */
  Map<String, String> tags(KeyId key);

  /**
   * Does nothing while the caller's calls are let through: only then does the snapshot show all
   * that there is. A refusal is recorded, success is not.
   *
   * @throws dev.strongroom.kms.KmsException.ExpiredToken if the caller's session is over
   * @throws dev.strongroom.kms.KmsException.UnrecognizedClient if its access key is inactive or its
   *     role is gone
   * @throws dev.strongroom.kms.KmsException.StoreUnavailable if that cannot be known now
   */
  void requireLive();

  /** Returns the number of names. */
  default int size() {
    return names().size();
  }

  /**
   * One key as an entry.
   *
   * @param metadata as DescribeKey tells
   * @param publicKey of an asymmetric key; empty for the others. Of a rotated key it is the one
   *     that the certificate is for, without a certificate the newest; the metadata name its
   *     material
   * @param certificateChain DER certificates, the key's own first; empty when there is none
   * @param creationDate of the key
   */
  record Entry(
      String name,
      KeyId keyId,
      KeyMetadata metadata,
      Optional<SubjectPublicKey> publicKey,
      List<Certificate> certificateChain,
      Instant creationDate) {
    public Entry {
      certificateChain = List.copyOf(certificateChain);
    }
  }

  /**
   * A certificate that whoever uses this KeyStore as a trust store trusts.
   *
   * @param creationDate when it was put there
   */
  record Trusted(String name, Certificate certificate, Instant creationDate) {}

  /** A DER certificate. Not a record, because it holds an array. */
  final class Certificate {
    private final byte[] der;

    /** Copies {@code der}. */
    public Certificate(byte[] der) {
      this.der = der.clone();
    }

    /** Returns a copy. */
    public byte[] der() {
      return der.clone();
    }
  }

  /** A DER SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). Not a record, because it holds an array. */
  final class SubjectPublicKey {
    private final byte[] der;

    /** Copies {@code der}. */
    public SubjectPublicKey(byte[] der) {
      this.der = der.clone();
    }

    /** Returns a copy. */
    public byte[] der() {
      return der.clone();
    }
  }
}
