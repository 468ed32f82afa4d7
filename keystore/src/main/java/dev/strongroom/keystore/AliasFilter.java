// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import java.util.regex.Pattern;

/**
 * Which entries a KeyStore shows: a glob over their names, where {@code *} stands for any text and
 * {@code ?} for one character.
 */
public record AliasFilter(String glob) {

  /** Returns what names have to match; who asks for many names keeps it. */
  Pattern pattern() {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      switch (c) {
        case '*' -> regex.append(".*");
        case '?' -> regex.append('.');
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString());
  }
}
