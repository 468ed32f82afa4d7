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
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * All versions of a domain key, found in the HSM and checked against what the store knows of them.
 * A rotation adds one: {@link #adopt}.
 *
 * <p><b>Check value.</b> With each version the store keeps a <em>sentinel</em>, a secret wrapped
 * under its wrapping key, and {@code F(kdf, strongroom/1/check, SHA-256(enc(domain id, version,
 * wrap policy, F(sentinel, strongroom/1/check, domain id), public key)))}. It comes out right only
 * if all three objects and the domain id are those of the day the version was made.
 *
 * <p>Thread-safe; what is asked in a row may lie before and after an {@link #adopt}.
 */
public final class DomainKeyring {
  private static final Logger LOG = System.getLogger(DomainKeyring.class.getName());

  /** So many names are tried for a new version, where others are taken by what is no use. */
  private static final int NAMES = 8;

  private final Hsm hsm;
  private volatile State state;

  /** What is known together. */
  private record State(DomainRecord record, Map<Integer, DomainKey> versions) {
    State {
      versions = Map.copyOf(versions);
    }
  }

  private DomainKeyring(Hsm hsm, State state) {
    this.hsm = hsm;
    this.state = state;
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
      return new DomainRecord(id.domain(), List.of(version(key, new byte[0], clock)));
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    }
  }

  private static DomainRecord.Version version(DomainKey key, byte[] endorsement, Clock clock) {
    WrappedKey sentinel = key.generate(BackingKeySpec.SECRET_256);
    return new DomainRecord.Version(
        key.id().version(),
        key.wrapPolicy().name().toLowerCase(Locale.ROOT),
        sentinel.body(),
        checkValue(key, sentinel.body()),
        key.publicKey(),
        clock.instant(),
        endorsement,
        Optional.empty());
  }

  /**
   * Makes another version of this domain key in the HSM, or takes one that was made and that no
   * store keeps, after checking that those there are work. The version before signs its public key.
   *
   * @param policy open, strict or trusted
   * @return the keyring with that version active; this one stays as it is, until {@link #adopt}
   * @throws KmsException.Configuration if there is no such policy, or one object does not work
   * @throws KmsException.UnsupportedOperation if the HSM cannot keep the policy
   */
  public DomainKeyring withNewVersion(String policy, Clock clock) {
    DomainRecord record = state.record();
    try {
      DomainKey before = version(record.active().number());
      check(before, record.active());
      DomainKey key = nextVersion(record, WrapPolicy.valueOf(policy.toUpperCase(Locale.ROOT)));
      byte[] hash =
          Endorsement.hash(
              record.domainId(), before.id().version(), key.id().version(), key.publicKey());
      return open(hsm, record.with(version(key, before.sign(hash), clock)), state.versions());
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    }
  }

  /**
   * A name that is taken by objects of another policy, or by broken ones, is left: a store that was
   * not asked may need them.
   */
  private DomainKey nextVersion(DomainRecord record, WrapPolicy policy) {
    int next = record.active().number() + 1;
    for (int number = next; number < next + NAMES - 1; number++) {
      try {
        return createOrTake(hsm, new DomainKeyId(record.domainId(), number), policy);
      } catch (KmsException.Configuration | HsmException.Untrustworthy e) {
        LOG.log(Level.WARNING, "Version {0} is left out: {1}", number, e.getMessage());
      }
    }
    return createOrTake(hsm, new DomainKeyId(record.domainId(), next + NAMES - 1), policy);
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
      if (found.isReceived()) {
        throw new KmsException.Configuration(
            "The domain key "
                + id
                + " came from elsewhere, and no store vouches for it: whoever brought it may know"
                + " it.",
            e);
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
    return open(hsm, record, Map.of());
  }

  private static DomainKeyring open(Hsm hsm, DomainRecord record, Map<Integer, DomainKey> known) {
    Map<Integer, DomainKey> versions = new HashMap<>(known);
    for (DomainRecord.Version version : record.versions()) {
      if (versions.containsKey(version.number())) {
        continue;
      }
      DomainKeyId id = new DomainKeyId(record.domainId(), version.number());
      try {
        DomainKey key =
            hsm.findDomainKey(id, copy -> isRight(copy, version))
                .orElseThrow(() -> absent(hsm, id));
        versions.put(version.number(), key);
      } catch (HsmException.OtherKey e) {
        throw wrong(id);
      } catch (HsmException e) {
        throw HsmErrors.toKms(e);
      }
    }
    return new DomainKeyring(hsm, new State(record, versions));
  }

  /**
   * Returns a keyring of what the store says now; versions that this one has are not looked for
   * again, others are found in the HSM and checked.
   *
   * @throws KmsException.Configuration if the HSM lacks one of them
   */
  public DomainKeyring with(DomainRecord record) {
    return open(hsm, record, state.versions());
  }

  /**
   * Takes over what another keyring of this domain knows: for everybody who has this one.
   *
   * @param newer what the store has, and was authenticated
   * @return false if it is older than what this one knows, which then stays
   */
  public synchronized boolean adopt(DomainKeyring newer) {
    DomainRecord found = newer.state.record();
    if (!found.domainId().equals(state.record().domainId())) {
      return false;
    }
    for (DomainRecord.Version version : state.record().versions()) {
      boolean isRetired = version.retirementDate().isPresent();
      if (found.find(version.number()).isEmpty()
          || (isRetired && found.accepts(version.number()))) {
        return false;
      }
    }
    state = newer.state;
    return true;
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
    if (!isRight(key, version)) {
      throw wrong(key.id());
    }
  }

  /** Returns whether a key is the version of its name that the store was made with. */
  public static boolean isRight(DomainKey key, DomainRecord record) {
    return key.id().domain().equals(record.domainId())
        && record.find(key.id().version()).filter(version -> isRight(key, version)).isPresent();
  }

  private static boolean isRight(DomainKey key, DomainRecord.Version version) {
    try {
      return MessageDigest.isEqual(checkValue(key, version.sentinel()), version.checkValue())
          && MessageDigest.isEqual(key.publicKey(), version.publicKey());
    } catch (HsmException.Tampered e) {
      return false;
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
    return state.record();
  }

  /** Returns whether rows of the store may be authenticated under that version. */
  public boolean accepts(int version) {
    return state.record().accepts(version);
  }

  /** Returns the number of the version that wraps and authenticates what is written now. */
  public int activeVersion() {
    return state.record().active().number();
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

  public DomainKey version(int number) {
    DomainKey key = state.versions().get(number);
    if (key == null) {
      throw KeyToken.tampered();
    }
    return key;
  }
}
