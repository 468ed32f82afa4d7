// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key.backing;

import dev.strongroom.hsm.DomainKey;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.Sha256;
import dev.strongroom.kms.key.Derivation.Label;
import dev.strongroom.kms.key.DomainKeyring;
import dev.strongroom.kms.key.DomainRecord;
import dev.strongroom.kms.key.KeyMaterial;
import dev.strongroom.kms.key.KeyToken;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes and opens key tokens under a domain key.
 *
 * <p>Level SOFTWARE seals with AES-256-GCM under a key that is derived for this one token: the salt
 * is fresh for every sealing and goes into the derivation, so no key seals twice, and an IV of zero
 * is safe (SP 800-38D §8: the pair of key and IV never repeats).
 */
final class TokenSealer {
  private static final int TAG_BITS = 128;
  private static final byte[] ZERO_IV = new byte[12];

  private final DomainKeyring domain;
  private final SecureRandom random;

  TokenSealer(DomainKeyring domain, SecureRandom random) {
    this.domain = domain;
    this.random = random;
  }

  DomainKey activeKey() {
    return domain.version(domain.activeVersion());
  }

  DomainKey key(int version) {
    return domain.version(version);
  }

  /** Returns whether tokens of all versions are under the same wrap policy. */
  boolean isOfOnePolicy() {
    return domain.record().versions().stream()
            .map(DomainRecord.Version::wrapPolicy)
            .distinct()
            .count()
        == 1;
  }

  /** Returns the token of a body that the HSM has wrapped. */
  byte[] bind(TokenBinding binding, byte[] wrapped) {
    byte[] salt = newSalt();
    return token(binding, salt, wrapped);
  }

  /** Returns the token of key material, which is left intact. */
  byte[] seal(TokenBinding binding, KeyMaterial material) {
    byte[] salt = newSalt();
    int version = domain.activeVersion();
    byte[] aad = binding.encode(domain.record(), version, salt).toBytes();
    byte[] body = material.use(bytes -> crypt(Cipher.ENCRYPT_MODE, version, aad, bytes));
    return token(binding, salt, body);
  }

  /** Returns the key material of a token that {@link #check} gave. */
  KeyMaterial unseal(TokenBinding binding, KeyToken token) {
    byte[] aad = binding.encode(domain.record(), token.domainVersion(), token.salt()).toBytes();
    return KeyMaterial.owning(crypt(Cipher.DECRYPT_MODE, token.domainVersion(), aad, token.body()));
  }

  /**
   * Reads a token and checks its MAC, before anything is unwrapped.
   *
   * @throws dev.strongroom.kms.KmsException.StoreTampered if it was not made for {@code binding}
   */
  KeyToken check(TokenBinding binding, byte[] encoded) {
    KeyToken token = KeyToken.decode(encoded);
    byte[] expected = mac(binding, token.domainVersion(), token.salt(), token.body());
    if (token.level() != binding.level() || !MessageDigest.isEqual(expected, token.mac())) {
      throw KeyToken.tampered();
    }
    return token;
  }

  private byte[] token(TokenBinding binding, byte[] salt, byte[] body) {
    int version = domain.activeVersion();
    ProtectionLevel level = binding.level();
    return new KeyToken(level, version, salt, body, mac(binding, version, salt, body)).encode();
  }

  private byte[] mac(TokenBinding binding, int version, byte[] salt, byte[] body) {
    byte[] hash = binding.encode(domain.record(), version, salt).add(body).sha256();
    return domain.derive(version, Label.TOKEN, hash);
  }

  private byte[] crypt(int mode, int version, byte[] aad, byte[] input) {
    byte[] key = domain.derive(version, Label.SEAL, Sha256.of(aad));
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", "SunJCE");
      cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, ZERO_IV));
      cipher.updateAAD(aad);
      return cipher.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw KeyToken.tampered();
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private byte[] newSalt() {
    byte[] salt = new byte[KeyToken.SALT_BYTES];
    random.nextBytes(salt);
    return salt;
  }
}
