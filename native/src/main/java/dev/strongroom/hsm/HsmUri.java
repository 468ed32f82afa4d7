// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Which HSM holds the domain key: the setting {@code hsm}, parsed.
 *
 * <p>Three forms are understood. {@code embedded:PATH} names a PKCS#12 file; {@code PATH} is taken
 * literally up to a {@code ?}. {@code pkcs11:token=prod?module-path=/usr/lib/…&pin-source=file:…}
 * is a PKCS#11 URI (RFC 7512) with percent-decoding; attributes that this code doesn't know are
 * refused, because ignoring one could mean using another token than the one meant. Several such
 * URIs with blanks between them are a cluster.
 */
public sealed interface HsmUri {

  /**
   * Reads the setting.
   *
   * @throws IllegalArgumentException saying what is wrong and what would be right
   */
  static HsmUri parse(String text) {
    return HsmUriParser.parse(text);
  }

  /** Returns the tokens that a setting names: none, one or several. */
  static List<Pkcs11> tokens(HsmUri uri) {
    if (uri instanceof Cluster cluster) {
      return cluster.members();
    }
    return uri instanceof Pkcs11 token ? List.of(token) : List.of();
  }

  /**
   * The domain key in a PKCS#12 file.
   *
   * @param path of the file
   * @param pinSource where its passphrase comes from; empty for the generated one beside the file
   */
  record Embedded(Path path, Optional<SecretSource> pinSource) implements HsmUri {}

  /**
   * Several tokens that hold the same domain key: PKCS#11 URIs with blanks between them.
   *
   * @param members two or more, none twice
   */
  record Cluster(List<Pkcs11> members) implements HsmUri {
    public Cluster {
      members = List.copyOf(members);
    }
  }

  /**
   * A token behind a PKCS#11 module. Absent parts match every token.
   *
   * @param modulePath the shared library
   * @param token label of the token
   * @param initArgs {@code x-init-args}: the string for {@code pReserved} of C_Initialize, which
   *     NSS softokn needs
   * @param maxSessions {@code x-max-sessions}: how many sessions may be open at once, at least 4
   * @param callTimeout {@code x-call-timeout}: after how many seconds a call is given up, 1 to 600;
   *     empty for 15, or for never where the module is the token itself, as SoftHSM2
   */
  record Pkcs11(
      Path modulePath,
      Optional<String> token,
      Optional<String> manufacturer,
      Optional<String> model,
      Optional<String> serial,
      OptionalLong slotId,
      Optional<SecretSource> pinSource,
      Optional<String> initArgs,
      OptionalInt maxSessions,
      OptionalInt callTimeout)
      implements HsmUri {

    /** Returns the parts that choose a token, as a message shows them. */
    public String describe() {
      var chosen = new StringBuilder("pkcs11:");
      Map.of("token", token, "manufacturer", manufacturer, "model", model, "serial", serial)
          .entrySet()
          .stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(e -> e.getValue().ifPresent(v -> append(chosen, e.getKey(), v)));
      slotId.ifPresent(id -> append(chosen, "slot-id", Long.toString(id)));
      return chosen.toString();
    }

    private static void append(StringBuilder to, String name, String value) {
      to.append(to.charAt(to.length() - 1) == ':' ? "" : ";").append(name).append('=');
      to.append(value);
    }
  }
}
