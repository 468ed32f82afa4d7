// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@link HsmUri}: the grammar of RFC 7512 §2.3, less the parts that name single objects. */
final class HsmUriParser {
  private static final String EMBEDDED = "embedded:";
  private static final String PKCS11 = "pkcs11:";

  /** A blank is no part of a URI; in a path that has one, no PKCS#11 URI follows. */
  private static final Pattern BETWEEN_MEMBERS = Pattern.compile("\\s+(?=pkcs11:)");

  private static final Set<String> PATH_NAMES =
      Set.of("token", "manufacturer", "model", "serial", "slot-id");
  private static final Set<String> QUERY_NAMES =
      Set.of("module-path", "pin-source", "x-init-args", "x-max-sessions", "x-call-timeout");

  /** Known to RFC 7512 and not to us: what to write instead. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "pin-value", "A PIN does not belong in a setting; use pin-source=file:… or env:…",
          "module-name", "Use module-path with the full path of the library.",
          "object", "The KMS finds its own objects; name only the token.",
          "id", "The KMS finds its own objects; name only the token.",
          "type", "The KMS finds its own objects; name only the token.");

  private HsmUriParser() {}

  static HsmUri parse(String text) {
    if (text.startsWith(EMBEDDED)) {
      return embedded(text.substring(EMBEDDED.length()));
    }
    if (text.startsWith(PKCS11)) {
      String[] members = BETWEEN_MEMBERS.split(text);
      return members.length == 1
          ? pkcs11(text.substring(PKCS11.length()))
          : cluster(Arrays.asList(members));
    }
    throw new IllegalArgumentException(
        "Not an HSM: \""
            + text
            + "\". Write \"embedded:PATH\" or"
            + " \"pkcs11:token=LABEL?module-path=PATH&pin-source=file:PATH\".");
  }

  private static HsmUri embedded(String rest) {
    int mark = rest.indexOf('?');
    String path = mark < 0 ? rest : rest.substring(0, mark);
    var query = attributes(mark < 0 ? "" : rest.substring(mark + 1), "&", Set.of("pin-source"));
    if (path.isEmpty()) {
      throw new IllegalArgumentException(
          "\"embedded:\" lacks the path of the file, for example \"embedded:/var/kms/domain.p12\".");
    }
    return new HsmUri.Embedded(path("embedded:", path), pinSource(query));
  }

  private static HsmUri cluster(List<String> texts) {
    List<HsmUri.Pkcs11> members =
        texts.stream().map(text -> pkcs11(text.substring(PKCS11.length()))).toList();
    Set<String> names = new HashSet<>();
    for (HsmUri.Pkcs11 member : members) {
      if (!names.add(member.describe())) {
        throw new IllegalArgumentException(
            "Two members of the cluster are called \""
                + member.describe()
                + "\". Name each token once, by label or serial=….");
      }
    }
    return new HsmUri.Cluster(members);
  }

  private static HsmUri.Pkcs11 pkcs11(String rest) {
    int mark = rest.indexOf('?');
    var path = attributes(mark < 0 ? rest : rest.substring(0, mark), ";", PATH_NAMES);
    var query = attributes(mark < 0 ? "" : rest.substring(mark + 1), "&", QUERY_NAMES);
    String module = query.get("module-path");
    if (module == null) {
      throw new IllegalArgumentException(
          "The pkcs11 URI lacks the module; append \"?module-path=\" and the path of the vendor's"
              + " library.");
    }
    if (path.isEmpty()) {
      throw new IllegalArgumentException(
          "The pkcs11 URI names no token; write for example \"pkcs11:token=LABEL?…\".");
    }
    return new HsmUri.Pkcs11(
        path("module-path", module),
        Optional.ofNullable(path.get("token")),
        Optional.ofNullable(path.get("manufacturer")),
        Optional.ofNullable(path.get("model")),
        Optional.ofNullable(path.get("serial")),
        path.containsKey("slot-id")
            ? OptionalLong.of(number("slot-id", path.get("slot-id"), 0, Long.MAX_VALUE))
            : OptionalLong.empty(),
        pinSource(query),
        Optional.ofNullable(query.get("x-init-args")),
        number("x-max-sessions", query, 4, 4096),
        number("x-call-timeout", query, 1, 600));
  }

  private static OptionalInt number(String name, Map<String, String> query, int least, int most) {
    String value = query.get(name);
    return value == null
        ? OptionalInt.empty()
        : OptionalInt.of((int) number(name, value, least, most));
  }

  private static Map<String, String> attributes(String part, String separator, Set<String> known) {
    Map<String, String> found = new LinkedHashMap<>();
    if (part.isEmpty()) {
      return found;
    }
    for (String attribute : part.split(separator, -1)) {
      int equals = attribute.indexOf('=');
      String name = equals < 0 ? attribute : attribute.substring(0, equals);
      if (equals < 0 || !known.contains(name)) {
        throw new IllegalArgumentException(unknown(name, known));
      }
      if (found.put(name, decode(name, attribute.substring(equals + 1))) != null) {
        throw new IllegalArgumentException(
            "\"" + name + "\" is there twice in the setting hsm; write it once.");
      }
    }
    return found;
  }

  private static String unknown(String name, Set<String> known) {
    String instead = REFUSED.get(name);
    return instead != null
        ? "\"" + name + "\" is not accepted in the setting hsm. " + instead
        : "\""
            + name
            + "\" is not known here in the setting hsm. Known are: "
            + String.join(", ", known.stream().sorted().toList())
            + "; each followed by '='.";
  }

  private static String decode(String name, String value) {
    var bytes = ByteBuffer.allocate(3 * value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c != '%') {
        int whole = Character.isHighSurrogate(c) && i + 1 < value.length() ? 2 : 1;
        bytes.put(value.substring(i, i + whole).getBytes(StandardCharsets.UTF_8));
        i += whole - 1;
        continue;
      }
      int high = i + 2 < value.length() ? Character.digit(value.charAt(i + 1), 16) : -1;
      int low = i + 2 < value.length() ? Character.digit(value.charAt(i + 2), 16) : -1;
      if (high < 0 || low < 0) {
        throw malformed(name, value);
      }
      bytes.put((byte) (high << 4 | low));
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      throw malformed(name, value);
    }
  }

  private static IllegalArgumentException malformed(String name, String value) {
    return new IllegalArgumentException(
        "The value of \""
            + name
            + "\" is not percent-encoded UTF-8: \""
            + value
            + "\". Write % as %25, ; as %3B, & as %26, ? as %3F.");
  }

  private static Optional<SecretSource> pinSource(Map<String, String> query) {
    return Optional.ofNullable(query.get("pin-source")).map(SecretSource::parse);
  }

  private static Path path(String name, String value) {
    try {
      return Path.of(value);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(
          "\"" + value + "\" after \"" + name + "\" is not a path: " + e.getReason() + ".", e);
    }
  }

  private static long number(String name, String value, long least, long most) {
    try {
      long number = Long.parseLong(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message that fits both.
    }
    throw new IllegalArgumentException(
        "\"" + name + "\" is a number from " + least + " to " + most + ", not \"" + value + "\".");
  }
}
