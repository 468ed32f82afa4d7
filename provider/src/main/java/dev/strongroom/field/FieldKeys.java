// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.field;

import dev.strongroom.keystore.KmsSecretKey;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.crypto.Checkpoints;
import dev.strongroom.kms.crypto.RandomBytes;
import dev.strongroom.kms.crypto.SystemRandom;
import dev.strongroom.kms.service.DecryptResult;
import dev.strongroom.kms.service.GenerateDataKeyResult;
import java.security.MessageDigest;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The data keys of one CMK: those that seal, by encryption context, and those that open, by their
 * blob and context. Keys that seal never open: reading begins with a recorded Decrypt, by who may.
 * Thread-safe.
 */
final class FieldKeys implements AutoCloseable, Checkpoints.Hook {
  private final KmsSecretKey cmk;
  private final FieldLimits limits;
  private final LongSupplier nanoTime;
  private final RandomBytes ivs;
  private final DataKeyCache<EncryptionContext, SealingKey> sealing;
  private final DataKeyCache<Wrapped, OpeningKey> opening;
  private final KeySweeper sweeper;
  private volatile boolean closed;

  @SuppressWarnings("unused") // held, because checkpoints hold their hooks weakly
  private final Object registration = Checkpoints.register(this);

  FieldKeys(KmsSecretKey cmk, FieldLimits limits, LongSupplier nanoTime) {
    this.cmk = cmk;
    this.limits = limits;
    this.nanoTime = nanoTime;
    this.ivs = RandomBytes.singly(SystemRandom.direct()::nextBytes);
    this.sealing = new DataKeyCache<>(limits, nanoTime);
    this.opening = new DataKeyCache<>(limits, nanoTime);
    this.sweeper = new KeySweeper(this, limits.maxAge());
  }

  FieldLimits limits() {
    return limits;
  }

  byte[] seal(EncryptionContext context, byte[] plaintext, Binding binding) {
    while (true) {
      requireOpen();
      SealingKey key = sealing.get(context, () -> newSealingKey(context, binding.contextAad()));
      cameIn();
      byte[] message = key.seal(plaintext, binding);
      if (message != null) {
        return message;
      }
      sealing.drop(context, key);
    }
  }

  byte[] open(EncryptionContext context, FieldMessage message, Binding binding) {
    Wrapped name = new Wrapped(message.blob(), context);
    while (true) {
      requireOpen();
      OpeningKey key = opening.get(name, () -> decrypt(message, name, binding.contextAad()));
      cameIn();
      byte[] plaintext = key.open(message, binding);
      if (plaintext != null) {
        return plaintext;
      }
    }
  }

  private SealingKey newSealingKey(EncryptionContext context, byte[] contextAad) {
    GenerateDataKeyResult made =
        cmk.kms().generateDataKey(cmk.caller(), cmk.arn(), FieldMessage.KEY_BYTES, context);
    try {
      byte[] header = FieldMessage.header(made.ciphertextBlob());
      byte[] key = FieldMessage.key(made.plaintext(), header, contextAad);
      return new SealingKey(key, header, limits, ivs, nanoTime.getAsLong());
    } finally {
      made.destroy();
    }
  }

  private OpeningKey decrypt(FieldMessage message, Wrapped name, byte[] contextAad) {
    DecryptResult opened =
        cmk.kms()
            .decrypt(
                cmk.caller(),
                cmk.arn(),
                EncryptionAlgorithm.SYMMETRIC_DEFAULT,
                name.blob,
                name.context);
    try {
      if (opened.plaintext().length != FieldMessage.KEY_BYTES) {
        throw new KmsException.InvalidCiphertext();
      }
      byte[] key = FieldMessage.key(opened.plaintext(), message.header(), contextAad);
      return new OpeningKey(key, nanoTime.getAsLong());
    } finally {
      opened.destroy();
    }
  }

  /** Sees to it that a key that is new in a cache ends, also one that came in while closing. */
  private void cameIn() {
    sweeper.wake();
    if (closed) {
      sweep();
      requireOpen();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("This FieldEncryptor was closed. Make another one to go on.");
    }
  }

  /** Wipes what is older than it may be; returns whether nothing is left. */
  boolean sweep() {
    sealing.expire();
    opening.expire();
    if (closed) {
      sealing.clear();
      opening.clear();
    }
    return size() == 0;
  }

  /** Returns how many data keys are in clear. */
  int size() {
    return sealing.size() + opening.size();
  }

  /** Wipes all keys: they are none of a checkpoint's business. */
  @Override
  public void beforeCheckpoint() {
    sealing.clear();
    opening.clear();
  }

  @Override
  public void close() {
    closed = true;
    sweep();
    sweeper.close();
  }

  /** An encrypted data key and the context that it opens under, as the key of a map; public. */
  private static final class Wrapped {
    private final byte[] blob;
    private final EncryptionContext context;

    Wrapped(byte[] blob, EncryptionContext context) {
      this.blob = blob;
      this.context = context;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Wrapped wrapped
          && MessageDigest.isEqual(blob, wrapped.blob)
          && context.equals(wrapped.context);
    }

    /** The end of a blob is its tag: as good as random, and only opened blobs are in the map. */
    @Override
    public int hashCode() {
      int hash = context.hashCode();
      for (int i = Math.max(0, blob.length - 8); i < blob.length; i++) {
        hash = 31 * hash + blob[i];
      }
      return hash;
    }
  }
}
