// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.service.GetPublicKeyResult;
import dev.strongroom.kms.service.Kms;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.security.Key;
import javax.security.auth.Destroyable;
import org.jspecify.annotations.Nullable;

/**
 * A reference to a KMS key, with the KMS that has the key and the caller who asked for it. The key
 * itself stays in the KMS: {@link #getEncoded()} and {@link #getFormat()} are null, which is how
 * JCA knows that no other provider can use this key.
 *
 * <p>Whoever holds a handle acts as its caller; every use is authorized and recorded by the KMS.
 * Handles are equal when they refer to the same key of the same KMS, and of a rotated key pair to
 * the same generation. Not serializable. Thread-safe.
 */
public abstract sealed class KmsKeyHandle implements Key, Destroyable
    permits KmsSecretKey, KmsPrivateKey {
  private static final long serialVersionUID = 1;

  private final transient Kms kms;
  private final transient Caller caller;
  private final transient KeyMetadata metadata;
  private transient volatile boolean destroyed;

  KmsKeyHandle(Kms kms, Caller caller, KeyMetadata metadata) {
    this.kms = kms;
    this.caller = caller;
    this.metadata = metadata;
  }

  /**
   * Returns a handle to the key that {@code metadata} describes.
   *
   * <p>For an asymmetric key this is one recorded GetPublicKey; the KeyStore, which knows the
   * public keys, needs none.
   */
  public static KmsKeyHandle of(Kms kms, Caller caller, KeyMetadata metadata) {
    if (!metadata.spec().isAsymmetric()) {
      return new KmsSecretKey(kms, caller, metadata);
    }
    GetPublicKeyResult result = kms.getPublicKey(caller, metadata.arn());
    return KmsPrivateKey.of(kms, caller, result);
  }

  /**
   * Returns the KMS that has the key.
   *
   * @throws IllegalStateException if this handle was destroyed
   */
  public final Kms kms() {
    requireAlive();
    return kms;
  }

  /**
   * Returns in whose name the key is used.
   *
   * @throws IllegalStateException if this handle was destroyed
   */
  public final Caller caller() {
    requireAlive();
    return caller;
  }

  /** Returns what the KMS said of the key when this handle was made; its state may have changed. */
  public final KeyMetadata metadata() {
    return metadata;
  }

  public final KeyArn arn() {
    return metadata.arn();
  }

  /** Returns what the JDK calls such a key: {@code AES}, {@code HmacSHA256}, {@code RSA}, … */
  @Override
  public final String getAlgorithm() {
    return metadata.spec().jcaName();
  }

  /** Returns null: the key has no encoding outside the KMS. */
  @Override
  public final @Nullable String getFormat() {
    return null;
  }

  /** Returns null: the key does not leave the KMS. */
  @Override
  public final byte @Nullable [] getEncoded() {
    return null;
  }

  /** Ends the use of this handle. The KMS key itself and other handles to it are not touched. */
  @Override
  public final void destroy() {
    destroyed = true;
  }

  @Override
  public final boolean isDestroyed() {
    return destroyed;
  }

  /**
   * Returns which generation of the key's material this refers to; no text for whichever is new.
   */
  abstract String generation();

  private void requireAlive() {
    if (destroyed) {
      throw new IllegalStateException(
          "The handle to " + arn() + " was destroyed. Get the key from the KeyStore again.");
    }
  }

  @Override
  public final boolean equals(@Nullable Object other) {
    return other instanceof KmsKeyHandle handle
        && handle.kms == kms
        && handle.arn().equals(arn())
        && handle.generation().equals(generation());
  }

  @Override
  public final int hashCode() {
    return 31 * System.identityHashCode(kms) + arn().hashCode();
  }

  @Override
  public final String toString() {
    return getClass().getSimpleName() + "[" + arn() + ", " + metadata.spec() + "]";
  }

  /** Refuses: a handle means nothing without its KMS and its caller. */
  @SuppressWarnings("DoNotCallSuggester") // serialization calls it
  protected final Object writeReplace() throws ObjectStreamException {
    throw new NotSerializableException(
        "A handle to a KMS key cannot be serialized. Send the key's ARN and get the key from a"
            + " KeyStore of type KMS there.");
  }

  private void readObject(ObjectInputStream in) throws InvalidObjectException {
    throw new InvalidObjectException("A handle to a KMS key cannot come from a stream");
  }
}
