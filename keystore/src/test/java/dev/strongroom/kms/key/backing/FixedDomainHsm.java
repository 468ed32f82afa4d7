// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key.backing;

import dev.strongroom.hsm.BackingKey;
import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.DomainKey;
import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.HashAlgorithm;
import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.HsmInfo;
import dev.strongroom.hsm.SignatureScheme;
import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.hsm.WrappedKey;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A domain key whose deriving key is known, for vectors: wrapping is the identity. */
record FixedDomainHsm(DomainKeyId id, String kdfHex) implements Hsm, DomainKey {

  static byte[] hmac(byte[] key, byte[] data) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256", "SunJCE");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(data);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public byte[] hmac(byte[] data) {
    return hmac(HexFormat.of().parseHex(kdfHex), data);
  }

  @Override
  public HsmInfo info() {
    return new HsmInfo(
        false, "", "", "", "", "", Set.of(), Set.of(WrapPolicy.OPEN), Set.of(), List.of());
  }

  @Override
  public DomainKey createDomainKey(DomainKeyId newId, WrapPolicy policy) {
    return this;
  }

  @Override
  public Optional<DomainKey> findDomainKey(DomainKeyId wanted) {
    return Optional.of(this);
  }

  @Override
  public void destroyDomainKey(DomainKeyId gone) {}

  @Override
  public byte[] random(int length) {
    return new byte[length];
  }

  @Override
  public WrapPolicy wrapPolicy() {
    return WrapPolicy.OPEN;
  }

  @Override
  public byte[] sign(byte[] hash) {
    return hash.clone();
  }

  @Override
  public byte[] publicKey() {
    return new byte[] {1};
  }

  @Override
  public WrappedKey generate(BackingKeySpec spec) {
    return new WrappedKey(new byte[spec.bits() / 8], new byte[0]);
  }

  @Override
  public BackingKey unwrap(BackingKeySpec spec, byte[] body) {
    return new Unwrapped(spec, HexFormat.of().formatHex(body));
  }

  @Override
  public byte[] rewrap(BackingKeySpec spec, byte[] body, DomainKey target) {
    return body.clone();
  }

  /** A secret that is its own wrapping. */
  private record Unwrapped(BackingKeySpec spec, String secretHex) implements BackingKey {

    @Override
    public byte[] hmac(HashAlgorithm hash, byte[] data) {
      return FixedDomainHsm.hmac(HexFormat.of().parseHex(secretHex), data);
    }

    @Override
    public byte[] sign(SignatureScheme scheme, byte[] input) {
      throw new UnsupportedOperationException();
    }

    @Override
    public byte[] decryptOaep(HashAlgorithm hash, HashAlgorithm mgfHash, byte[] ciphertext) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  @Override
  public void close() {}
}
