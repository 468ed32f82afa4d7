// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strongroom.conformance.packaging.Launched;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Homes that cannot be written to; the mounts are in a namespace that ends with its process. */
@Tag("jar")
class DiskFaultTest {
  private static final List<String> NAMESPACE = List.of("unshare", "--mount", "--map-root-user");

  /** {@code refused FILE COMMAND…}: the command must end with 1 and print one line. */
  private static final String HELPERS =
      """
      refused() {
        local code=0
        "$@" >"$OUT/line" 2>&1 || code=$?
        echo "--- $* gave $code"; cat "$OUT/line"
        [ "$code" = 1 ] && [ "$(wc -l <"$OUT/line")" = 1 ]
      }
      roundtrip() {
        local blob
        blob=$($KMS encrypt --key-id alias/k --plaintext AAEC --query CiphertextBlob)
        [ "$($KMS decrypt --ciphertext-blob "${blob//\\"/}" --query Plaintext)" = '"AAEC"' ]
      }
      fill() { cat /dev/zero >"$STRONGROOM_HOME/filler" 2>/dev/null || true; }
      """;

  private final Path folder;
  private final Home home;

  DiskFaultTest(@TempDir Path folder) throws Exception {
    this.folder = folder;
    this.home = Home.embedded(folder);
  }

  private String script(String script) throws Exception {
    Launched possible = shell("true");
    assumeTrue(possible.exitCode() == 0, "no mount namespaces here: " + possible.printed());
    Launched run = shell(HELPERS + script);
    assertEquals(0, run.exitCode(), run.printed());
    assertFalse(run.printed().contains("internal error"), run.printed());
    return run.printed();
  }

  private Launched shell(String script) throws Exception {
    String strongroom = String.join(" ", home.command());
    List<String> command = new ArrayList<>(NAMESPACE);
    command.addAll(
        List.of(
            "bash",
            "-euc",
            "OUT=%s; RUN='%s'; KMS='%s kms'; %s"
                .formatted(folder, strongroom, strongroom, script)));
    return Launched.run(folder, home.environment(), command);
  }

  @Test
  void readOnlyHomeIsNamedAndWorksAgainWhenItIsWritable() throws Exception {
    home.done("init");
    home.done("kms", "create-key", "--alias-name", "alias/k");

    String printed =
        script(
            """
            mount --bind "$STRONGROOM_HOME" "$STRONGROOM_HOME"
            mount -o remount,ro,bind "$STRONGROOM_HOME"
            refused $KMS list-keys
            refused $RUN init
            refused $KMS create-key
            """);

    assertTrue(printed.contains(home.path().toString()), printed);
    home.assertUsable("alias/k");
  }

  @Test
  void emptyReadOnlyHomeIsNamedAndInitWorksAfterwards() throws Exception {
    String printed =
        script(
            """
            mount --bind "$STRONGROOM_HOME" "$STRONGROOM_HOME"
            mount -o remount,ro,bind "$STRONGROOM_HOME"
            refused $RUN init
            """);

    assertTrue(printed.contains(home.path().toString()), printed);
    home.done("init");
  }

  @Test
  void fullDiskRefusesCallsAndLosesNothing() throws Exception {
    String printed =
        script(
            """
            cp "$STRONGROOM_HOME/strongroom.properties" "$OUT/settings"
            mount -t tmpfs -o size=8m none "$STRONGROOM_HOME"
            cp "$OUT/settings" "$STRONGROOM_HOME/strongroom.properties"
            $RUN init >/dev/null; $KMS create-key --alias-name alias/k >/dev/null; roundtrip
            fill
            refused $KMS create-key --alias-name alias/never
            refused $KMS encrypt --key-id alias/k --plaintext AAEC
            rm "$STRONGROOM_HOME/filler"
            roundtrip
            $RUN doctor
            $KMS create-key --alias-name alias/never >/dev/null
            """);

    assertTrue(printed.contains("full") || printed.contains("No space left"), printed);
  }

  /** The disk has a little more room each time, so that init fails at one place after another. */
  @Test
  void initOnAFullDiskCanBeFinishedOnceThereIsRoom() throws Exception {
    script(
        """
        cp "$STRONGROOM_HOME/strongroom.properties" "$OUT/settings"
        for room in 0 4096 8192 40960 81920 163840; do
          mount -t tmpfs -o size=4m none "$STRONGROOM_HOME"
          cp "$OUT/settings" "$STRONGROOM_HOME/strongroom.properties"
          head -c "$room" /dev/zero >"$STRONGROOM_HOME/room"
          fill
          rm "$STRONGROOM_HOME/room"
          refused $RUN init
          rm "$STRONGROOM_HOME/filler"
          $RUN init >/dev/null
          $KMS create-key --alias-name alias/k >/dev/null
          roundtrip
          umount "$STRONGROOM_HOME"
        done
        """);
  }
}
