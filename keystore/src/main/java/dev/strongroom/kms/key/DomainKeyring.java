// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key;

import dev.strongroom.hsm.BackingKey;
import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.DomainKey;
import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.HashAlgorithm;
import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.hsm.WrappedKey;
import dev.strongroom.kms.CanonicalEncoding;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.Derivation.Label;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * All versions of a domain key, found in the HSM and checked against what the store knows of them.
 *
 * <p><b>Check value.</b> With each version the store keeps a <em>sentinel</em>, a secret wrapped
 * under its wrapping key, and {@code F(kdf, strongroom/1/check, SHA-256(enc(domain id, version,
 * wrap policy, F(sentinel, strongroom/1/check, domain id), public key)))}. It comes out right only
 * if all three objects and the domain id are those of the day the version was made.
 *
 * <p>Thread-safe.
 */
public final class DomainKeyring {
  private final DomainRecord record;
  private final Map<Integer, DomainKey> versions;

  private DomainKeyring(DomainRecord record, Map<Integer, DomainKey> versions) {
    this.record = record;
    this.versions = Map.copyOf(versions);
  }

  /**
   * Makes the first version of a new domain key in {@code hsm}; takes the one that is there where
   * an earlier call with this id was interrupted after it.
   *
   * @param domainId random, and kept by the caller so that it can go on after an interruption
   * @return what the store has to keep; until it does, nobody else will find the objects
   * @throws KmsException.Configuration if the one that is there has another policy, or does not
   *     work: then another id is to be used
   */
  public static DomainRecord create(Hsm hsm, UUID domainId, WrapPolicy policy, Clock clock) {
    DomainKeyId id = new DomainKeyId(domainId, 1);
    try {
      DomainKey key = createOrTake(hsm, id, policy);
      WrappedKey sentinel = key.generate(BackingKeySpec.SECRET_256);
      DomainRecord.Version version =
          new DomainRecord.Version(
              id.version(),
              policy.name().toLowerCase(Locale.ROOT),
              sentinel.body(),
              checkValue(key, sentinel.body()),
              key.publicKey(),
              clock.instant());
      return new DomainRecord(id.domain(), List.of(version));
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    }
  }

  private static DomainKey createOrTake(Hsm hsm, DomainKeyId id, WrapPolicy policy) {
    try {
      return hsm.createDomainKey(id, policy);
    } catch (HsmException.AlreadyExists e) {
      DomainKey found = hsm.findDomainKey(id).orElseThrow(() -> e);
      if (found.wrapPolicy() != policy) {
        throw new KmsException.Configuration(
            "The domain key " + id + " was made with wrap policy " + found.wrapPolicy() + ".", e);
      }
      return found;
    }
  }

  /** Destroys the objects of a domain key that {@link #create} made and no store keeps. */
  public static void discard(Hsm hsm, DomainRecord record) {
    for (DomainRecord.Version version : record.versions()) {
      hsm.destroyDomainKey(new DomainKeyId(record.domainId(), version.number()));
    }
  }

  /**
   * Finds every version in the HSM and checks it.
   *
   * @throws KmsException.Configuration if the HSM has none of that domain, or another one
   */
  public static DomainKeyring open(Hsm hsm, DomainRecord record) {
    Map<Integer, DomainKey> versions = new HashMap<>();
    for (DomainRecord.Version version : record.versions()) {
      DomainKeyId id = new DomainKeyId(record.domainId(), version.number());
      try {
        DomainKey key = hsm.findDomainKey(id).orElseThrow(() -> absent(hsm, id));
        check(key, version);
        versions.put(version.number(), key);
      } catch (HsmException e) {
        throw HsmErrors.toKms(e);
      }
    }
    return new DomainKeyring(record, versions);
  }

  private static KmsException absent(Hsm hsm, DomainKeyId id) {
    return new KmsException.Configuration(
        "The HSM \""
            + hsm.info().label()
            + "\" has no domain key "
            + id
            + ", under which this store was made. Set 'hsm' to the token of this store, or 'store'"
            + " to the store of this token; nothing was written.",
        null);
  }

  private static void check(DomainKey key, DomainRecord.Version version) {
    byte[] found;
    try {
      found = checkValue(key, version.sentinel());
    } catch (HsmException.Tampered e) {
      throw wrong(key.id());
    }
    if (!MessageDigest.isEqual(found, version.checkValue())
        || !MessageDigest.isEqual(key.publicKey(), version.publicKey())) {
      throw wrong(key.id());
    }
  }

  private static KmsException wrong(DomainKeyId id) {
    return new KmsException.Configuration(
        "The domain key "
            + id
            + " in the HSM is not the one that this store was made with: its check value differs."
            + " The token was restored from elsewhere, or the store was changed. Nothing was"
            + " written; bring the right token or the right store.",
        null);
  }

  private static byte[] checkValue(DomainKey key, byte[] sentinel) {
    DomainKeyId id = key.id();
    byte[] wrapped;
    try (BackingKey opened = key.unwrap(BackingKeySpec.SECRET_256, sentinel)) {
      wrapped =
          Derivation.derive(
              data -> opened.hmac(HashAlgorithm.SHA_256, data),
              Label.CHECK,
              new CanonicalEncoding().add(id.domain().toString()).toBytes());
    }
    byte[] context =
        new CanonicalEncoding()
            .add(id.domain().toString())
            .add(id.version())
            .add(key.wrapPolicy().name())
            .add(wrapped)
            .add(key.publicKey())
            .sha256();
    return Derivation.derive(key::hmac, Label.CHECK, context);
  }

  public DomainRecord record() {
    return record;
  }

  /** Returns the number of the version that wraps and authenticates what is written now. */
  public int activeVersion() {
    return record.active().number();
  }

  /** Returns F under the deriving key of that version. */
  public byte[] derive(int version, Label label, byte[] context) {
    DomainKey key = version(version);
    try {
      return Derivation.derive(key::hmac, label, context);
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    }
  }

  /** Signs a SHA-256 hash with the active version; returns DER. */
  public byte[] sign(byte[] hash) {
    try {
      return version(activeVersion()).sign(hash);
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    }
  }

  DomainKey version(int number) {
    DomainKey key = versions.get(number);
    if (key == null) {
      throw KeyToken.tampered();
    }
    return key;
  }
}
