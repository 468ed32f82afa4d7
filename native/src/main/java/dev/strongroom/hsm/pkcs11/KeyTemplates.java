// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.WrapPolicy;
import java.math.BigInteger;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;

/** With which attributes each kind of object is made. Every usage is named: defaults differ. */
final class KeyTemplates {
  /** CKA_NSS_DB: NSS softokn unwraps a curve key only with some public value given. */
  private static final long NSS_PUBLIC_VALUE = 0xD5A0DB00L;

  private static final byte[] F4 = {1, 0, 1};

  private KeyTemplates() {}

  /** A wrapping key: wraps and unwraps, nothing else. */
  static Template wrappingKey(WrapPolicy policy) {
    Template key =
        Template.of(Cko.SECRET_KEY, Ckk.AES)
            .ulong(Cka.VALUE_LEN, 32)
            .yes(Cka.PRIVATE, Cka.SENSITIVE, Cka.WRAP, Cka.UNWRAP)
            .no(Cka.EXTRACTABLE, Cka.ENCRYPT, Cka.DECRYPT, Cka.SIGN, Cka.VERIFY, Cka.DERIVE);
    if (policy != WrapPolicy.STRICT) {
      return key;
    }
    Template born = Template.EMPTY.yes(Cka.SENSITIVE).no(Cka.EXTRACTABLE);
    return key.nested(Cka.UNWRAP_TEMPLATE, born);
  }

  /** A wrapping key that was made elsewhere. */
  static Template receivedWrappingKey(WrapPolicy policy) {
    return wrappingKey(policy).without(Cka.VALUE_LEN);
  }

  /** A wrapping key that is made in order to be wrapped, and wraps nothing before. */
  static Template wrappingKeyToBeWrapped() {
    return wrappingKey(WrapPolicy.OPEN)
        .with(Cka.EXTRACTABLE, true)
        .with(Cka.WRAP, false)
        .with(Cka.UNWRAP, false)
        .no(Cka.TOKEN);
  }

  /** A transport key where it is made: it wraps, and is wrapped itself. */
  static Template transportKey() {
    return wrappingKey(WrapPolicy.OPEN)
        .with(Cka.EXTRACTABLE, true)
        .with(Cka.UNWRAP, false)
        .no(Cka.TOKEN);
  }

  /** A transport key where it arrives: it unwraps. */
  static Template receivedTransportKey() {
    return receivedWrappingKey(WrapPolicy.OPEN).with(Cka.WRAP, false).no(Cka.TOKEN);
  }

  /** The private half of a receiver: it unwraps, once, and does nothing else. */
  static Template receiver() {
    return Template.of(Cko.PRIVATE_KEY, Ckk.RSA)
        .yes(Cka.PRIVATE, Cka.SENSITIVE, Cka.UNWRAP)
        .no(Cka.TOKEN, Cka.EXTRACTABLE, Cka.SIGN, Cka.DECRYPT, Cka.DERIVE);
  }

  /** The public half of a receiver where it is made. */
  static Template receiverPublicKey(int bits) {
    return Template.of(Cko.PUBLIC_KEY, Ckk.RSA)
        .yes(Cka.WRAP)
        .no(Cka.TOKEN, Cka.PRIVATE, Cka.ENCRYPT, Cka.VERIFY)
        .ulong(Cka.MODULUS_BITS, bits)
        .bytes(Cka.PUBLIC_EXPONENT, F4);
  }

  /** The public key of a receiver elsewhere. */
  static Template receiverElsewhere(RSAPublicKey key) {
    return Template.of(Cko.PUBLIC_KEY, Ckk.RSA)
        .yes(Cka.WRAP)
        .no(Cka.TOKEN, Cka.PRIVATE, Cka.ENCRYPT, Cka.VERIFY)
        .bytes(Cka.MODULUS, unsigned(key.getModulus()))
        .bytes(Cka.PUBLIC_EXPONENT, unsigned(key.getPublicExponent()));
  }

  private static byte[] unsigned(BigInteger number) {
    byte[] bytes = number.toByteArray();
    return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
  }

  /** A secret for HMAC that stays in the token. */
  static Template derivingKey() {
    return secret(false).ulong(Cka.VALUE_LEN, 32);
  }

