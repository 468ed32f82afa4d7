// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.Derivation;
import dev.strongroom.kms.key.Derivation.Label;
import dev.strongroom.kms.key.OpenKey;
import dev.strongroom.kms.metrics.SubkeyCounters;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Opens the ciphertext blobs of one generation of key material, without an HSM call for each.
 *
 * <p>The commitment is derived and compared before anything else, so that a made-up N costs one HSM
 * call and leaves nothing behind. A subkey that was derived for opening never seals: this class
 * cannot. At most 1024 are kept, each for 5 minutes from its derivation.
 *
 * <p>Thread-safe.
 */
public final class BlobOpener {
  private static final int MAX_SUBKEYS = 1024;
  private static final Duration MAX_AGE = Duration.ofMinutes(5);

  private final Supplier<OpenKey> backingKey;
  private final LongSupplier nanoTime;
  private final SubkeyCounters counters;
  private final ConcurrentMap<Nonce, OpeningSubkey> subkeys = new ConcurrentHashMap<>();

  /**
   * Makes an opener.
   *
   * @param backingKey opens the generation
   * @param nanoTime a monotonic clock, {@code System::nanoTime}
   */
  public BlobOpener(Supplier<OpenKey> backingKey, LongSupplier nanoTime, SubkeyCounters counters) {
    this.backingKey = backingKey;
    this.nanoTime = nanoTime;
    this.counters = counters;
  }

  /**
   * Decrypts.
   *
   * @return the plaintext, owned by the caller
   * @throws KmsException.InvalidCiphertext if anything in the blob, or the context, is another
   */
  public byte[] open(CiphertextBlob blob, EncryptionContext context) {
    Nonce nonce = new Nonce(blob);
    OpeningSubkey subkey = subkeys.get(nonce);
    if (subkey == null || nanoTime.getAsLong() - subkey.bornNanos >= MAX_AGE.toNanos()) {
      subkey = derive(blob);
      keep(nonce, subkey);
    } else if (!subkey.isCommittedBy(blob)) {
      throw new KmsException.InvalidCiphertext();
    } else {
      counters.found();
    }
    try {
      return subkey.open(blob, context);
    } catch (IllegalStateException e) {
      if (!subkey.key.isDestroyed()) {
        throw e;
      }
      return openOnce(blob, context); // it was dropped between the look-up and its use
    }
  }

  /** Decrypts with a subkey that is wiped at once. */
  public byte[] openOnce(CiphertextBlob blob, EncryptionContext context) {
    OpeningSubkey subkey = derive(blob);
    try {
      return subkey.open(blob, context);
    } finally {
      subkey.destroy();
    }
  }

  private OpeningSubkey derive(CiphertextBlob blob) {
    counters.derived();
    OpenKey key = backingKey.get();
    byte[] context = blob.derivationContext();
    byte[] commitment =
        Derivation.derive(data -> key.hmac("SHA-256", data), Label.BLOB_COMMITMENT, context);
    if (!isCommitment(commitment, blob)) {
      throw new KmsException.InvalidCiphertext();
    }
    byte[] subkey = Derivation.derive(data -> key.hmac("SHA-256", data), Label.BLOB_KEY, context);
    return new OpeningSubkey(commitment, new DestroyableAesKey(subkey), nanoTime.getAsLong());
  }

  private static boolean isCommitment(byte[] commitment, CiphertextBlob blob) {
    byte[] claimed =
        Arrays.copyOfRange(blob.bytes(), CiphertextBlob.COMMITMENT_AT, CiphertextBlob.IV_AT);
    return MessageDigest.isEqual(commitment, claimed);
  }

  private void keep(Nonce nonce, OpeningSubkey subkey) {
    if (subkeys.size() >= MAX_SUBKEYS) {
      expire();
      subkeys.keySet().stream().limit(MAX_SUBKEYS / 16).forEach(this::drop);
    }
    OpeningSubkey before = subkeys.put(nonce, subkey);
    if (before != null) {
      before.destroy();
    }
  }

  private void drop(Nonce nonce) {
    OpeningSubkey dropped = subkeys.remove(nonce);
    if (dropped != null) {
      dropped.destroy();
    }
  }

  /** Wipes the subkeys that are older than they may be. */
  public void expire() {
    long now = nanoTime.getAsLong();
    subkeys.forEach(
        (nonce, subkey) -> {
          if (now - subkey.bornNanos >= MAX_AGE.toNanos()) {
            drop(nonce);
          }
        });
  }

  /** Returns how many subkeys there are. */
  public int subkeys() {
    return subkeys.size();
  }

  /** Wipes all subkeys. */
  public void forget() {
    subkeys.keySet().forEach(this::drop);
  }

  /** A subkey that only opens. */
  private static final class OpeningSubkey {
    private final byte[] commitment;
    private final DestroyableAesKey key;
    private final long bornNanos;
    private final Slots<GcmCipher> ciphers;

    OpeningSubkey(byte[] commitment, DestroyableAesKey key, long bornNanos) {
      this.commitment = commitment;
      this.key = key;
      this.bornNanos = bornNanos;
      this.ciphers = new Slots<>(() -> new GcmCipher(key));
    }

    boolean isCommittedBy(CiphertextBlob blob) {
      return isCommitment(commitment, blob);
    }

    byte[] open(CiphertextBlob blob, EncryptionContext context) {
      GcmCipher cipher = ciphers.take();
      byte[] plaintext = cipher.open(blob.bytes(), context);
      ciphers.giveBack(cipher);
      return plaintext;
    }

    void destroy() {
      key.destroy();
    }
  }

  /** The N of a blob as the key of a map: compared in full; it is public. */
  private static final class Nonce {
    private final byte[] bytes;

    Nonce(CiphertextBlob blob) {
      this.bytes =
          Arrays.copyOfRange(blob.bytes(), CiphertextBlob.NONCE_AT, CiphertextBlob.COMMITMENT_AT);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Nonce nonce && MessageDigest.isEqual(bytes, nonce.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }
}
