// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.iam;

import dev.strongroom.kms.CanonicalEncoding;
import dev.strongroom.kms.Sha256;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.UnaryOperator;

/**
 * How ids and secrets of access keys are drawn, and what the store keeps in place of a secret:
 *
 * <p>{@code verifier = F(SHA-256(enc("access-key", access key id, SHA-256(secret in UTF-8))))}, 32
 * bytes, where {@code F} is a MAC under the domain key and {@code enc} is {@link
 * CanonicalEncoding}. A secret has 256 random bits, so that nothing need make guessing slow; and
 * without the HSM nobody can test a guess at all.
 *
 * <p>Thread-safe if the function and the generator are.
 */
public final class AccessKeySecrets {
  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int ID_CHARACTERS = 16;
  private static final int SECRET_BYTES = 32;
  private static final int MAX_UTF8_BYTES_PER_CHAR = 3;

  private final UnaryOperator<byte[]> mac;
  private final SecureRandom random;

  /**
   * @param mac gives 32 bytes for 32 bytes, under a key that stays in the HSM
   */
  public AccessKeySecrets(UnaryOperator<byte[]> mac, SecureRandom random) {
    this.mac = mac;
    this.random = random;
  }

  /** Returns {@code prefix} and 16 characters with 80 random bits. */
  String newId(String prefix) {
    byte[] draw = new byte[ID_CHARACTERS];
    random.nextBytes(draw);
    StringBuilder id = new StringBuilder(prefix);
    for (byte b : draw) {
      id.append(BASE32.charAt(b & 31));
    }
    return id.toString();
  }

  /** Returns 43 characters of base64url with 256 random bits, which belong to the receiver. */
  char[] newSecret() {
    byte[] draw = new byte[SECRET_BYTES];
    random.nextBytes(draw);
    byte[] text = Base64.getUrlEncoder().withoutPadding().encode(draw);
    char[] secret = new char[text.length];
    for (int i = 0; i < text.length; i++) {
      secret[i] = (char) text[i];
    }
    Arrays.fill(draw, (byte) 0);
    Arrays.fill(text, (byte) 0);
    return secret;
  }

  /** Returns the 32 bytes that stand for the secret; {@code secret} is left intact. */
  byte[] verifier(String accessKeyId, char[] secret) {
    byte[] text = new byte[MAX_UTF8_BYTES_PER_CHAR * secret.length];
    try {
      ByteBuffer encoded = ByteBuffer.wrap(text);
      CharsetEncoder utf8 =
          StandardCharsets.UTF_8.newEncoder().onMalformedInput(CodingErrorAction.REPLACE);
      utf8.encode(CharBuffer.wrap(secret), encoded, true);
      MessageDigest sha256 = Sha256.begin();
      sha256.update(text, 0, encoded.position());
      return mac.apply(
          new CanonicalEncoding().add("access-key").add(accessKeyId).add(sha256.digest()).sha256());
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }
}
