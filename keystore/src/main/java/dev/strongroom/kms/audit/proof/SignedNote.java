// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.proof;

import dev.strongroom.kms.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with a signature under it, in C2SP's signed-note form, signature type 02: ECDSA over the
 * SHA-256 of the text, in DER. The key is named by the first four bytes of the SHA-256 of its
 * SubjectPublicKeyInfo.
 *
 * <pre>
 * text, which ends with a newline
 * (empty line)
 * — key name base64(key id 4 | signature)
 * </pre>
 *
 * @param text without the empty line; ends with a newline
 * @param keyName without spaces and plus signs
 * @param signature base64 of the key's id and the signature
 */
public record SignedNote(String text, String keyName, String signature) {

  private static final int KEY_ID_BYTES = 4;
  private static final String SIGNATURE_LINE = "\u2014 ";
  private static final int MOST_CHARS = 16_384;
  private static final Pattern NOTE =
      Pattern.compile("((?s:.*)\\n)\\n" + SIGNATURE_LINE + "([^ +\\n]+) ([A-Za-z0-9+/]+={0,2})\\n");

  public SignedNote {
    if (!text.endsWith("\n")) {
      throw new IllegalArgumentException("The text of a note ends with a newline");
    }
  }

  /**
   * Returns a note.
   *
   * @param key the public half of the key that signed
   * @param signature DER, over the SHA-256 of the text
   */
  public static SignedNote of(String text, String keyName, PublicKey key, byte[] signature) {
    byte[] bytes = Arrays.copyOf(keyIdOf(key), KEY_ID_BYTES + signature.length);
    System.arraycopy(signature, 0, bytes, KEY_ID_BYTES, signature.length);
    return new SignedNote(text, keyName, Base64.getEncoder().encodeToString(bytes));
  }

  /** Returns the four bytes that name a key. */
  private static byte[] keyIdOf(PublicKey key) {
    return Arrays.copyOf(Sha256.of(key.getEncoded()), KEY_ID_BYTES);
  }

  /**
   * Reads a note with one signature; empty if it is none.
   *
   * @param note at most 16,384 characters
   */
  public static Optional<SignedNote> parse(String note) {
    Matcher matcher = NOTE.matcher(note);
    if (note.length() > MOST_CHARS || !matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(new SignedNote(matcher.group(1), matcher.group(2), matcher.group(3)));
  }

  /** Returns whether the signature under the text is that of a key. */
  public boolean isSignedBy(PublicKey key) {
    try {
      byte[] bytes = Base64.getDecoder().decode(signature);
      boolean isCanonical = Base64.getEncoder().encodeToString(bytes).equals(signature);
      if (!isCanonical
          || !MessageDigest.isEqual(Arrays.copyOf(bytes, KEY_ID_BYTES), keyIdOf(key))) {
        return false;
      }
      Signature verifier = Signature.getInstance("SHA256withECDSA", "SunEC");
      verifier.initVerify(key);
      verifier.update(text.getBytes(StandardCharsets.UTF_8));
      return verifier.verify(bytes, KEY_ID_BYTES, bytes.length - KEY_ID_BYTES);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  /** Returns the SHA-256 of the whole note, in base64: what the next checkpoint names. */
  public String hash() {
    byte[] bytes = toString().getBytes(StandardCharsets.UTF_8);
    return Base64.getEncoder().encodeToString(Sha256.of(bytes));
  }

  /** Returns the whole note. */
  @Override
  public String toString() {
    return text + "\n" + SIGNATURE_LINE + keyName + " " + signature + "\n";
  }
}
