// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.iam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.RoleSession;
import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.json.JsonException;
import dev.strongroom.kms.key.Derivation;
import dev.strongroom.kms.key.Derivation.Label;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The token in docs/vectors.json, which docs/vectors.py made without any of our code. */
class SessionTokensTest {
  private Map<?, ?> vector = Map.of();
  private byte[] kdf = new byte[0];
  private SessionTokens tokens = new SessionTokens(hash -> hash);

  @BeforeEach
  void read() throws IOException, JsonException {
    Object parsed = Json.parse(Files.readString(Path.of("..", "docs", "vectors.json")), 1 << 20);
    vector = (Map<?, ?>) value((Map<?, ?>) Objects.requireNonNull(parsed), "session");
    kdf = HexFormat.of().parseHex(text("kdf"));
    tokens = new SessionTokens(hash -> derive(Label.SESSION_TOKEN, hash));
  }

  private byte[] derive(Label label, byte[] context) {
    return Derivation.derive(
        data -> {
          try {
            Mac mac = Mac.getInstance("HmacSHA256", "SunJCE");
            mac.init(new SecretKeySpec(kdf, "HmacSHA256"));
            return mac.doFinal(data);
          } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
          }
        },
        label,
        context);
  }

  private static Object value(Map<?, ?> of, String name) {
    return Objects.requireNonNull(of.get(name), name);
  }

  private String text(String name) {
    return (String) value(vector, name);
  }

  private List<String> texts(String name) {
    return ((List<?>) value(vector, name)).stream().map(String.class::cast).toList();
  }

  private String token() {
    return text("token");
  }

  private SessionTokens.Contents contents() {
    List<String> texts = texts("texts");
    String accessKeyId = texts.get(0);
    char[] secret = text("secret").toCharArray();
    AccessKeySecrets secrets =
        new AccessKeySecrets(hash -> derive(Label.ACCESS_KEY, hash), new SecureRandom());
    return new SessionTokens.Contents(
        accessKeyId,
        secrets.verifier(accessKeyId, secret),
        new RoleSession(
            texts.get(1),
            texts.get(2),
            texts.get(3),
            texts.get(4),
            instant("issued"),
            instant("expires"),
            Optional.of(texts.get(5)),
            texts("policyArns")));
  }

  private Instant instant(String name) {
    return Instant.ofEpochSecond(((Number) value(vector, name)).longValue());
  }

  @Test
  void tokenHasTheDocumentedBytes() {
    assertEquals(token(), tokens.issue(contents()));
  }

  @Test
  void tokenIsReadAsItWasIssued() {
    SessionTokens.Contents read = tokens.read(token()).orElseThrow();

    assertEquals(contents().accessKeyId(), read.accessKeyId());
    assertArrayEquals(contents().verifier(), read.verifier());
    assertEquals(contents().session(), read.session());
  }

  @Test
  void everyChangedBitAndEveryOtherSpellingIsRefused() {
    byte[] bytes = Base64.getUrlDecoder().decode(token());
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      String text = Base64.getUrlEncoder().withoutPadding().encodeToString(changed);
      assertTrue(tokens.read(text).isEmpty(), "bit " + bit);
    }
    for (int at = 0; at < token().length(); at++) {
      char other = token().charAt(at) == 'A' ? 'B' : 'A';
      String text = token().substring(0, at) + other + token().substring(at + 1);
      assertTrue(tokens.read(text).isEmpty(), "character " + at);
    }
    assertTrue(tokens.read(token() + "=").isEmpty());
  }

  @Test
  void everyPieceOfATokenIsRefused() {
    for (int length = 0; length < token().length(); length++) {
      assertTrue(tokens.read(token().substring(0, length)).isEmpty(), "length " + length);
      assertTrue(tokens.read(token().substring(length + 1)).isEmpty(), "from " + length);
    }
    assertTrue(tokens.read("A".repeat(1 << 20)).isEmpty());
  }

  @Test
  void longestSessionFits() {
    RoleSession longest =
        new RoleSession(
            "000000000000",
            "r".repeat(64),
            "AROAEXAMPLEEXAMPLE22",
            "s".repeat(64),
            instant("issued"),
            instant("expires"),
            Optional.of("\uffff".repeat(2048)),
            Collections.nCopies(10, "arn:aws:iam::000000000000:policy/" + "p".repeat(128)));
    SessionTokens.Contents whole = new SessionTokens.Contents("ASIA", new byte[32], longest);

    assertEquals(longest, tokens.read(tokens.issue(whole)).orElseThrow().session());
  }
}
