// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Journals in two folders whose processes are killed, and whose disks are full or hang. */
@Timeout(240)
class SecondFolderFaultTest extends PairScene {
  private static final int KILLS = Integer.getInteger("strongroom.kills", 3);

  @Test
  @Timeout(value = 6, unit = TimeUnit.HOURS) // many kills take their time
  void killedProcessLosesNothingAndBothCopiesAreSealed() throws Exception {
    for (int kill = 0; kill < KILLS; kill++) {
      long acknowledged = killAfter(start(), 20 + 83 * kill % 400);
      assertSealedAlike(acknowledged);
      deleteAll(first());
      deleteAll(second());
      deleteAll(temp.resolve("register"));
      makeRegister();
    }
  }

  /** What the one copy lacks since its folder failed, it gets of the other. */
  @ParameterizedTest
  @ValueSource(strings = {"first", "second"})
  void killedProcessThatHadOneFolderLeftIsSealedByTheLongerCopy(String name) throws Exception {
    Path folder = temp.resolve(name);
    Process child = start();
    Thread.sleep(200);
    Path away = takeAway(folder);
    long acknowledged = killAfter(child, 400);
    putBack(away, folder);

    assertSealedAlike(acknowledged);
  }

  private Process start() throws Exception {
    Path out = temp.resolve("out");
    Process child =
        ChildProcess.start(
            out,
            "pair",
            first().toString(),
            second().toString(),
            temp.resolve("register").toString());
    while (!Files.exists(out) || Files.size(out) == 0 || !Files.exists(second())) {
      assertTrue(child.isAlive());
      Thread.sleep(5);
    }
    return child;
  }

  /** Returns the last number that was acknowledged before the kill. */
  private long killAfter(Process child, int millis) throws Exception {
    Thread.sleep(millis);
    assertTrue(child.isAlive());
    child.destroyForcibly().waitFor();
    String text = Files.readString(temp.resolve("out"));
    List<String> whole = text.substring(0, text.lastIndexOf('\n')).lines().toList();
    return Long.parseLong(whole.get(whole.size() - 1));
  }

  /** All that was acknowledged is there before the next start, and after it in both folders. */
  private void assertSealedAlike(long acknowledged) throws Exception {
    List<UUID> streams = verifier(folders()).streams();
    long records = intactRecords(folders());
    assertTrue(records > acknowledged, acknowledged + " was acknowledged, there are " + records);

    try (Journal journal = journal()) {
      journal.record(Events.decrypt());
    }
    ChildProcess.awaitSealing();

    assertEquals(records + 1, intactRecords(folders()));
    for (UUID stream : streams) {
      assertTrue(verifier(folders()).verify(stream).isClosed(), stream.toString());
    }
    assertEquals(List.of(), copyFindings());
    assertAlike();
    assertEquals(List.of(), names(first().resolve("owners")));
    assertEquals(List.of(), names(second().resolve("owners")));
  }

  @Test
  void fullDiskOfOneFolderRefusesNoCall() throws Exception {
    Path disk = Files.createDirectory(temp.resolve("disk"));
    List<String> lines =
        inMount(
            "mount -t tmpfs -o size=1m tmpfs \"$0\"",
            disk,
            "fill-pair",
            disk.resolve("full").toString(),
            temp.resolve("other").toString(),
            temp.resolve("register").toString());

    assertEquals(2, lines.stream().filter(line -> line.startsWith("recorded ")).count());
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith("recorded ")) {
        assertEquals(lines.get(i).substring(9), lines.get(i - 1).substring(6), lines.toString());
      } else if (!lines.get(i).startsWith("found ")) {
        assertTrue(lines.get(i).startsWith("true"), lines.toString());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"first", "second"})
  void diskThatDoesNotAnswerHoldsNoCallsUp(String name) throws Exception {
    Path library = temp.resolve("slow-disk.so");
    Path source = temp.resolve("slow-disk.c");
    try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("slow-disk.c"))) {
      Files.copy(in, source);
    }
    assumeTrue(
        canRun(List.of("cc", "-shared", "-fPIC", "-o", library + "", source + "", "-ldl")),
        "a disk that hangs takes a C compiler, which fails here");
    Path flag = temp.resolve("flag");
    Path out = Files.createTempFile(temp, "child", ".txt");
    List<String> slow =
        List.of(
            "env",
            "LD_PRELOAD=" + library,
            "SLOW_DISK=" + temp.resolve(name),
            "SLOW_DISK_FLAG=" + flag);
    Process child =
        ChildProcess.start(
            slow, out, "hang", temp + "", flag + "", temp.resolve("register").toString());
    if (!child.waitFor(60, TimeUnit.SECONDS)) {
      child.destroyForcibly();
    }
    List<String> lines = Files.readAllLines(out);

    assertEquals(0, child.exitValue(), lines.toString());
    assertTrue(number(lines, "longest ") < 1500, lines.toString());
    assertTrue(number(lines, "meanwhile ") > 10_000, lines.toString());
    assertEquals(0, number(lines, "failing "), lines.toString());
    assertEquals(number(lines, "recorded "), number(lines, "found "), lines.toString());
  }

  private static long number(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.substring(name.length())))
        .findFirst()
        .orElseThrow(() -> new AssertionError(lines));
  }

  /** Runs a child where something is mounted that nobody else sees. */
  private List<String> inMount(String mount, Path where, String... words) throws Exception {
    List<String> command =
        List.of("unshare", "--mount", "sh", "-c", mount + " && exec \"$@\"", where.toString());
    List<String> trial = new ArrayList<>(command);
    trial.add("true");
    assumeTrue(canRun(trial), "a disk of its own takes unshare and mount, which fail here");
    Path out = Files.createTempFile(temp, "child", ".txt");
    assertEquals(0, ChildProcess.start(command, out, words).waitFor(), Files.readString(out));
    return Files.readAllLines(out);
  }

  private static boolean canRun(List<String> command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
