// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope;

import dev.strongroom.kms.EncryptionContext;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps apart what callers put into a message's encryption context and what the format does: names
 * that begin with {@code aws-crypto-} are the format's.
 */
public final class MessageContext {
  private static final String RESERVED_PREFIX = "aws-crypto-";

  /** Holds the public key of a signed message: Base64 of the compressed point. */
  static final String PUBLIC_KEY = RESERVED_PREFIX + "public-key";

  private MessageContext() {}

  /** Returns the pairs of a message's context that its writer's caller gave. */
  public static EncryptionContext withoutReserved(EncryptionContext context) {
    Map<String, String> pairs = new LinkedHashMap<>(context.pairs());
    pairs.keySet().removeIf(MessageContext::isReserved);
    return EncryptionContext.of(pairs);
  }

  /** Refuses pairs that are the format's, or that a stock AWS Encryption SDK would not read. */
  static void requireWritable(EncryptionContext context) {
    context.pairs().forEach(MessageContext::requireWritable);
  }

  private static void requireWritable(String name, String value) {
    if (isReserved(name)) {
      throw new IllegalArgumentException(
          "The encryption context has a pair named \""
              + name
              + "\". Names that begin with \"aws-crypto-\" belong to the message format; take"
              + " another.");
    }
    if (value.isEmpty()) {
      throw new IllegalArgumentException(
          "The pair \""
              + name
              + "\" of the encryption context has an empty value, which the AWS Encryption SDK"
              + " can't read. Give it a value or leave it out.");
    }
  }

  static EncryptionContext withPublicKey(EncryptionContext context, String publicKey) {
    Map<String, String> pairs = new LinkedHashMap<>(context.pairs());
    pairs.put(PUBLIC_KEY, publicKey);
    return EncryptionContext.of(pairs);
  }

  private static boolean isReserved(String name) {
    return name.startsWith(RESERVED_PREFIX);
  }
}
