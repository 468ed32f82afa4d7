// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.iam;

import dev.strongroom.kms.CanonicalEncoding;
import dev.strongroom.kms.RoleSession;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Session tokens: all that is known of a session, so that nothing of it is stored. A token has
 * authentic contents, which are no secret, and is of no use without the secret of its access key.
 *
 * <table>
 * <caption>Layout before base64url, integers big-endian</caption>
 * <tr><th>length</th><th>field</th></tr>
 * <tr><td>1</td><td>1, the version</td></tr>
 * <tr><td>8</td><td>when the role was assumed, seconds since 1970</td></tr>
 * <tr><td>8</td><td>from when on it is good no longer, likewise</td></tr>
 * <tr><td>32</td><td>verifier of the secret, as {@link AccessKeySecrets} makes it</td></tr>
 * <tr><td>2 + n each</td><td>UTF-8 texts, each after its length: access key id, account, role, id
 * of the role, name of the session, session policy (no bytes for none)</td></tr>
 * <tr><td>1</td><td>number of the ARNs that follow, as texts: managed policies as session
 * policies</td></tr>
 * <tr><td>32</td><td>mac: {@code F(kdf, strongroom/1/session-token, SHA-256(enc(all before)))}</td>
 * </tr>
 * </table>
 *
 * <p>Thread-safe if the function is.
 */
public final class SessionTokens {
  private static final byte VERSION = 1;
  private static final int HASH_BYTES = 32;
  private static final int MAX_BYTES = 16_384;

  private final UnaryOperator<byte[]> mac;

  /** What an authentic token says: a session, and the access key that it belongs to. */
  static final class Contents {
    private final String accessKeyId;
    private final byte[] verifier;
    private final RoleSession session;

    /** Takes ownership of {@code verifier}, 32 bytes. */
    Contents(String accessKeyId, byte[] verifier, RoleSession session) {
      this.accessKeyId = accessKeyId;
      this.verifier = verifier;
      this.session = session;
    }

    String accessKeyId() {
      return accessKeyId;
    }

    byte[] verifier() {
      return verifier.clone();
    }

    RoleSession session() {
      return session;
    }
  }

  /**
   * @param mac gives 32 bytes for 32 bytes, under a key that stays in the HSM
   */
  public SessionTokens(UnaryOperator<byte[]> mac) {
    this.mac = mac;
  }

  String issue(Contents contents) {
    RoleSession session = contents.session();
    ByteBuffer token =
        ByteBuffer.allocate(MAX_BYTES)
            .put(VERSION)
            .putLong(session.issued().getEpochSecond())
            .putLong(session.expires().getEpochSecond())
            .put(contents.verifier());
    for (String text :
        List.of(
            contents.accessKeyId(),
            session.account(),
            session.role(),
            session.roleId(),
            session.name(),
            session.policy().orElse(""))) {
      put(token, text);
    }
    token.put((byte) session.policyArns().size());
    session.policyArns().forEach(arn -> put(token, arn));
    byte[] body = Arrays.copyOf(token.array(), token.position());
    byte[] whole = Arrays.copyOf(body, body.length + HASH_BYTES);
    System.arraycopy(mac(body), 0, whole, body.length, HASH_BYTES);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
  }

  private static void put(ByteBuffer token, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    token.putShort((short) utf8.length).put(utf8);
  }

  private byte[] mac(byte[] body) {
    return mac.apply(new CanonicalEncoding().add(body).sha256());
  }

  /** Returns what a token says; empty if this KMS did not make it so, whatever is wrong with it. */
  Optional<Contents> read(String token) {
    byte[] whole = decoded(token);
    if (whole.length <= HASH_BYTES) {
      return Optional.empty();
    }
    byte[] body = Arrays.copyOf(whole, whole.length - HASH_BYTES);
    byte[] claimed = Arrays.copyOfRange(whole, body.length, whole.length);
    if (!MessageDigest.isEqual(claimed, mac(body)) || body[0] != VERSION) {
      return Optional.empty();
    }
    try {
      return Optional.of(contents(ByteBuffer.wrap(body, 1, body.length - 1)));
    } catch (BufferUnderflowException e) {
      return Optional.empty();
    }
  }

  /** Returns no bytes for a text that is not exactly what {@link #issue} writes. */
  private static byte[] decoded(String token) {
    if (token.length() > 2 * MAX_BYTES) {
      return new byte[0];
    }
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(token);
      String again = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
      return again.equals(token) ? bytes : new byte[0];
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private static Contents contents(ByteBuffer body) {
    Instant issued = Instant.ofEpochSecond(body.getLong());
    Instant expires = Instant.ofEpochSecond(body.getLong());
    byte[] verifier = new byte[HASH_BYTES];
    body.get(verifier);
    String accessKeyId = text(body);
    String account = text(body);
    String role = text(body);
    String roleId = text(body);
    String name = text(body);
    String policy = text(body);
    List<String> arns = new ArrayList<>();
    for (int left = body.get(); left > 0; left--) {
      arns.add(text(body));
    }
    return new Contents(
        accessKeyId,
        verifier,
        new RoleSession(
            account,
            role,
            roleId,
            name,
            issued,
            expires,
            policy.isEmpty() ? Optional.empty() : Optional.of(policy),
            arns));
  }

  private static String text(ByteBuffer body) {
    byte[] utf8 = new byte[Short.toUnsignedInt(body.getShort())];
    body.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
