// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.BackingKey;
import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.DomainKey;
import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.hsm.WrappedKey;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A domain key version whose objects are in a token; finds them again after a loss. */
final class Pkcs11DomainKey implements DomainKey {
  private static final Mechanism HMAC = Mechanism.of(Ckm.SHA256_HMAC);
  private static final Mechanism ECDSA = Mechanism.of(Ckm.ECDSA);
  private static final int HASH_BYTES = 32;

  private final DomainKeyId id;
  private final TokenLink link;
  private final TokenTraits traits;
  private final DomainObjects objects;
  private final WrapPolicy policy;
  private final boolean received;
  private final byte[] publicKey;
  private volatile DomainObjects.@Nullable Handles handles;

  Pkcs11DomainKey(
      DomainKeyId id, TokenLink link, TokenTraits traits, DomainKeyCheck.Result checked) {
    this.id = id;
    this.link = link;
    this.traits = traits;
    this.objects = new DomainObjects(id);
    this.policy = checked.policy();
    this.received = checked.isReceived();
    this.publicKey = checked.publicKey();
  }

  @Override
  public DomainKeyId id() {
    return id;
  }

  @Override
  public WrapPolicy wrapPolicy() {
    return policy;
  }

  @Override
  public boolean isReceived() {
    return received;
  }

  @Override
  public byte[] hmac(byte[] data) {
    return use((session, keys) -> session.sign(HMAC, keys.kdf(), data));
  }

  @Override
  public byte[] sign(byte[] hash) {
    if (hash.length != HASH_BYTES) {
      throw new IllegalArgumentException("A SHA-256 hash has 32 bytes, not " + hash.length + ".");
    }
    return Der.ecdsaSignature(use((session, keys) -> session.sign(ECDSA, keys.sign(), hash)));
  }

  @Override
  public byte[] publicKey() {
    return publicKey.clone();
  }

  @Override
  public WrappedKey generate(BackingKeySpec spec) {
    requireServed(spec);
    try {
      return attempt(
          TokenLink::workLong,
          (session, keys) -> BackingKeyMaker.make(session, spec, traits.keyWrap(), keys.wrap()));
    } catch (Pkcs11Exception e) {
      throw link.translate(e);
    }
  }

  @Override
  public BackingKey unwrap(BackingKeySpec spec, byte[] body) {
    requireServed(spec);
    try {
      return attempt(TokenLink::keep, (session, keys) -> unwrap(session, keys, spec, body));
    } catch (Pkcs11Exception e) {
      // Modules answer an altered body with the codes of a broken device: a good body tells.
      BackingKeySpec known = BackingKeySpec.SECRET_256;
      byte[] good = generate(known).body();
      try {
        attempt(TokenLink::keep, (session, keys) -> unwrap(session, keys, known, good)).close();
      } catch (Pkcs11Exception broken) {
        throw link.translate(broken);
      }
      throw new HsmException.Tampered("The wrapped key is not one of domain key " + id + ".", e);
    }
  }

  @Override
  public byte[] rewrap(BackingKeySpec spec, byte[] body, DomainKey target) {
    requireServed(spec);
    if (policy != WrapPolicy.OPEN) {
      throw new HsmException.Unsupported(
          "Domain key "
              + id
              + " has the wrap policy "
              + policy
              + ": nobody can wrap again what was wrapped under it. Rotate the KMS keys instead.");
    }
    if (!(target instanceof Pkcs11DomainKey other) || other.link != link) {
      throw new IllegalArgumentException("Domain key " + target.id() + " is of another HSM.");
    }
    try {
      return attempt(
          TokenLink::work, (session, keys) -> rewrap(session, keys.wrap(), spec, body, other));
    } catch (Pkcs11Exception e) {
      unwrap(spec, body).close(); // tells an altered body from a broken device
      throw link.translate(e);
    }
  }

