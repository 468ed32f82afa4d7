// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key.backing;

import dev.strongroom.hsm.BackingKey;
import dev.strongroom.hsm.HashAlgorithm;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.SignatureScheme;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.key.HsmErrors;
import dev.strongroom.kms.key.OpenKey;
import java.util.Arrays;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A backing key of level HSM: a session object, opened again where the HSM lost it.
 *
 * <p>Uses hold the read lock and closing the write lock, because an HSM may give the handle of a
 * destroyed object to the next one: a use that overlaps would then work with a foreign key.
 */
final class HsmKey implements OpenKey {
  private static final int ATTEMPTS = 3;

  private final Supplier<BackingKey> opener;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private volatile @Nullable BackingKey key;

  HsmKey(Supplier<BackingKey> opener) {
    this.opener = opener;
    this.key = opener.get();
  }

  @Override
  public byte[] hmac(String hash, byte[] data) {
    HashAlgorithm algorithm = hashAlgorithm(hash);
    return use(opened -> opened.hmac(algorithm, data));
  }

  @Override
  public byte[] sign(SigningAlgorithm algorithm, byte[] input) {
    SignatureScheme scheme = scheme(algorithm);
    return use(opened -> opened.sign(scheme, input));
  }

  @Override
  public byte[] decrypt(EncryptionAlgorithm algorithm, byte[] ciphertext) {
    HashAlgorithm hash = hashAlgorithm(algorithm.hash());
    HashAlgorithm mgfHash = hashAlgorithm(algorithm.mgfHash());
    try {
      return use(opened -> opened.decryptOaep(hash, mgfHash, ciphertext));
    } catch (KmsException.StoreTampered e) {
      throw new KmsException.InvalidCiphertext();
    }
  }

  @Override
  public byte[] decryptRaw(byte[] ciphertext) {
    try {
      return use(opened -> opened.decryptRaw(ciphertext));
    } catch (KmsException.StoreTampered e) {
      throw new KmsException.InvalidCiphertext();
    }
  }

  @Override
  public byte[] agree(byte[] publicKey) {
    return use(
        opened -> {
          // An uncompressed point is the end of its SubjectPublicKeyInfo.
          int pointBytes = 1 + 2 * ((opened.spec().bits() + 7) / 8);
          return opened.agree(
              Arrays.copyOfRange(publicKey, publicKey.length - pointBytes, publicKey.length));
        });
  }

  private byte[] use(Function<BackingKey, byte[]> work) {
    HsmException.Gone gone = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      BackingKey opened = opened();
      lock.readLock().lock();
      try {
        if (key == opened) {
          return work.apply(opened);
        }
      } catch (HsmException.Gone e) {
        gone = e;
      } catch (HsmException e) {
        throw HsmErrors.toKms(e);
      } finally {
        lock.readLock().unlock();
      }
      drop(opened);
    }
    throw HsmErrors.toKms(
        gone == null ? new HsmException.Gone("The key was closed again and again.", null) : gone);
  }

  private BackingKey opened() {
    BackingKey known = key;
    if (known != null) {
      return known;
    }
    lock.writeLock().lock();
    try {
      BackingKey opened = key;
      if (opened == null) {
        opened = opener.get();
        key = opened;
      }
      return opened;
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void drop(BackingKey lost) {
    lock.writeLock().lock();
    try {
      if (key == lost) {
        key = null;
        lost.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Closes the session object; a later use opens another one. */
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      BackingKey known = key;
      if (known != null) {
        key = null;
        known.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private static SignatureScheme scheme(SigningAlgorithm algorithm) {
    if (algorithm == SigningAlgorithm.ED25519_SHA_512) {
      return SignatureScheme.ED25519;
    }
    HashAlgorithm hash = hashAlgorithm(algorithm.hash());
    return switch (algorithm.padding()) {
      case PKCS1 -> SignatureScheme.pkcs1(hash);
      case PSS -> SignatureScheme.pss(hash, hash.bytes());
      case NONE -> SignatureScheme.ECDSA;
    };
  }

  private static HashAlgorithm hashAlgorithm(String jcaName) {
    return Arrays.stream(HashAlgorithm.values())
        .filter(hash -> hash.jcaName().equals(jcaName))
        .findFirst()
        .orElseThrow(() -> new KmsException.InvalidKeyUsage("No HSM key uses " + jcaName + "."));
  }
}
