// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.tutorial;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Java block of a Markdown page: lines for the middle of a program, or a program.
 *
 * @param name the marker's, or {@code block N}
 * @param code as it stands on the page
 */
record Tutorial(String name, String code) {
  private static final Pattern MARKED_BLOCK =
      Pattern.compile("(?m)^<!-- tutorial(?:: *(.+?))? -->\\n^```java\\n((?s:.*?))^```$");

  private static final Pattern TYPE =
      Pattern.compile("(?m)^(?:(?:public|final|abstract|sealed) )*(?:class|record|enum) (\\w+)");

  private static final Pattern ALIAS = Pattern.compile("\"(alias/[A-Za-z0-9/_-]+)\"");

  /** What a reader of the page is expected to have: its imports, and something to encrypt. */
  private static final String AROUND_LINES =
      """
      import dev.strongroom.jca.*;
      import dev.strongroom.keystore.*;
      import java.io.*;
      import java.nio.file.*;
      import java.security.*;
      import java.security.spec.*;
      import java.util.*;
      import javax.crypto.*;
      import javax.crypto.spec.*;

      class Lines {
        public static void main(String[] arguments) throws Exception {
          byte[] secret = "secret".getBytes();
          byte[] document = "document".repeat(1000).getBytes();
      %s  }
      }
      """;

  /** Returns the marked blocks of a page in their order. */
  static List<Tutorial> of(String page) {
    List<Tutorial> found = new ArrayList<>();
    Matcher block = MARKED_BLOCK.matcher(page);
    while (block.find()) {
      String name = block.group(1);
      found.add(new Tutorial(name == null ? "block " + (found.size() + 1) : name, block.group(2)));
    }
    return found;
  }

  /** Returns how many Java blocks a page has, marked or not. */
  static long javaBlocks(String page) {
    return page.lines().filter("```java"::equals).count();
  }

  /** Returns the name of the class that has to be run: the last before {@code main}. */
  String mainClass() {
    if (!TYPE.matcher(code).find()) {
      return "Lines";
    }
    int main = code.indexOf("void main(");
    if (main < 0) {
      throw new AssertionError(name + " declares a class without a main method to run");
    }
    return TYPE.matcher(code.substring(0, main))
        .results()
        .reduce((before, last) -> last)
        .orElseThrow(() -> new AssertionError(name + " has its main method in no class"))
        .group(1);
  }

  /** Returns a source file that compiles as {@link #mainClass()}. */
  String source() {
    return TYPE.matcher(code).find() ? code : AROUND_LINES.formatted(code.indent(4));
  }

  /** Returns the aliases that the code names. */
  Set<String> aliases() {
    Set<String> named = new TreeSet<>();
    ALIAS.matcher(code).results().forEach(alias -> named.add(alias.group(1)));
    return named;
  }

  @Override
  public String toString() {
    return name;
  }
}