  private byte[] rewrap(
      Session session, long wrap, BackingKeySpec spec, byte[] body, Pkcs11DomainKey target) {
    Template template = KeyTemplates.unwrappedToBeWrapped(spec, traits.isNss());
    long key = session.unwrap(traits.keyWrap(), wrap, body, template);
    try {
      return session.wrap(traits.keyWrap(), target.handles(session).wrap(), key);
    } finally {
      session.destroyObject(key);
    }
  }

  private BackingKey unwrap(
      Session session, DomainObjects.Handles keys, BackingKeySpec spec, byte[] body) {
    Template template = KeyTemplates.unwrapped(spec, traits.isNss());
    long key = session.unwrap(traits.keyWrap(), keys.wrap(), body, template);
    boolean good = false;
    try {
      if (!isOf(spec, session, key, body.length)) {
        throw new HsmException.Tampered("The wrapped key is not a " + spec + ".", null);
      }
      if (session.flag(key, Cka.EXTRACTABLE) || !session.flag(key, Cka.SENSITIVE)) {
        throw new HsmException.Untrustworthy(
            "The token opened a backing key as extractable. Do not use this module.");
      }
      good = true;
      return Pkcs11BackingKey.unwrapped(spec, link, session.connection(), key);
    } finally {
      if (!good) {
        session.destroyObject(key);
      }
    }
  }

  /** SoftHSM does not tell how long an opened secret is: there, as far as the wrapping tells. */
  private static boolean isOf(BackingKeySpec spec, Session session, long key, int wrappedBytes) {
    return switch (spec.type()) {
      case SECRET -> {
        long length = session.ulong(key, Cka.VALUE_LEN);
        boolean fits = wrappedBytes == (spec.bits() / 8 + 7) / 8 * 8 + 8;
        yield fits && (length == 0 || length == spec.bits() / 8);
      }
      case RSA -> new BigInteger(1, session.attribute(key, Cka.MODULUS)).bitLength() == spec.bits();
      case EC, EDWARDS, AGREEMENT ->
          MessageDigest.isEqual(session.attribute(key, Cka.EC_PARAMS), Der.curve(spec));
    };
  }

  private void requireServed(BackingKeySpec spec) {
    if (!traits.specs().contains(spec)) {
      throw new HsmException.Unsupported(
          "The token "
              + link.login().name()
              + " cannot serve keys of spec "
              + spec
              + "; the command doctor says why. Choose another spec or the level SOFTWARE.");
    }
  }

  private <T> T use(BiFunction<Session, DomainObjects.Handles, T> work) {
    try {
      return attempt(TokenLink::work, work);
    } catch (Pkcs11Exception e) {
      throw link.translate(e);
    }
  }

  /** Runs {@code work}; once more with handles found anew, if the token has lost the objects. */
  private <T> T attempt(Way<T> way, BiFunction<Session, DomainObjects.Handles, T> work) {
    try {
      return way.run(link, session -> work.apply(session, handles(session)));
    } catch (Pkcs11Exception e) {
      if (e.meaning() != Ckr.Meaning.OBJECT_LOST) {
        throw e;
      }
      handles = null;
    }
    return way.run(link, session -> work.apply(session, handles(session)));
  }

  /** How work is run in a session. */
  private interface Way<T> {
    T run(TokenLink link, Function<Session, T> work);
  }

  private DomainObjects.Handles handles(Session session) {
    DomainObjects.Handles known = handles;
    if (known != null && known.connection() == session.connection()) {
      return known;
    }
    session.requireAlive();
    DomainObjects.Handles found = objects.find(session).orElse(null);
    if (found == null) {
      if (!link.login().isPresent()) {
        throw new Pkcs11Exception("C_FindObjects", Ckr.TOKEN_NOT_PRESENT.code);
      }
      throw new HsmException.Unavailable(
          "The objects of domain key "
              + id
              + " are not on the token "
              + link.login().name()
              + ". Bring back the token that has them, or restore it from its backup.",
          null);
    }
    objects.requireAttributes(session, found);
    handles = found;
    return found;
  }
}
