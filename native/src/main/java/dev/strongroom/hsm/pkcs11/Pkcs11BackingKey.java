// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.BackingKey;
import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.HashAlgorithm;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.SignatureScheme;
import java.lang.ref.Cleaner;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A backing key in a token: a session object, destroyed when this is closed or dropped, or an
 * object of the token that stays.
 */
final class Pkcs11BackingKey implements BackingKey {
  private static final Mechanism RSA_PKCS = Mechanism.of(Ckm.RSA_PKCS);
  private static final Mechanism RSA_RAW = Mechanism.of(Ckm.RSA_X_509);

  private final BackingKeySpec spec;
  private final TokenLink link;
  private final KeyObject object;
  private final Cleaner.Cleanable closing;

  private Pkcs11BackingKey(BackingKeySpec spec, TokenLink link, KeyObject object) {
    this.spec = spec;
    this.link = link;
    this.object = object;
    this.closing = link.cleaner().register(this, object::close);
  }

  /** Returns the key of a session object, which goes with this. */
  static Pkcs11BackingKey unwrapped(
      BackingKeySpec spec, TokenLink link, Connection connection, long handle) {
    return new Pkcs11BackingKey(spec, link, new KeyObject(link, connection, handle, false));
  }

  /** Returns the key of a token object, which stays. */
  static Pkcs11BackingKey resident(
      BackingKeySpec spec, TokenLink link, Connection connection, long handle) {
    return new Pkcs11BackingKey(spec, link, new KeyObject(link, connection, handle, true));
  }

  @Override
  public BackingKeySpec spec() {
    return spec;
  }

  @Override
  public byte[] hmac(HashAlgorithm hash, byte[] data) {
    require(spec.isSecret(), "make HMACs");
    Mechanism mechanism = Mechanism.of(Ckm.hmac(hash));
    return translated(session -> session.sign(mechanism, object.handle(), data));
  }

  @Override
  public byte[] sign(SignatureScheme scheme, byte[] input) {
    HashAlgorithm hash = scheme.hash();
    if (hash != null && input.length != hash.bytes()) {
      throw new IllegalArgumentException(
          "A "
              + hash.jcaName()
              + " hash has "
              + hash.bytes()
              + " bytes, not "
              + input.length
              + ".");
    }
    return switch (scheme.kind()) {
      case RSA_PKCS1 -> {
        require(spec.type() == BackingKeySpec.Type.RSA && hash != null, "sign with RSA");
        yield sign(RSA_PKCS, Der.digestInfo(Objects.requireNonNull(hash), input));
      }
      case RSA_PSS -> {
        require(spec.type() == BackingKeySpec.Type.RSA && hash != null, "sign with RSA");
        yield pss(Objects.requireNonNull(hash), scheme.saltBytes(), input);
      }
      case ECDSA -> ecdsa(input);
      case ED25519 -> {
        require(spec.type() == BackingKeySpec.Type.EDWARDS, "sign with Ed25519");
        yield sign(Mechanism.of(Ckm.EDDSA), input);
      }
    };
  }

  private byte[] pss(HashAlgorithm hash, int saltBytes, byte[] hashed) {
    if (hash.isCommon()) {
      return sign(Mechanism.pss(hash, saltBytes), hashed);
    }
    return translated(
        session -> {
          byte[] salt = session.random(saltBytes);
          byte[] padded = PssPadding.add(hash, hashed, salt, spec.bits());
          return session.sign(RSA_RAW, object.handle(), padded);
        });
  }

  private byte[] ecdsa(byte[] hash) {
    require(spec.type() == BackingKeySpec.Type.EC, "sign with ECDSA");
    if (hash.length < 20 || hash.length > 64) {
      throw new IllegalArgumentException(
          "ECDSA signs hashes of 20 to 64 bytes, not " + hash.length + ".");
    }
    // FIPS 186-5 §6.4.1 takes the leftmost bits; some modules refuse what is longer.
    byte[] leftmost = Arrays.copyOf(hash, Math.min(hash.length, (spec.bits() + 7) / 8));
    return Der.ecdsaSignature(sign(Mechanism.of(Ckm.ECDSA), leftmost));
  }

