// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.KmsKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Another Java process on the same store, as a program and as seen by the test that started it. */
final class ChildProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private ChildProcess(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static ChildProcess start(String... arguments) throws IOException {
    return start(List.of(), List.of(), arguments);
  }

  /**
   * @param before what starts the program, such as a shell that mounts something first
   * @param options of the JVM
   */
  static ChildProcess start(List<String> before, List<String> options, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path", "")));
    command.add(ChildProcess.class.getName());
    command.addAll(List.of(arguments));
    return new ChildProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Returns the next line that the program printed, or null at its end. */
  @Nullable String line() throws IOException {
    return output.readLine();
  }

  /** Returns all lines that are still to come. */
  List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = line(); line != null; line = line()) {
      lines.add(line);
    }
    return lines;
  }

  /** Ends the program as kill -9 does. */
  void kill() throws InterruptedException {
    process.toHandle().destroyForcibly(); // Process.destroyForcibly would close the output, too
    process.waitFor();
  }

  /** Presses Enter. */
  void proceed() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  int exitCode() throws InterruptedException {
    return process.waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }

  public static void main(String[] arguments) throws Exception {
    String url = arguments[1];
    switch (arguments[0]) {
      case "initialize" -> initialize(url);
      case "create" -> create(url, Integer.parseInt(arguments[2]));
      case "mix" -> mix(url, Integer.parseInt(arguments[2]), KeyId.parse(arguments[3]));
      case "listen" -> listen(url);
      case "fill" -> fill(url);
      case "open" -> open(url);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private static void initialize(String url) throws IOException {
    say("ready");
    System.in.read();
    try (JdbcStore store = JdbcStore.open(url, Samples.CLOCK)) {
      store.initialize(Samples.domain(), Samples.authenticator());
      say("won");
    } catch (KmsException.Conflict e) {
      try (JdbcStore store = JdbcStore.open(url, Samples.CLOCK)) {
        store.unlock(Samples.authenticator());
        say("lost");
      }
    }
  }

  /** Creates keys and prints the id of each that was acknowledged. */
  private static void create(String url, int count) {
    try (KeyStorage storage = Samples.open(url)) {
      say("ready");
      for (int i = 0; i < count; i++) {
        say(storage.save(List.of(Samples.key())).get(0).keyId().text());
      }
    }
  }

  /** Creates keys and counts up in the description of one that all processes share. */
  private static void mix(String url, int count, KeyId shared) {
    try (KeyStorage storage = Samples.open(url)) {
      for (int i = 0; i < count; i++) {
        KmsKey saved =
            i % 2 == 0 ? storage.save(List.of(Samples.key())).get(0) : up(storage, shared);
        say(saved.keyId() + " " + saved.revision());
      }
    }
  }

  private static KmsKey up(KeyStorage storage, KeyId shared) {
    while (true) {
      KmsKey key = storage.findKey(shared).orElseThrow();
      String next = Integer.toString(Integer.parseInt(key.description()) + 1);
      try {
        return storage.save(List.of(key.withDescription(next))).get(0);
      } catch (KmsException.Conflict e) {
        Thread.onSpinWait();
      }
    }
  }

  private static void listen(String url) throws IOException {
    try (KeyStorage storage = Samples.open(url)) {
      storage.onChange(
          (keys, identities) -> {
            keys.forEach(key -> say(key.text()));
            if (identities) {
              say("identities");
            }
          });
      say("ready");
      System.in.read();
    }
  }

  /** Creates keys until the store refuses, then checks that the acknowledged ones are there. */
  private static void fill(String url) {
    List<KeyId> acknowledged = new ArrayList<>();
    try (KeyStorage storage = Samples.open(url)) {
      while (true) {
        acknowledged.add(storage.save(List.of(Samples.key())).get(0).keyId());
      }
    } catch (KmsException.StoreUnavailable e) {
      say("refused: " + e.getMessage());
    }
    try (KeyStorage storage = Samples.open(url)) {
      storage.verifyAll((done, total) -> {});
      say(
          acknowledged.size()
              + " "
              + acknowledged.stream().map(storage::findKey).filter(Optional::isPresent).count());
    }
  }

  private static void open(String url) {
    try (KeyStorage storage = Samples.open(url)) {
      storage.save(List.of(Samples.key()));
      say("saved");
    } catch (KmsException e) {
      say(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }
}
