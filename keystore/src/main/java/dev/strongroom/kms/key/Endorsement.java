// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key;

import dev.strongroom.kms.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;

/**
 * By which one version of a domain key vouches for the signing key of the next, so that whoever
 * trusts the old public key can tell the new one: an ECDSA signature, SHA-256, over a text of four
 * lines, each ended by a newline.
 *
 * <pre>
 * strongroom/1/domain-key
 * &lt;domain id&gt;
 * &lt;version before&gt; &lt;version&gt;
 * &lt;public key of the version, SubjectPublicKeyInfo in base64&gt;
 * </pre>
 */
public final class Endorsement {
  private Endorsement() {}

  /** Returns the text that is signed. */
  public static String text(UUID domainId, int before, int version, byte[] publicKey) {
    return "strongroom/1/domain-key\n"
        + domainId
        + "\n"
        + before
        + " "
        + version
        + "\n"
        + Base64.getEncoder().encodeToString(publicKey)
        + "\n";
  }

  static byte[] hash(UUID domainId, int before, int version, byte[] publicKey) {
    return Sha256.of(text(domainId, before, version, publicKey).getBytes(StandardCharsets.UTF_8));
  }
}
