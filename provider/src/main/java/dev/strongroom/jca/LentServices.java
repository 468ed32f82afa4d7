// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import java.security.AlgorithmParameters;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Services of other providers that we hand out as they are, because libraries ask us for them.
 *
 * <p>A library that was told to use one provider for a key asks that provider for what belongs
 * around the key, too: Bouncy Castle and Apache Santuario for the hash of the message, Nimbus and
 * Bouncy Castle for RSA-OAEP's parameters. There is no key in these. What is handed out is the
 * service object of whom the JVM would choose without us, which names its own provider: so who asks
 * without naming one gets what he got before, wherever we stand.
 */
final class LentServices {
  /** The standard name of each hash, by the names that are asked for. */
  private static final Map<String, String> DIGESTS = digests();

  private static final String OAEP = "OAEP";
  private static final String OAEP_OID = "1.2.840.113549.1.1.7";

  /** Set while this thread asks the JVM, which asks us, too: then we have nothing. */
  private static final ThreadLocal<Boolean> ASKING = new ThreadLocal<>();

  private LentServices() {}

  /** Joins strings as {@link Services} does, and for its reason. */
  private static Map<String, String> digests() {
    Map<String, String> names = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    names.put("SHA", "SHA-1");
    names.put("SHA1", "SHA-1");
    names.put("SHA-1", "SHA-1");
    for (String bits : new String[] {"224", "256", "384", "512"}) {
      String name = "SHA-".concat(bits);
      names.put("SHA".concat(bits), name);
      names.put(name, name);
      names.put("SHA3-".concat(bits), "SHA3-".concat(bits));
    }
    return names;
  }

  /**
   * Returns the service; null where we hand out none.
   *
   * <p>Called for every look-up in the JVM when we stand first: must stay cheap.
   */
  static Provider.@Nullable Service find(String type, String algorithm) {
    String name =
        switch (type) {
          case "MessageDigest" -> DIGESTS.get(algorithm);
          case "AlgorithmParameters" -> isOaep(algorithm) ? OAEP : null;
          default -> null;
        };
    return name == null || ASKING.get() != null ? null : lent(type, name);
  }

  private static boolean isOaep(String name) {
    return name.equalsIgnoreCase(OAEP) || name.equals(OAEP_OID) || name.equals("OID." + OAEP_OID);
  }

  private static Provider.@Nullable Service lent(String type, String algorithm) {
    ASKING.set(true);
    try {
      return chosen(type, algorithm).getService(type, algorithm);
    } catch (NoSuchAlgorithmException e) {
      return null; // Nobody has it: the caller hears that from the JVM, as without us.
    } finally {
      ASKING.remove();
    }
  }

  private static Provider chosen(String type, String algorithm) throws NoSuchAlgorithmException {
    return type.equals("MessageDigest")
        ? MessageDigest.getInstance(algorithm).getProvider()
        : AlgorithmParameters.getInstance(algorithm).getProvider();
  }
}
