// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.hsm.SoftHsmToken;
import dev.strongroom.conformance.packaging.Launched;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} at any moment of {@code init} and {@code kms create-key}: what was to be made is
 * there and works, or is not there, and the command can be run again.
 *
 * <p>A long campaign, here of 200 kills in each test, is {@code mvn verify -Dtest=KilledProcessTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dstrongroom.kills=200}; with {@code
 * -Dstrongroom.kills.seed=N} at other moments.
 */
@Tag("jar")
class KilledProcessTest {
  private static final int DOMAIN_KEY_OBJECTS = 4;
  private static final int MOST_STARTS = 20;
  private static final Pattern OPEN = Pattern.compile("\"Closed\": false,\\s+\"Records\": [1-9]");

  private final Path folder;

  KilledProcessTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private Path fresh(String name) throws IOException {
    return Files.createDirectory(folder.resolve(name));
  }

  @Test
  void initWithTheEmbeddedDomainKeyCanBeFinished() throws Exception {
    Kills kills = new Kills(Kills.nanosOf(Home.embedded(fresh("timed")), "init"));
    boolean hit = false;
    for (int turn = 0; turn < Kills.COUNT; turn++) {
      Home home = Home.embedded(fresh("home" + turn));
      hit |= kills.kill(home, turn, "init");

      assertFinished(home);
    }
    assertTrue(hit, "no process was still running when it was to be killed");
  }

  @Test
  void initInSoftHsmCanBeFinishedAndLeavesNoOrphans() throws Exception {
    Path timed = fresh("timed");
    SoftHsmToken first = SoftHsmToken.in(timed);
    Kills kills = new Kills(Kills.nanosOf(Home.on(first, timed), "init"));
    long all = first.files();
    boolean hit = false;
    for (int turn = 0; turn < Kills.COUNT; turn++) {
      Path own = fresh("home" + turn);
      SoftHsmToken token = SoftHsmToken.in(own);
      Home home = Home.on(token, own);
      long some = 2 + turn % (all - 1);
      hit |= kills.killAt(() -> token.files() >= some, home, "init");
      token.mend();
      hit |= kills.kill(home, turn, "init");
      token.mend();

      assertNoOrphans(token, assertFinished(home));
    }
    assertTrue(hit, "no process was still running when it was to be killed");
  }

  /** Two kills in a row must not use up the access keys that the root may have. */
  @Test
  void initKilledAtTheCredentialsCanBeFinishedAnyNumberOfTimes() throws Exception {
    Home home = Home.embedded(fresh("home"));
    Kills kills = new Kills(0);
    Path unfinished = home.path().resolve("credentials.new");
    for (int turn = 0; turn < Kills.COUNT; turn++) {
      Files.deleteIfExists(home.path().resolve("credentials"));
      kills.killAt(() -> Files.exists(unfinished), home, "init");
      if (Files.exists(home.path().resolve("credentials"))) {
        break;
      }
    }

    assertFinished(home);
  }

  /**
   * Objects without a name may be there: SoftHSM leaves them of the one call that was killed. A
   * domain key of which all objects have their names and one does not work is left and named.
   */
  private static void assertNoOrphans(SoftHsmToken token, String printed) {
    List<String> ids = token.ids();
    for (String id : ids) {
      assertTrue(printed.replace("-", "").contains(id.substring(0, 32)), id + " in " + printed);
    }
    if (!printed.contains("was not finished")) {
      assertEquals(DOMAIN_KEY_OBJECTS, ids.size(), ids + " " + printed);
    }
  }

  /** Returns what the run of init said that finished it. */
  private static String assertFinished(Home home) throws Exception {
    String printed = home.done("init");
    assertFalse(home.done("doctor").contains("ERROR"));
    home.done("kms", "create-key", "--alias-name", "alias/after");
    home.assertUsable("alias/after");
    return printed;
  }

  @Test
  void keyUnderTheEmbeddedDomainKeyIsThereOrNot() throws Exception {
    assertThereOrNot(Home.embedded(fresh("home")), () -> false);
  }

  @Test
  void keyInSoftHsmIsThereOrNot() throws Exception {
    Path own = fresh("home");
    SoftHsmToken token = SoftHsmToken.in(own);
    Home home = Home.on(token, own);
    assertThereOrNot(home, token::mend);
  }

  /**
   * Of the streams with records only that of the command that looks may be open, once commands had
   * the time to seal the others: none waits for it long.
   */
  private static void assertSealed(Home home) throws Exception {
    String validated = home.done("cloudtrail", "validate-logs");
    for (int turn = 0; turn < MOST_STARTS && open(validated) > 1; turn++) {
      validated = home.done("cloudtrail", "validate-logs");
    }
    assertTrue(validated.contains("\"Valid\": true"), validated);
    assertTrue(open(validated) <= 1, validated);
  }

  private static long open(String validated) {
    return OPEN.matcher(validated).results().count();
  }

  private static void assertThereOrNot(Home home, Callable<Boolean> mend) throws Exception {
    home.done("init");
    Kills kills =
        new Kills(Kills.nanosOf(home, "kms", "create-key", "--alias-name", "alias/timed"));
    for (int turn = 0; turn < Kills.COUNT; turn++) {
      kills.kill(home, turn, "kms", "create-key", "--alias-name", "alias/k" + turn);
      mend.call();
    }

    assertFalse(home.done("doctor", "--deep").contains("ERROR"));
    assertSealed(home);
    home.assertUsable("alias/timed");
    for (int turn = 0; turn < Kills.COUNT; turn++) {
      String alias = "alias/k" + turn;
      Launched described = home.run("kms", "describe-key", "--key-id", alias);
      if (described.exitCode() != 0) {
        assertTrue(described.printed().contains("NotFoundException"), described.printed());
        home.done("kms", "create-key", "--alias-name", alias);
      }
      home.assertUsable(alias);
    }
  }
}
