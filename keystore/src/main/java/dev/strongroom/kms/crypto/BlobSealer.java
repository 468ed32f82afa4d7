// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.key.Derivation;
import dev.strongroom.kms.key.Derivation.Label;
import dev.strongroom.kms.key.KeyMaterialId;
import dev.strongroom.kms.key.OpenKey;
import dev.strongroom.kms.metrics.SubkeyCounters;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the ciphertext blobs of one generation of key material, without an HSM call for each.
 *
 * <p>An <em>epoch</em> has a random N, from which the backing key derives a subkey and a commitment
 * once. It ends after 2^24 messages, counted when their IVs are taken, or after 5 minutes,
 * whichever is first. Where the key forbids subkeys in the JVM every message is an epoch.
 *
 * <p>Thread-safe; messages of several threads do not wait for each other.
 */
public final class BlobSealer {
  private final KeyId keyId;
  private final KeyMaterialId materialId;
  private final Supplier<OpenKey> backingKey;
  private final RandomBytes random;
  private final LongSupplier nanoTime;
  private final SubkeyCounters counters;
  private volatile @Nullable SealingEpoch epoch;

  /**
   * Makes a sealer.
   *
   * @param backingKey opens the generation; called once for each epoch
   * @param nanoTime a monotonic clock, {@code System::nanoTime}
   */
  public BlobSealer(
      KeyId keyId,
      KeyMaterialId materialId,
      Supplier<OpenKey> backingKey,
      RandomBytes random,
      LongSupplier nanoTime,
      SubkeyCounters counters) {
    this.keyId = keyId;
    this.materialId = materialId;
    this.backingKey = backingKey;
    this.random = random;
    this.nanoTime = nanoTime;
    this.counters = counters;
  }

  /**
   * Encrypts.
   *
   * @param plaintext 0 to 4096 bytes; left intact
   * @return a {@link CiphertextBlob}, owned by the caller
   */
  public byte[] seal(byte[] plaintext, EncryptionContext context) {
    while (true) {
      byte[] blob = current().seal(plaintext, context);
      if (blob != null) {
        return blob;
      }
    }
  }

  /** Encrypts under a subkey of its own, which is wiped at once: two HSM calls. */
  public byte[] sealOnce(byte[] plaintext, EncryptionContext context) {
    SealingEpoch once = newEpoch();
    try {
      byte[] blob = once.seal(plaintext, context);
      if (blob == null) {
        throw new AssertionError("A new epoch takes at least one message");
      }
      return blob;
    } finally {
      once.destroy();
    }
  }

  private SealingEpoch current() {
    SealingEpoch known = epoch;
    if (known != null && known.isOpen(nanoTime.getAsLong())) {
      counters.found();
      return known;
    }
    synchronized (this) {
      SealingEpoch other = epoch;
      if (other != null && other.isOpen(nanoTime.getAsLong())) {
        counters.found();
        return other;
      }
      SealingEpoch fresh = newEpoch();
      epoch = fresh;
      if (other != null) {
        other.destroy();
      }
      return fresh;
    }
  }

  private SealingEpoch newEpoch() {
    counters.derived();
    byte[] header = new byte[CiphertextBlob.IV_AT];
    ByteBuffer out = ByteBuffer.wrap(header);
    out.put((byte) CiphertextBlob.VERSION).put(keyId.toBytes()).putLong(materialId.prefix());
    out.put(random.next(CiphertextBlob.NONCE_BYTES));
    byte[] context = CiphertextBlob.parseHeader(header).derivationContext();
    OpenKey key = backingKey.get();
    out.put(Derivation.derive(data -> key.hmac("SHA-256", data), Label.BLOB_COMMITMENT, context));
    byte[] subkey = Derivation.derive(data -> key.hmac("SHA-256", data), Label.BLOB_KEY, context);
    return new SealingEpoch(header, new DestroyableAesKey(subkey), random, nanoTime.getAsLong());
  }

  /** Ends the epoch if it is older than it may be, so that an idle key keeps no subkey. */
  public void expire() {
    SealingEpoch known = epoch;
    if (known != null && !known.isOpen(nanoTime.getAsLong())) {
      forget();
    }
  }

  /** Returns whether there is a subkey. */
  public boolean hasSubkey() {
    return epoch != null;
  }

  /** Wipes the subkey; the next message begins an epoch. */
  public void forget() {
    synchronized (this) {
      SealingEpoch known = epoch;
      epoch = null;
      if (known != null) {
        known.destroy();
      }
    }
  }
}
