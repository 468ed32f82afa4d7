// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * A hash under the name of its function: what RSASSA-PKCS1-v1_5 signs, and what callers of {@code
 * NONEwithRSA} make themselves. {@code SEQUENCE { SEQUENCE { OID, NULL }, OCTET STRING }} in DER
 * (RFC 8017 §9.2 note 1).
 */
public final class DigestInfo {
  // spotless:off
  /** What stands before the hash, by the standard name of its function. */
  private static final Map<String, String> PREFIXES =
      Map.ofEntries(
          Map.entry("SHA-1",       "3021300906052b0e03021a05000414"),
          Map.entry("SHA-224",     "302d300d06096086480165030402040500041c"),
          Map.entry("SHA-256",     "3031300d060960864801650304020105000420"),
          Map.entry("SHA-384",     "3041300d060960864801650304020205000430"),
          Map.entry("SHA-512",     "3051300d060960864801650304020305000440"),
          Map.entry("SHA-512/224", "302d300d06096086480165030402050500041c"),
          Map.entry("SHA-512/256", "3031300d060960864801650304020605000420"),
          Map.entry("SHA3-224",    "302d300d06096086480165030402070500041c"),
          Map.entry("SHA3-256",    "3031300d060960864801650304020805000420"),
          Map.entry("SHA3-384",    "3041300d060960864801650304020905000430"),
          Map.entry("SHA3-512",    "3051300d060960864801650304020a05000440"));
  // spotless:on

  /** The longest DigestInfo in bytes: that of a hash of 64. */
  public static final int MAX_BYTES = 19 + 64;

  private final String hash;
  private final byte[] digest;

  private DigestInfo(String hash, byte[] digest) {
    this.hash = hash;
    this.digest = digest;
  }

  /**
   * Returns the DER of a hash.
   *
   * @param hash a standard name such as {@code SHA-256}
   * @param digest as long as that function's hashes; left intact
   */
  public static byte[] encode(String hash, byte[] digest) {
    byte[] prefix = prefix(hash);
    byte[] encoded = Arrays.copyOf(prefix, prefix.length + digest.length);
    System.arraycopy(digest, 0, encoded, prefix.length, digest.length);
    return encoded;
  }

  /**
   * Reads a DigestInfo; empty unless it is exactly what {@link #encode} makes of some hash, so that
   * what is signed is what was asked for.
   *
   * @param der left intact
   */
  public static Optional<DigestInfo> parse(byte[] der) {
    for (String hash : PREFIXES.keySet()) {
      byte[] prefix = prefix(hash);
      // The last byte of a prefix is the length of the hash.
      if (der.length == prefix.length + prefix[prefix.length - 1]
          && Arrays.equals(der, 0, prefix.length, prefix, 0, prefix.length)) {
        return Optional.of(
            new DigestInfo(hash, Arrays.copyOfRange(der, prefix.length, der.length)));
      }
    }
    return Optional.empty();
  }

  private static byte[] prefix(String hash) {
    String prefix = PREFIXES.get(hash);
    if (prefix == null) {
      throw new IllegalArgumentException("No DigestInfo is known for " + hash);
    }
    return HexFormat.of().parseHex(prefix);
  }

  /** Returns the standard name of the hash function. */
  public String hash() {
    return hash;
  }

  /** Returns a copy of the hash. */
  public byte[] digest() {
    return digest.clone();
  }
}