  /** The private half of a key pair that signs and stays in the token. */
  static Template signingKey() {
    return privateKey(BackingKeySpec.EC_P256, false);
  }

  static Template publicKey(BackingKeySpec spec) {
    Template key =
        Template.EMPTY
            .ulong(Cka.CLASS, Cko.PUBLIC_KEY)
            .ulong(Cka.KEY_TYPE, keyType(spec))
            .flag(Cka.VERIFY, spec.type() != BackingKeySpec.Type.AGREEMENT)
            // NSS tries a new pair: it refuses a pair of which one half decrypts, none encrypts.
            .flag(Cka.ENCRYPT, spec.type() == BackingKeySpec.Type.RSA)
            .no(Cka.PRIVATE, Cka.WRAP);
    return spec.type() == BackingKeySpec.Type.RSA
        ? key.ulong(Cka.MODULUS_BITS, spec.bits()).bytes(Cka.PUBLIC_EXPONENT, F4)
        : key.bytes(Cka.EC_PARAMS, Der.curve(spec));
  }

  /** A key that is made in order to be wrapped. */
  static Template toBeWrapped(BackingKeySpec spec) {
    return spec.isSecret()
        ? secret(true).ulong(Cka.VALUE_LEN, spec.bits() / 8).no(Cka.TOKEN)
        : privateKey(spec, true).no(Cka.TOKEN);
  }

  /** A backing key that is opened; never leaves the token again. */
  static Template unwrapped(BackingKeySpec spec, boolean isNss) {
    Template key = (spec.isSecret() ? secret(false) : privateKey(spec, false)).no(Cka.TOKEN);
    boolean needsPublicValue = isNss && keyType(spec) == Ckk.EC;
    return needsPublicValue ? key.bytes(NSS_PUBLIC_VALUE, new byte[] {0}) : key;
  }

  /** A backing key that is opened only to be wrapped under another version. */
  static Template unwrappedToBeWrapped(BackingKeySpec spec, boolean isNss) {
    Template key = (spec.isSecret() ? secret(true) : privateKey(spec, true)).no(Cka.TOKEN);
    return isNss && keyType(spec) == Ckk.EC ? key.bytes(NSS_PUBLIC_VALUE, new byte[] {0}) : key;
  }

  /** A secret that is opened although it could be wrapped again: what strict keys must refuse. */
  static Template unwrappedExtractable() {
    return secret(true).no(Cka.TOKEN);
  }

  static long keyType(BackingKeySpec spec) {
    return switch (spec.type()) {
      case SECRET -> Ckk.GENERIC_SECRET;
      case RSA -> Ckk.RSA;
      case EC, AGREEMENT -> Ckk.EC;
      case EDWARDS -> Ckk.EC_EDWARDS;
    };
  }

  private static Template secret(boolean extractable) {
    return Template.of(Cko.SECRET_KEY, Ckk.GENERIC_SECRET)
        .yes(Cka.PRIVATE, Cka.SENSITIVE, Cka.SIGN)
        .flag(Cka.EXTRACTABLE, extractable)
        .no(Cka.ENCRYPT, Cka.DECRYPT, Cka.VERIFY, Cka.WRAP, Cka.UNWRAP, Cka.DERIVE);
  }

  private static Template privateKey(BackingKeySpec spec, boolean extractable) {
    boolean agrees = spec.type() == BackingKeySpec.Type.AGREEMENT;
    return Template.of(Cko.PRIVATE_KEY, keyType(spec))
        .yes(Cka.PRIVATE, Cka.SENSITIVE)
        .flag(Cka.SIGN, !agrees)
        .flag(Cka.DERIVE, agrees)
        .flag(Cka.DECRYPT, spec.type() == BackingKeySpec.Type.RSA)
        .flag(Cka.EXTRACTABLE, extractable)
        .no(Cka.UNWRAP);
  }

  /** A secret that two keys agree on: it exists in order to be read, and then goes. */
  static Template agreedSecret(BackingKeySpec spec) {
    return Template.of(Cko.SECRET_KEY, Ckk.GENERIC_SECRET)
        .ulong(Cka.VALUE_LEN, (spec.bits() + 7) / 8)
        .yes(Cka.EXTRACTABLE)
        .no(Cka.TOKEN, Cka.SENSITIVE);
  }
}
