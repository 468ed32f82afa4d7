// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import java.security.Provider;
import java.security.Security;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Services of the JDK that we hand out as they are, because libraries ask for them.
 *
 * <p>A library that was told to use one provider for a key asks that provider for what belongs
 * around the key, too: Bouncy Castle and Apache Santuario for the hash of the message, Nimbus and
 * Bouncy Castle for RSA-OAEP's parameters. There is no key in these. What is handed out is the
 * JDK's own service object, which names the JDK's provider: who asks without naming a provider gets
 * what the JVM would give without us, at every position of ours.
 */
final class JdkServices {
  /** The JDK's name of each hash, by the names that are asked for. */
  private static final Map<String, String> DIGESTS = digests();

  private static final String OAEP = "OAEP";
  private static final String OAEP_OID = "1.2.840.113549.1.1.7";

  private JdkServices() {}

  private static Map<String, String> digests() {
    Map<String, String> names = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    names.put("SHA", "SHA-1");
    names.put("SHA1", "SHA-1");
    names.put("SHA-1", "SHA-1");
    for (String bits : new String[] {"224", "256", "384", "512"}) {
      names.put("SHA" + bits, "SHA-" + bits);
      names.put("SHA-" + bits, "SHA-" + bits);
      names.put("SHA3-" + bits, "SHA3-" + bits);
    }
    return names;
  }

  /**
   * Returns the JDK's service; null where we hand out none.
   *
   * <p>Called for every look-up in the JVM when we stand first: must stay cheap.
   */
  static Provider.@Nullable Service find(String type, String algorithm) {
    return switch (type) {
      case "MessageDigest" -> of("SUN", type, DIGESTS.get(algorithm));
      case "AlgorithmParameters" -> isOaep(algorithm) ? of("SunJCE", type, OAEP) : null;
      default -> null;
    };
  }

  private static boolean isOaep(String name) {
    return name.equalsIgnoreCase(OAEP) || name.equals(OAEP_OID) || name.equals("OID." + OAEP_OID);
  }

  private static Provider.@Nullable Service of(
      String owner, String type, @Nullable String algorithm) {
    if (algorithm == null) {
      return null;
    }
    Provider jdk = Security.getProvider(owner);
    return jdk == null ? null : jdk.getService(type, algorithm);
  }
}
