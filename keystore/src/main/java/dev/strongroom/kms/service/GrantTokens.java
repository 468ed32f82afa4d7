// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.CanonicalEncoding;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.authz.grant.Grant;
import dev.strongroom.kms.key.Derivation.Label;
import dev.strongroom.kms.key.DomainKeyring;
import dev.strongroom.kms.key.DomainRecord;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Grant tokens: what CreateGrant gives, so that the grant is known at once wherever the token is
 * presented. A token is no secret and gives no right by itself.
 *
 * <table>
 * <caption>Layout before base64: 101 bytes, big-endian</caption>
 * <tr><th>offset</th><th>length</th><th>field</th></tr>
 * <tr><td>0</td><td>1</td><td>1, the version</td></tr>
 * <tr><td>1</td><td>4</td><td>version of the domain key</td></tr>
 * <tr><td>5</td><td>16</td><td>key id</td></tr>
 * <tr><td>21</td><td>32</td><td>grant id, whose text has 64 hexadecimal digits</td></tr>
 * <tr><td>53</td><td>8</td><td>when it was made, milliseconds since 1970</td></tr>
 * <tr><td>61</td><td>8</td><td>when the grant expires, likewise; the greatest number for never</td></tr>
 * <tr><td>69</td><td>32</td><td>mac: {@code F(kdf, strongroom/1/grant-token, SHA-256(enc(all before)))}
 * </td></tr>
 * </table>
 *
 * <p>Thread-safe. A token that was seen before costs no call of the HSM.
 */
final class GrantTokens {
  private static final byte VERSION = 1;
  private static final int GRANT_ID_BYTES = 32;
  private static final int MAC_AT = 69;
  private static final int BYTES = MAC_AT + 32;
  private static final int MAX_KNOWN = 1024;

  private final DomainKeyring domain;
  private final KeyCache keys;
  private final Clock clock;
  private final ConcurrentMap<String, Presented> known = new ConcurrentHashMap<>();

  /** What an authentic token stands for. */
  record Presented(KeyId key, String grantId, Instant expiry) {}

  GrantTokens(DomainKeyring domain, KeyCache keys, Clock clock) {
    this.domain = domain;
    this.keys = keys;
    this.clock = clock;
  }

  /** Returns a new token of a grant. */
  String issue(Grant grant) {
    int version = domain.activeVersion();
    ByteBuffer token =
        ByteBuffer.allocate(BYTES)
            .put(VERSION)
            .putInt(version)
            .put(grant.keyId().toBytes())
            .put(HexFormat.of().parseHex(grant.id()))
            .putLong(clock.millis())
            .putLong(grant.expiry().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE));
    token.put(mac(version, token.array()));
    return Base64.getEncoder().encodeToString(token.array());
  }

  private byte[] mac(int version, byte[] token) {
    byte[] hash = new CanonicalEncoding().add(Arrays.copyOf(token, MAC_AT)).sha256();
    return domain.derive(version, Label.GRANT_TOKEN, hash);
  }

  /**
   * Returns what a token stands for. Whether the grant is still there is not said.
   *
   * @throws KmsException.InvalidGrantToken if this KMS did not make it, or its grant has expired
   */
  Presented read(String token) {
    Presented presented = known.get(token);
    if (presented == null) {
      presented = verified(token);
      if (known.size() >= MAX_KNOWN) {
        known.clear();
      }
      known.put(token, presented);
    }
    if (!clock.instant().isBefore(presented.expiry())) {
      throw new KmsException.InvalidGrantToken();
    }
    return presented;
  }

  /**
   * Returns the key that a call has found, as new as the tokens that it presents.
   *
   * @throws KmsException.InvalidGrantToken if a token is not good, for another key or of a grant
   *     that ended; also where no key was found, so that tokens tell nothing about keys
   */
  Optional<LiveKey> admit(List<String> tokens, Optional<LiveKey> found) {
    Optional<LiveKey> current = found;
    for (String text : tokens) {
      Presented token = read(text);
      if (current.isEmpty() || !current.get().key().keyId().equals(token.key())) {
        throw new KmsException.InvalidGrantToken();
      }
      if (current.get().grants().find(token.grantId()) == null) {
        current = keys.findNow(token.key());
      }
      if (current.filter(key -> key.grants().find(token.grantId()) != null).isEmpty()) {
        throw new KmsException.InvalidGrantToken();
      }
    }
    return current;
  }

  /** Returns the tokens that are for that key, or those that are not. */
  List<String> about(KeyId key, boolean wanted, List<String> tokens) {
    return tokens.stream().filter(token -> read(token).key().equals(key) == wanted).toList();
  }

  private Presented verified(String token) {
    byte[] bytes = decoded(token);
    ByteBuffer fields = ByteBuffer.wrap(bytes);
    if (bytes.length != BYTES || fields.get() != VERSION) {
      throw new KmsException.InvalidGrantToken();
    }
    int version = fields.getInt();
    byte[] mac = Arrays.copyOfRange(bytes, MAC_AT, BYTES);
    boolean isOfThisDomain =
        domain.record().versions().stream()
            .map(DomainRecord.Version::number)
            .anyMatch(n -> n == version);
    if (!isOfThisDomain || !MessageDigest.isEqual(mac, mac(version, bytes))) {
      throw new KmsException.InvalidGrantToken();
    }
    KeyId key = KeyId.fromBytes(bytes, fields.position());
    byte[] grantId = new byte[GRANT_ID_BYTES];
    fields.position(fields.position() + KeyId.BYTES).get(grantId).getLong();
    return new Presented(
        key, HexFormat.of().formatHex(grantId), Instant.ofEpochMilli(fields.getLong()));
  }

  private static byte[] decoded(String token) {
    try {
      return token.length() > 2 * BYTES ? new byte[0] : Base64.getDecoder().decode(token);
    } catch (IllegalArgumentException e) {
      throw new KmsException.InvalidGrantToken();
    }
  }
}
