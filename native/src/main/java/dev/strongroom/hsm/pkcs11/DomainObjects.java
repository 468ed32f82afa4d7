// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.hsm.transport.DomainKeyParcel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The token objects of one version of a domain key: a wrapping key, a deriving secret and a key
 * pair (private and public object).
 *
 * <p>They are found by CKA_ID: {@code domain (UUID, 16 bytes) || version (4) || role (1)}, where
 * role is 1 wrap, 2 kdf, 3 sign. Labels, {@code <domain>-d<version>-<role>}, are for people.
 */
final class DomainObjects {
  private final DomainKeyId id;

  DomainObjects(DomainKeyId id) {
    this.id = id;
  }

  /** The handles of the four objects; they mean something only in {@code connection}. */
  record Handles(Connection connection, long wrap, long kdf, long sign, long publicKey) {}

  private enum Role {
    WRAP(1, Cko.SECRET_KEY),
    KDF(2, Cko.SECRET_KEY),
    SIGN(3, Cko.PRIVATE_KEY),
    PUBLIC(3, Cko.PUBLIC_KEY);

    private final int number;
    private final long objectClass;

    Role(int number, long objectClass) {
      this.number = number;
      this.objectClass = objectClass;
    }
  }

  /** Makes the objects; the wrapping key last, since without it nothing can have been wrapped. */
  Handles create(Session session, WrapPolicy policy) {
    long kdf =
        session.generateKey(
            Mechanism.of(Ckm.GENERIC_SECRET_KEY_GEN), named(KeyTemplates.derivingKey(), Role.KDF));
    var pair =
        session.generateKeyPair(
            BackingKeyMaker.generation(BackingKeySpec.EC_P256),
            named(KeyTemplates.publicKey(BackingKeySpec.EC_P256), Role.PUBLIC),
            named(KeyTemplates.signingKey(), Role.SIGN));
    long wrap =
        session.generateKey(
            Mechanism.of(Ckm.AES_KEY_GEN), named(KeyTemplates.wrappingKey(policy), Role.WRAP));
    return new Handles(session.connection(), wrap, kdf, pair.privateKey(), pair.publicKey());
  }

  /** Unwraps the objects of a parcel under a transport key; the wrapping key last. */
  Handles receive(Session session, DomainKeyParcel parcel, TokenTraits traits, long transportKey) {
    Receipt receipt = new Receipt(session, traits, parcel.policy(), transportKey);
    BackingKeySpec pair = BackingKeySpec.EC_P256;
    long kdf =
        receipt.unwrap(
            parcel.kdf(), KeyTemplates.unwrapped(BackingKeySpec.SECRET_256, false), Role.KDF);
    long sign =
        receipt.unwrap(parcel.sign(), KeyTemplates.unwrapped(pair, traits.isNss()), Role.SIGN);
    byte[] point = Der.octetString(Der.pointIn(pair, parcel.publicKey()));
    long publicKey =
        session.createObject(
            named(KeyTemplates.publicKey(pair).bytes(Cka.EC_POINT, point), Role.PUBLIC));
    long wrap =
        receipt.unwrap(parcel.wrap(), KeyTemplates.receivedWrappingKey(parcel.policy()), Role.WRAP);
    return new Handles(session.connection(), wrap, kdf, sign, publicKey);
  }

  /** What unwraps the keys of a parcel. */
  private final class Receipt {
    private final Session session;
    private final TokenTraits traits;
    private final WrapPolicy policy;
    private final long transportKey;

    Receipt(Session session, TokenTraits traits, WrapPolicy policy, long transportKey) {
      this.session = session;
      this.traits = traits;
      this.policy = policy;
      this.transportKey = transportKey;
    }

    /**
     * SoftHSM does not let what is unwrapped be unmodifiable: code with the PIN could let a
     * wrapping key decrypt. That adds nothing to what the policy OPEN lets it do, and breaks
     * STRICT.
     */
    long unwrap(byte[] wrapped, Template template, Role role) {
      Template wanted = named(template, role);
      try {
        return session.unwrap(traits.keyWrap(), transportKey, wrapped, wanted);
      } catch (Pkcs11Exception e) {
        if (e.reason() != Ckr.ATTRIBUTE_READ_ONLY) {
          throw e;
        }
      }
      if (policy == WrapPolicy.STRICT) {
        throw new HsmException.Unsupported(
            "The token cannot keep the wrap policy STRICT of a key that it receives: it lets the"
                + " key's attributes be changed. Use wrap-policy=open for a cluster of such"
                + " tokens, or one token.");
      }
      return session.unwrap(
          traits.keyWrap(), transportKey, wrapped, wanted.without(Cka.MODIFIABLE));
    }
  }

  /**
   * Returns the handles, or empty if there is none of the objects.
   *
   * @throws HsmException.Untrustworthy if one is missing or there twice
   */
  Optional<Handles> find(Session session) {
    Map<Role, Long> found = new EnumMap<>(Role.class);
    for (Role role : Role.values()) {
      List<Long> handles = session.find(search(role));
      if (handles.size() > 1) {
        throw untrustworthy("has " + handles.size() + " objects " + label(role) + ", not one");
      }
      handles.forEach(handle -> found.put(role, handle));
    }
    if (found.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Handles(
            session.connection(),
            only(found, Role.WRAP),
            only(found, Role.KDF),
            only(found, Role.SIGN),
            only(found, Role.PUBLIC)));
  }

