// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.policy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
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

  private static Sample read(String name) {
    String file = "/dev/strongroom/kms/authz/samples/" + name + ".json";
    try (InputStream in = Objects.requireNonNull(Samples.class.getResourceAsStream(file), file)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new Sample(name, kind(name), text);
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
