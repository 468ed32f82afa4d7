// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What the README shows of the command line was run: each line of a console block that is marked
 * {@code <!-- transcript: NAME -->} stands in that transcript, in the same order. Where the
 * transcript has a value that differs from run to run the README may show any.
 */
class ReadmeTranscriptTest {
  private static final Pattern BLOCK =
      Pattern.compile("(?m)^<!-- transcript: (\\S+) -->\\n^```console\\n((?s:.*?))^```$");
  private static final Pattern VALUE = Pattern.compile("\\{\\{\\w*(?::\\w+)?}}");

  @Test
  void markedBlocksOfTheReadmeAreFromTheirTranscripts() throws IOException {
    Matcher block = BLOCK.matcher(Files.readString(Path.of("..", "README.md")));
    int blocks = 0;
    while (block.find()) {
      blocks++;
      List<String> transcript =
          Files.readAllLines(Path.of("src", "test", "resources", "cli", block.group(1)));
      int at = 0;
      for (String line : block.group(2).lines().toList()) {
        int found = at;
        while (found < transcript.size() && !shows(line, transcript.get(found))) {
          found++;
        }
        assertTrue(found < transcript.size(), block.group(1) + " has not, or not there: " + line);
        at = found + 1;
      }
    }
    assertTrue(blocks >= 3, blocks + " blocks");
  }

  private static boolean shows(String line, String ofTranscript) {
    StringBuilder regex = new StringBuilder();
    String text = plain(ofTranscript);
    Matcher value = VALUE.matcher(text);
    int at = 0;
    while (value.find()) {
      regex.append(Pattern.quote(text.substring(at, value.start()))).append(".*");
      at = value.end();
    }
    regex.append(Pattern.quote(text.substring(at)));
    return plain(line).matches(regex.toString());
  }

  private static String plain(String line) {
    return line.replaceFirst("^> ?", "").strip();
  }
}
