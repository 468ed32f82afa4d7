// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.service.KmsEngines;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The program {@code strongroom}: {@code java -jar strongroom.jar <service> <command> <options>}.
 *
 * <p>Exit codes: 0 done; 1 refused or failed, 2 wrong usage, both with one line on standard error
 * that says what is wrong and what to do; 254 a dry run that would succeed, with a line that says
 * so.
 */
public final class Main {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int WRONG_USAGE = 2;

  /**
   * The AWS CLI's for errors of the service; here a dry run alone ends so, and tells of success.
   */
  static final int WOULD_SUCCEED = 254;

  // Of processes that start together each tidies up the others' native libraries, and what one
  // finds gone already it would tell in forty lines. Held, since loggers are kept weakly.
  private static final Logger SQLITE = Logger.getLogger("org.sqlite");

  private final Terminal terminal;
  private final Door door;

  Main(Terminal terminal, Door door) {
    this.terminal = terminal;
    this.door = door;
  }

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    SQLITE.setLevel(Level.OFF);
    KmsEngines.ownProcess();
    System.exit(new Main(Terminal.ofProcess(), new SettingsDoor()).run(args));
  }

  /**
   * Runs one command inside another program.
   *
   * @param args as on the command line
   * @param in standard input; not closed
   * @param out gets the answer; flushed, not closed
   * @param err gets the line that says what is wrong; not closed
   * @return the exit code: 0, 1, 2 or 254
   */
  public static int run(List<String> args, InputStream in, OutputStream out, OutputStream err) {
    PrintStream lines = new PrintStream(err, true, StandardCharsets.UTF_8);
    Terminal terminal = new Terminal(in, out, lines, false);
    return new Main(terminal, new SettingsDoor()).run(args.toArray(new String[0]));
  }

  /** Runs one command and returns its exit code. */
  int run(String... args) {
    Words words = Words.split(Arrays.asList(args));
    Failures failures = new Failures(terminal.err(), words.rest().contains(Globals.DEBUG));
    try {
      int code = run(words, failures);
      terminal.out().flush();
      return code;
    } catch (UsageError e) {
      return failures.usage(e);
    } catch (IOException e) {
      return failures.output(e);
    }
  }

  private int run(Words words, Failures failures) throws IOException {
    if (words.path().equals(List.of("version")) || words.rest().contains("--version")) {
      new Help(terminal.out()).printVersion();
      return DONE;
    }
    if (words.asksForHelp()) {
      new Help(terminal.out()).print(words.helpTopic());
      return DONE;
    }
    Command command = Catalog.find(words.path());
    Arguments arguments = CommandParser.parse(command, words.rest());
    Printer printer = Printer.of(arguments, terminal.out());
    try (Call call = new Call(arguments, terminal, door)) {
      return answer(command, call, printer);
    } catch (UsageError e) {
      throw new UsageError(command.words() + ": " + e.getMessage());
    } catch (RuntimeException | IOException e) {
      // The one place that ends a run: whatever a command could not handle becomes one line.
      return failures.of(command, e);
    }
  }

  private static int answer(Command command, Call call, Printer printer) throws IOException {
    Optional<Answer> answer = Optional.empty();
    try {
      answer = Optional.of(command.action().run(call));
      printer.print(answer.get());
      return answer.get().exitCode();
    } finally {
      answer.ifPresent(Answer::wipe);
    }
  }
}
