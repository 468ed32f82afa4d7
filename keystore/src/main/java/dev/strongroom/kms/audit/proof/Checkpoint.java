// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.proof;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of a stream's tree at one time: the text of a C2SP tlog-checkpoint, with what we say
 * besides as extension lines.
 *
 * <pre>
 * origin          strongroom/&lt;domain&gt;/&lt;stream&gt;
 * size            number of records
 * root            base64
 * previous        SHA-256 of the whole note before in this stream, base64; - for the first
 * time            as 2026-11-24T08:00:00Z
 * facts           any number of lines: what the process said of itself and of its store
 * </pre>
 *
 * @param origin who made it: the log, which is a stream
 * @param size how many records the tree has
 * @param root the tree's, in base64
 * @param previous the hash of the checkpoint before in the stream, in base64; empty for the first
 * @param time when it was made, by the clock of the process
 * @param facts further lines, not empty and without newlines
 */
public record Checkpoint(
    String origin,
    long size,
    String root,
    Optional<String> previous,
    Instant time,
    List<String> facts) {

  private static final Pattern TEXT =
      Pattern.compile(
          "([^ +\\n]+)\\n(0|[1-9]\\d{0,17})\\n([A-Za-z0-9+/]{43}=)\\n"
              + "previous (-|[A-Za-z0-9+/]{43}=)\\ntime (\\S+)\\n((?:[^\\n]+\\n)*)");

  public Checkpoint {
    facts = List.copyOf(facts);
  }

  /** Returns the text that is signed. */
  public String toText() {
    StringBuilder text = new StringBuilder(origin).append('\n');
    text.append(size).append('\n').append(root).append('\n');
    text.append("previous ").append(previous.orElse("-")).append('\n');
    text.append("time ").append(time).append('\n');
    facts.forEach(fact -> text.append(fact).append('\n'));
    return text.toString();
  }

  /** Reads the text of a note; empty if it is no checkpoint of ours. */
  public static Optional<Checkpoint> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      String previous = matcher.group(4);
      return Optional.of(
          new Checkpoint(
              matcher.group(1),
              Long.parseLong(matcher.group(2)),
              matcher.group(3),
              Optional.of(previous).filter(hash -> !hash.equals("-")),
              Instant.parse(matcher.group(5)),
              matcher.group(6).lines().toList()));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
