// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines out of the source of {@link QuickstartJava}, which is packed beside its class: what the
 * quickstart shows is the code that it runs.
 */
final class Snippets {
  private static final String SOURCE = "QuickstartJava.java";

  private final String source;

  private Snippets(String source) {
    this.source = source;
  }

  static Snippets load() throws IOException {
    try (InputStream in = Snippets.class.getResourceAsStream(SOURCE)) {
      if (in == null) {
        throw new IOException(SOURCE + " is missing in this jar; build it again");
      }
      return new Snippets(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** Returns the lines between {@code // show: name} and {@code // end}, without indentation. */
  List<String> lines(String name) {
    Pattern region =
        Pattern.compile("// show: " + Pattern.quote(name) + "\\n(.*?)\\n *// end", Pattern.DOTALL);
    Matcher found = region.matcher(source);
    if (!found.find()) {
      throw new AssertionError("QuickstartJava has no lines named " + name);
    }
    return found.group(1).stripIndent().lines().toList();
  }
}