  private long only(Map<Role, Long> found, Role role) {
    Long handle = found.get(role);
    if (handle == null) {
      throw untrustworthy("lacks its object " + label(role));
    }
    return handle;
  }

  /** Returns whether none is missing; says nothing about their attributes. */
  boolean areAllThere(Session session) {
    for (Role role : Role.values()) {
      if (session.find(search(role)).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  void destroy(Session session) {
    for (Role role : Role.values()) {
      for (List<Long> left = session.find(search(role));
          !left.isEmpty();
          left = session.find(search(role))) {
        left.forEach(session::destroyObject);
      }
    }
  }

  /**
   * Reads the attributes back: what a template asked for is not always what a module did.
   *
   * @return whether the keys were received, and not born in the token
   * @throws HsmException.Untrustworthy naming the attribute
   */
  boolean requireAttributes(Session session, Handles handles) {
    requireKept(session, Role.WRAP, handles.wrap());
    requireKept(session, Role.KDF, handles.kdf());
    requireKept(session, Role.SIGN, handles.sign());
    boolean isReceived =
        !wasAlwaysKept(session, handles.wrap())
            && !wasAlwaysKept(session, handles.kdf())
            && !wasAlwaysKept(session, handles.sign());
    if (!isReceived) {
      requireAlwaysKept(session, Role.WRAP, handles.wrap());
      requireAlwaysKept(session, Role.KDF, handles.kdf());
      requireAlwaysKept(session, Role.SIGN, handles.sign());
    }

    require(session, Role.WRAP, handles.wrap(), Cka.WRAP, true);
    require(session, Role.WRAP, handles.wrap(), Cka.UNWRAP, true);
    require(session, Role.WRAP, handles.wrap(), Cka.DECRYPT, false);
    require(session, Role.WRAP, handles.wrap(), Cka.ENCRYPT, false);
    requireType(session, Role.WRAP, handles.wrap(), Ckk.AES);
    require(session, Role.KDF, handles.kdf(), Cka.SIGN, true);
    require(session, Role.KDF, handles.kdf(), Cka.DERIVE, false);
    require(session, Role.KDF, handles.kdf(), Cka.DECRYPT, false);
    requireType(session, Role.KDF, handles.kdf(), Ckk.GENERIC_SECRET);
    require(session, Role.SIGN, handles.sign(), Cka.SIGN, true);
    require(session, Role.SIGN, handles.sign(), Cka.DECRYPT, false);
    requireType(session, Role.SIGN, handles.sign(), Ckk.EC);
    for (long secret : new long[] {handles.wrap(), handles.kdf()}) {
      long length = session.ulong(secret, Cka.VALUE_LEN);
      // SoftHSM does not tell the length of what was unwrapped; the wrapping told it.
      if (length != 32 && !(isReceived && length == 0)) {
        throw untrustworthy("has a wrap or kdf key whose CKA_VALUE_LEN is not 32");
      }
    }
    return isReceived;
  }

  private static boolean wasAlwaysKept(Session session, long object) {
    return session.flag(object, Cka.ALWAYS_SENSITIVE)
        && session.flag(object, Cka.NEVER_EXTRACTABLE);
  }

  private void requireAlwaysKept(Session session, Role role, long object) {
    require(session, role, object, Cka.ALWAYS_SENSITIVE, true);
    require(session, role, object, Cka.NEVER_EXTRACTABLE, true);
  }

  private void requireKept(Session session, Role role, long object) {
    require(session, role, object, Cka.TOKEN, true);
    require(session, role, object, Cka.PRIVATE, true);
    require(session, role, object, Cka.SENSITIVE, true);
    require(session, role, object, Cka.EXTRACTABLE, false);
  }

  private void require(Session session, Role role, long object, long flag, boolean wanted) {
    if (session.flag(object, flag) != wanted) {
      throw untrustworthy(
          String.format(
              "has an object %s whose attribute 0x%03x is not %s", label(role), flag, wanted));
    }
  }

  private void requireType(Session session, Role role, long object, long type) {
    if (session.ulong(object, Cka.KEY_TYPE) != type) {
      throw untrustworthy("has an object " + label(role) + " of another CKA_KEY_TYPE");
    }
  }

  HsmException.Untrustworthy untrustworthy(String what) {
    return new HsmException.Untrustworthy(
        "Domain key "
            + id
            + " "
            + what
            + ". If its creation was interrupted, destroy it and create it anew; otherwise restore"
            + " the token from its backup.");
  }

  private Template named(Template key, Role role) {
    return key.with(Cka.TOKEN, true)
        .no(Cka.MODIFIABLE)
        .bytes(Cka.ID, ckaId(role))
        .bytes(Cka.LABEL, label(role).getBytes(StandardCharsets.US_ASCII));
  }

  private Template search(Role role) {
    return Template.EMPTY
        .ulong(Cka.CLASS, role.objectClass)
        .yes(Cka.TOKEN)
        .bytes(Cka.ID, ckaId(role));
  }

  private byte[] ckaId(Role role) {
    return ByteBuffer.allocate(21)
        .putLong(id.domain().getMostSignificantBits())
        .putLong(id.domain().getLeastSignificantBits())
        .putInt(id.version())
        .put((byte) role.number)
        .array();
  }

  private String label(Role role) {
    String suffix =
        switch (role) {
          case WRAP -> "wrap";
          case KDF -> "kdf";
          case SIGN, PUBLIC -> "sign";
        };
    return id.domain() + "-d" + id.version() + "-" + suffix;
  }
}