  private byte[] sign(Mechanism mechanism, byte[] input) {
    return translated(session -> session.sign(mechanism, object.handle(), input));
  }

  @Override
  public byte[] decryptOaep(HashAlgorithm hash, HashAlgorithm mgfHash, byte[] ciphertext) {
    require(spec.type() == BackingKeySpec.Type.RSA, "decrypt RSA");
    if (ciphertext.length != spec.bits() / 8) {
      throw tampered(null);
    }
    if (hash.isCommon() && mgfHash.isCommon()) {
      try {
        return object.use(
            session -> session.decrypt(Mechanism.oaep(hash, mgfHash), object.handle(), ciphertext));
      } catch (Pkcs11Exception e) {
        if (!isRefusedUnseen(e)) {
          throw tamperedOrBroken(e);
        }
      }
    }
    byte[] message = new OaepPadding(hash, mgfHash).remove(decryptRaw(ciphertext));
    if (message == null) {
      throw tampered(null);
    }
    return message;
  }

  @Override
  public byte[] decryptRaw(byte[] ciphertext) {
    require(spec.type() == BackingKeySpec.Type.RSA, "decrypt RSA");
    if (ciphertext.length != spec.bits() / 8) {
      throw tampered(null);
    }
    byte[] integer;
    try {
      integer = object.use(session -> session.decrypt(RSA_RAW, object.handle(), ciphertext));
    } catch (Pkcs11Exception e) {
      throw tamperedOrBroken(e);
    }
    // Modules may drop leading zeros.
    byte[] padded = new byte[ciphertext.length];
    System.arraycopy(integer, 0, padded, padded.length - integer.length, integer.length);
    Arrays.fill(integer, (byte) 0);
    return padded;
  }

  @Override
  public byte[] agree(byte[] point) {
    require(spec.type() == BackingKeySpec.Type.AGREEMENT, "agree on secrets");
    return translated(session -> agree(session, spec, object.handle(), point));
  }

  static byte[] agree(Session session, BackingKeySpec spec, long key, byte[] point) {
    long secret = session.derive(key, point, KeyTemplates.agreedSecret(spec));
    try {
      return session.value(secret, (spec.bits() + 7) / 8);
    } finally {
      session.destroyObject(secret);
    }
  }

  /** Modules answer bad padding with the codes of a broken device: another use tells. */
  private HsmException tamperedOrBroken(Pkcs11Exception e) {
    if (e.meaning() == Ckr.Meaning.OBJECT_LOST) {
      return KeyObject.gone(e);
    }
    byte[] any = Der.digestInfo(HashAlgorithm.SHA_256, new byte[HashAlgorithm.SHA_256.bytes()]);
    try {
      object.use(session -> session.sign(RSA_PKCS, object.handle(), any));
    } catch (Pkcs11Exception broken) {
      return broken.meaning() == Ckr.Meaning.OBJECT_LOST
          ? KeyObject.gone(broken)
          : link.translate(broken);
    }
    return isRefusedUnseen(e) ? link.translate(e) : tampered(e);
  }

  /**
   * Returns whether the token refused the mechanism before it saw the ciphertext. A refusal of the
   * ciphertext must not lead anywhere else: the way taken would tell what is wrong with it.
   */
  private static boolean isRefusedUnseen(Pkcs11Exception e) {
    return e.meaning() == Ckr.Meaning.REFUSED && e.function().equals("C_DecryptInit");
  }

  private static HsmException tampered(@Nullable Pkcs11Exception e) {
    return new HsmException.Tampered("The ciphertext is not one for this key.", e);
  }

  private void require(boolean fits, String operation) {
    if (!fits) {
      throw new HsmException.Unsupported("A " + spec + " does not " + operation + ".");
    }
  }

  private <T> T translated(Function<Session, T> work) {
    try {
      return object.use(work);
    } catch (Pkcs11Exception e) {
      throw e.meaning() == Ckr.Meaning.OBJECT_LOST ? KeyObject.gone(e) : link.translate(e);
    }
  }

  @Override
  public void close() {
    closing.clean();
  }
}
