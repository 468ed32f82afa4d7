// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {

  @Test
  void misspeltCommandSuggestsTheNearest() {
    assertUsage("Did you mean 'encrypt'?", "kms", "encryp");
  }

  @Test
  void misspeltServiceSuggestsTheNearest() {
    assertUsage("Did you mean 'cloudtrail'?", "cloudtrial", "lookup-events");
  }

  @Test
  void commandWithoutItsServiceSuggestsTheService() {
    assertUsage("Did you mean 'kms create-key'?", "create-key");
  }

  @Test
  void serviceWithoutCommandNamesTheHelp() {
    assertUsage("'strongroom help kms' lists them", "kms");
  }

  @Test
  void misspeltOptionSuggestsTheNearestEvenIfOthersAreMissing() {
    assertUsage("Did you mean '--plaintext'?", "kms", "encrypt", "--plaintex", "x");
  }

  @Test
  void allMissingOptionsAreNamedAtOnce() {
    assertUsage("--key-id and --plaintext are missing", "kms", "encrypt");
  }

  @Test
  void optionWithoutValueIsNamed() {
    assertUsage("the value after --key-id is missing", "kms", "encrypt", "--key-id");
  }

  @Test
  void optionGivenTwiceIsRefused() {
    assertUsage("--key-id is given twice", "kms", "encrypt", "--key-id", "a", "--key-id", "b");
  }

  @Test
  void misspeltOptionIsNotTakenForTheValueBeforeIt() {
    assertUsage("unknown option '--plaintxt'", "kms", "encrypt", "--key-id", "--plaintxt", "eA==");
  }

  @Test
  void optionIsNotTakenForTheValueBeforeIt() {
    assertUsage(
        "the value after --key-id is missing", "kms", "encrypt", "--key-id", "--plaintext", "eA==");
  }

  @Test
  void beginningOfAnOptionIsNotTakenForIt() {
    assertUsage("unknown option '--key'", "kms", "describe-key", "--key", "alias/a");
  }

  @Test
  void wordsWithOneDashAreNoOptions() {
    assertUsage("-k", "kms", "describe-key", "-k", "alias/a");
  }

  @Test
  void emptyUserNameIsNotTakenForTheAccountRoot() {
    for (String command : List.of("get-user", "create-access-key", "list-access-keys")) {
      assertUsage("--user-name: write the name of a user", "iam", command, "--user-name", "");
    }
    for (String command : List.of("update-access-key", "delete-access-key")) {
      String[] args = {"iam", command, "--user-name", "", "--access-key-id", "A", "--status", "x"};
      int length = command.startsWith("update") ? args.length : args.length - 2;
      assertUsage("--user-name: write the name of a user", Arrays.copyOf(args, length));
    }
  }

  @Test
  void wordTooManyIsRefused() {
    assertUsage("unexpected word 'more'", "kms", "list-keys", "more");
  }

  @Test
  void unknownOutputIsRefusedBeforeAnythingIsDone() {
    assertUsage("'xml' is not one of json, text", "kms", "list-keys", "--output", "xml");
  }

  @Test
  void queryThatIsNotUnderstoodIsRefusedBeforeAnythingIsDone() {
    assertUsage("pipe the JSON to jq", "kms", "list-keys", "--query", "Keys[?KeyId=='a']");
  }

  @Test
  void notAKeyIsRefusedWithItsOption() {
    assertUsage("--key-id: Not a key: \"x\"", "kms", "describe-key", "--key-id", "x");
  }

  @Test
  void unknownChoiceListsTheChoicesAndTheNearest() {
    assertUsage("Did you mean 'RSA_3072'?", "kms", "create-key", "--key-spec", "RSA_3073");
  }

  @Test
  void numberOutOfBoundsNamesTheBounds() {
    assertUsage(
        "1025 is not between 1 and 1024", "kms", "generate-random", "--number-of-bytes", "1025");
  }

  @Test
  void dataKeyNeedsExactlyOneLength() {
    assertUsage("give either --key-spec", "kms", "generate-data-key", "--key-id", "alias/a");
    assertUsage(
        "not both",
        "kms",
        "generate-data-key",
        "--key-id",
        "alias/a",
        "--key-spec",
        "AES_256",
        "--number-of-bytes",
        "32");
  }

  @Test
  void plaintextThatIsNotBase64NamesTheThreeForms() {
    assertUsage(
        "Write fileb://FILE", "kms", "encrypt", "--key-id", "alias/a", "--plaintext", "hello!");
  }

  @Test
  void controlCharactersInArgumentsDoNotReachTheTerminal() {
    Program run = Program.run("kms", "describe-key", "--key-id", "\u001b[2Jx\u009b1m\n");

    assertEquals(1, run.err.lines().count());
    assertTrue(run.err.strip().chars().noneMatch(Character::isISOControl), run.err);
  }

  @Test
  void valuesAreTakenAsTheyAre() {
    Command command = Catalog.find(List.of("kms", "create-key"));

    Arguments arguments =
        CommandParser.parse(
            command,
            List.of(
                "--description=\"a=b\"", "--tags", "@a", "'b'", "--policy", "-", "--tags", "c"));

    assertAll(
        () -> assertEquals("\"a=b\"", arguments.get("--description")),
        () -> assertEquals(List.of("@a", "'b'", "c"), arguments.list("--tags")),
        () -> assertEquals("-", arguments.get("--policy")));
  }

  @Test
  void operandsAreToldByTheirPlaceAndMayFollowTwoDashes() {
    Command command = Catalog.find(List.of("encrypt-file"));

    Arguments arguments =
        CommandParser.parse(
            command, List.of("--key-id", "alias/a", "--force", "--", "-", "--force"));

    assertAll(
        () -> assertEquals("-", arguments.get("IN")),
        () -> assertEquals("--force", arguments.get("OUT")),
        () -> assertTrue(arguments.has("--force")));
  }

  private static void assertUsage(String expected, String... args) {
    Program run = Program.run(args);

    assertAll(
        () -> assertEquals(2, run.exitCode),
        () -> assertEquals("", run.out),
        () -> assertEquals(1, run.err.lines().count(), run.err),
        () -> assertTrue(run.err.startsWith("strongroom: "), run.err),
        () -> assertTrue(run.err.contains(expected), run.err));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "help",
        "--help",
        "-h",
        "kms --help",
        "help kms",
        "kms help",
        "kms encrypt --help",
        "kms encrypt help",
        "help kms encrypt",
        "--output text kms encrypt -h"
      })
  void helpIsFoundHoweverItIsAskedFor(String line) {
    Program run = Program.run(line.isEmpty() ? new String[0] : line.split(" "));

    assertEquals(0, run.exitCode, run.err);
    assertTrue(run.out.contains("Usage: strongroom"), run.out);
    assertEquals("", run.err);
  }

  @Test
  void everyCommandHasHelpWithAnExampleOfItself() {
    for (Command command : commands()) {
      Program run = Program.run(("help " + command.words()).split(" "));

      assertEquals(0, run.exitCode, command.words());
      assertTrue(run.out.contains("Example:"), command.words());
      assertTrue(run.out.contains("strongroom " + command.words()), command.words());
      assertTrue(run.out.lines().allMatch(line -> line.length() <= 100), command.words());
    }
  }

  @Test
  void everyRequiredOptionIsInTheExample() {
    for (Command command : commands()) {
      command.parameters().stream()
          .filter(parameter -> parameter.kind() == Parameter.Kind.REQUIRED)
          .forEach(
              parameter ->
                  assertTrue(command.example().contains(parameter.name()), command.words()));
    }
  }

  @Test
  void versionNamesTheJava() {
    Program run = Program.run("version");

    assertTrue(run.out.contains("Java " + Runtime.version()), run.out);
    assertEquals(run.out, Program.run("--version").out);
  }

  private static List<Command> commands() {
    return java.util.stream.Stream.of(
            "", "kms", "iam", "sts", "organizations", "cloudhsm", "backup", "cloudtrail")
        .flatMap(service -> Catalog.commands(service).stream())
        .toList();
  }
}
