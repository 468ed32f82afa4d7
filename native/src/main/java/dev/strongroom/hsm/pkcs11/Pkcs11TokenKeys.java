// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.BackingKey;
import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.HsmInfo;
import dev.strongroom.hsm.HsmUri;
import dev.strongroom.hsm.TokenKeys;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keys that live in a token behind a PKCS#11 module.
 *
 * <p>Thread-safe. As with {@link Pkcs11Hsm}, a token that was away is used again when it is back.
 */
public final class Pkcs11TokenKeys implements TokenKeys {
  private static final BackingKeySpec SPEC = BackingKeySpec.SECRET_256;
  private static final int MAX_ID = 32;

  private final TokenLink link;
  private final HsmInfo info;

  private Pkcs11TokenKeys(TokenLink link, TokenTraits traits) {
    this.link = link;
    this.info = Pkcs11Hsm.info(link, traits);
  }

  /**
   * Loads the module, logs in to the token and tries whether it can hold such keys.
   *
   * @param acceptedWeaknesses as in {@link Pkcs11Hsm#open}
   * @throws HsmException.Unavailable if the module or the token is not there
   * @throws HsmException.LoginFailed if the token refused the PIN, which was tried once
   * @throws HsmException.Unsupported if the token lacks something, with the list
   * @throws HsmException.Untrustworthy if it has a weakness that is not accepted
   */
  public static Pkcs11TokenKeys open(HsmUri.Pkcs11 uri, Set<String> acceptedWeaknesses) {
    return TokenLink.open(
        uri,
        link -> {
          TokenTraits traits = ResidentKeyProbe.run(link);
          Pkcs11Hsm.requireAccepted(traits, uri, acceptedWeaknesses);
          return new Pkcs11TokenKeys(link, traits);
        });
  }

  @Override
  public HsmInfo info() {
    return info;
  }

  @Override
  public BackingKey create(byte[] id, String label) {
    Creation creation = new Creation(requireId(id), label);
    try {
      return link.change(creation::run);
    } catch (Pkcs11Exception e) {
      if (e.reason() == Ckr.DEVICE_MEMORY) {
        throw new HsmException.Full(
            "The token "
                + link.login().name()
                + " has no room for another key. Destroy keys that nobody needs, or use another"
                + " token.",
            e);
      }
      throw link.translate(e);
    }
  }

  /** Runs again after a lost session, and then begins by taking away what it had made. */
  private final class Creation {
    private final byte[] id;
    private final String label;
    private boolean begun;

    Creation(byte[] id, String label) {
      this.id = id.clone();
      this.label = label;
    }

    BackingKey run(Session session) {
      session.requireAlive();
      if (!begun && !session.find(search(id)).isEmpty()) {
        throw new HsmException.AlreadyExists("The token has an object of that id already.");
      }
      begun = true;
      destroyAll(session, id);
      Template template =
          KeyTemplates.derivingKey()
              .yes(Cka.TOKEN)
              .no(Cka.MODIFIABLE)
              .bytes(Cka.ID, id)
              .bytes(Cka.LABEL, label.getBytes(StandardCharsets.UTF_8));
      long key = session.generateKey(Mechanism.of(Ckm.GENERIC_SECRET_KEY_GEN), template);
      boolean good = false;
      try {
        requireAttributes(session, key);
        session.sign(Mechanism.of(Ckm.SHA256_HMAC), key, id);
        good = true;
        return Pkcs11BackingKey.resident(SPEC, link, session.connection(), key);
      } finally {
        if (!good) {
          session.destroyObject(key);
        }
      }
    }
  }

  @Override
  public Optional<BackingKey> find(byte[] id) {
    requireId(id);
    try {
      return link.work(session -> find(session, id));
    } catch (Pkcs11Exception e) {
      throw link.translate(e);
    }
  }

  private Optional<BackingKey> find(Session session, byte[] id) {
    session.requireAlive();
    List<Long> found = session.find(search(id));
    if (found.size() > 1) {
      throw untrustworthy("has " + found.size() + " objects of one id, and not one");
    }
    if (found.isEmpty()) {
      // SoftHSM forgets the objects of a token whose folder went away, before it says so.
      if (!link.login().isPresent()) {
        throw new Pkcs11Exception("C_FindObjects", Ckr.TOKEN_NOT_PRESENT.code);
      }
      return Optional.empty();
    }
    requireAttributes(session, found.get(0));
    return Optional.of(Pkcs11BackingKey.resident(SPEC, link, session.connection(), found.get(0)));
  }

  @Override
  public boolean destroy(byte[] id) {
    requireId(id);
    try {
      return link.change(session -> destroyAll(session, id));
    } catch (Pkcs11Exception e) {
      throw link.translate(e);
    }
  }

  private static boolean destroyAll(Session session, byte[] id) {
    session.requireAlive();
    boolean any = false;
    for (List<Long> left = session.find(search(id));
        !left.isEmpty();
        left = session.find(search(id))) {
      any = true;
      left.forEach(session::destroyObject);
    }
    return any;
  }

  @Override
  public byte[] random(int length) {
    return Pkcs11Hsm.random(link, length);
  }

  @Override
  public void close() {
    link.close();
  }

  /** Reads the attributes back: what a template asked for is not always what a module did. */
  private void requireAttributes(Session session, long key) {
    for (long flag :
        new long[] {
          Cka.TOKEN,
          Cka.PRIVATE,
          Cka.SENSITIVE,
          Cka.ALWAYS_SENSITIVE,
          Cka.NEVER_EXTRACTABLE,
          Cka.SIGN
        }) {
      require(session, key, flag, true);
    }
    for (long flag :
        new long[] {Cka.EXTRACTABLE, Cka.DERIVE, Cka.DECRYPT, Cka.ENCRYPT, Cka.WRAP, Cka.UNWRAP}) {
      require(session, key, flag, false);
    }
    if (session.ulong(key, Cka.KEY_TYPE) != Ckk.GENERIC_SECRET
        || session.ulong(key, Cka.VALUE_LEN) != SPEC.bits() / 8) {
      throw untrustworthy("has a key that is no secret of 32 bytes");
    }
  }

  private void require(Session session, long key, long flag, boolean wanted) {
    if (session.flag(key, flag) != wanted) {
      throw untrustworthy(
          String.format("has a key whose attribute 0x%03x is not %s", flag, wanted));
    }
  }

  private HsmException.Untrustworthy untrustworthy(String what) {
    return new HsmException.Untrustworthy(
        "The token "
            + link.login().name()
            + " "
            + what
            + ". Do not use it for keys, or restore it from its backup.");
  }

  private static Template search(byte[] id) {
    return Template.EMPTY.ulong(Cka.CLASS, Cko.SECRET_KEY).yes(Cka.TOKEN).bytes(Cka.ID, id);
  }

  private static byte[] requireId(byte[] id) {
    if (id.length < 1 || id.length > MAX_ID) {
      throw new IllegalArgumentException("An id has 1 to 32 bytes, not " + id.length + ".");
    }
    return id;
  }
}
