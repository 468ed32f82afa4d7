// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.KeyId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** A JVM of its own that changes keys until it is killed. */
final class KeyChurn {
  private KeyChurn() {}

  /** Starts it; it has begun when it has written something to {@code out}. */
  static Process start(Path home, Path out) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            KeyChurn.class.getName(),
            home.toString());
    return new ProcessBuilder(command)
        .redirectOutput(out.toFile())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  public static void main(String[] arguments) {
    KmsFixture fixture = KmsFixture.in(Path.of(arguments[0]));
    Kms kms = fixture.kms();
    while (true) {
      KeyId key = fixture.symmetricKey();
      Alias alias = new Alias("alias/" + UUID.randomUUID());
      kms.createAlias(fixture.root(), alias, key);
      kms.updateKeyDescription(fixture.root(), key, "changed");
      kms.deleteAlias(fixture.root(), alias);
      fixture.user("user-" + UUID.randomUUID());
      System.out.println(key);
    }
  }
}
