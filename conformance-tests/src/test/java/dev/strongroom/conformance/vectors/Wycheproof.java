// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.vectors;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.json.JsonException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of C2SP's Wycheproof (Apache-2.0), which the project does not ship: from the folder
 * {@code -Dwycheproof.dir}, by default {@code ../shared/vectors/wycheproof} beside the checkout.
 * Plain {@code .json} is read as well as {@code .json.gz}.
 */
final class Wycheproof {
  private static final int MAX_BYTES = 1 << 26;

  private Wycheproof() {}

  /** One vector: the fields of the test and, behind them, those of its group. */
  record Vector(Map<String, Object> test, Map<String, Object> group) {

    String text(String name) {
      Object value = test.containsKey(name) ? test.get(name) : group.get(name);
      if (value == null) {
        throw new IllegalArgumentException("Vector has no field " + name);
      }
      return value.toString();
    }

    byte[] bytes(String name) {
      return HexFormat.of().parseHex(text(name));
    }

    /** Returns no bytes where the vector has no such field. */
    byte[] bytesOrEmpty(String name) {
      boolean there = test.containsKey(name) || group.containsKey(name);
      return there ? bytes(name) : new byte[0];
    }

    int number(String name) {
      return Integer.parseInt(text(name));
    }

    /** Returns {@code valid}, {@code invalid} or {@code acceptable}. */
    String result() {
      return text("result");
    }

    String name() {
      return "tcId " + text("tcId") + " (" + result() + "): " + test.getOrDefault("comment", "");
    }
  }

  /** Returns the vectors of a file; skips the test, saying why, where the folder is missing. */
  static List<Vector> load(String file) {
    Path folder = folder();
    assumeTrue(
        Files.isDirectory(folder),
        "skipped: no Wycheproof vectors in "
            + folder
            + "; name a checkout's testvectors_v1 with -Dwycheproof.dir=…");
    Optional<Path> path =
        Stream.of(file + ".json", file + ".json.gz")
            .map(folder::resolve)
            .filter(Files::exists)
            .findFirst();
    assumeTrue(path.isPresent(), "skipped: " + folder + " has no " + file);
    return parse(path.orElseThrow());
  }

  private static Path folder() {
    String named = System.getProperty("wycheproof.dir");
    return named == null
        ? Path.of("..", "..", "shared", "vectors", "wycheproof").toAbsolutePath().normalize()
        : Path.of(named);
  }

  private static List<Vector> parse(Path path) {
    Map<?, ?> root;
    try {
      root = (Map<?, ?>) Json.parse(read(path), MAX_BYTES);
    } catch (JsonException e) {
      throw new IllegalArgumentException(path + " is not JSON", e);
    }
    if (root == null) {
      throw new IllegalArgumentException(path + " holds nothing");
    }
    List<Vector> vectors = new ArrayList<>();
    for (Object group : list(root.get("testGroups"))) {
      Map<String, Object> fields = object(group);
      for (Object test : list(fields.get("tests"))) {
        vectors.add(new Vector(object(test), fields));
      }
    }
    return vectors;
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  @SuppressWarnings("unchecked") // JSON objects have text keys
  private static Map<String, Object> object(Object value) {
    return (Map<String, Object>) value;
  }

  private static String read(Path path) {
    try (InputStream file = Files.newInputStream(path);
        InputStream in = path.toString().endsWith(".gz") ? new GZIPInputStream(file) : file) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
