// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.policy;

import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.json.JsonException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The sample policies among the resources. */
final class Samples {
  private static final List<String> NAMES =
      List.of(
          "key-default-console",
          "key-ebs-managed",
          "key-cloudwatch-logs",
          "key-cloudtrail",
          "key-conditions",
          "key-service-caller",
          "iam-use-by-alias",
          "iam-abac",
          "iam-mfa-and-network",
          "trust-external-id");

  private Samples() {}

  /** A policy and what kind it is. */
  record Sample(String name, PolicyKind kind, String text) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Sample> all() {
    return NAMES.stream().map(Samples::read).toList();
  }

  /** Returns the key policies of the decision cases, which are small and use every operator. */
  static List<Sample> ofCases() {
    List<Sample> samples = new ArrayList<>();
    try {
      String text = text("decisions.json");
      List<?> cases = (List<?>) Objects.requireNonNull(Json.parse(text, text.length()));
      for (Object each : cases) {
        Map<?, ?> known = (Map<?, ?>) each;
        if (known.containsKey("policy")) {
          String rule = String.valueOf(known.get("rule"));
          samples.add(new Sample(rule, PolicyKind.KEY, Json.write(known.get("policy"))));
        }
      }
    } catch (JsonException e) {
      throw new AssertionError(e);
    }
    return samples;
  }

  private static Sample read(String name) {
    return new Sample(name, kind(name), text("samples/" + name + ".json"));
  }

  private static String text(String name) {
    String file = "/dev/strongroom/kms/authz/" + name;
    try (InputStream in = Objects.requireNonNull(Samples.class.getResourceAsStream(file), file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PolicyKind kind(String name) {
    return switch (name.substring(0, name.indexOf('-'))) {
      case "key" -> PolicyKind.KEY;
      case "iam" -> PolicyKind.MANAGED;
      default -> PolicyKind.TRUST;
    };
  }
}
