// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A block of DER in text, as RFC 7468 has it. Not a record, because it holds an array. */
final class Pem {
  static final String PUBLIC_KEY = "PUBLIC KEY";
  static final String PRIVATE_KEY = "PRIVATE KEY";
  static final String CERTIFICATE = "CERTIFICATE";

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private final String label;
  private final byte[] der;

  private Pem(String label, byte[] der) {
    this.label = label;
    this.der = der;
  }

  /** Returns the blocks of these labels in order; whatever else is in the file is passed over. */
  static List<Pem> all(byte[] file, String... labels) {
    List<Pem> all = new ArrayList<>();
    Matcher block = BLOCK.matcher(new String(file, StandardCharsets.ISO_8859_1));
    while (block.find()) {
      if (Arrays.asList(labels).contains(block.group(1))) {
        all.add(new Pem(block.group(1), decoded(block.group(2))));
      }
    }
    return all;
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new UsageError("a block in PEM was cut off or changed. Take the file anew.");
    }
  }

  /** Returns what the block says that it is, as {@code PUBLIC KEY}. */
  String label() {
    return label;
  }

  /** Returns the bytes, not a copy: who reads a private key wipes them. */
  byte[] der() {
    return der;
  }

  /** Returns the text, without a line end after it. */
  static String text(String label, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----"
        .formatted(label, LINES.encodeToString(der), label);
  }
}
