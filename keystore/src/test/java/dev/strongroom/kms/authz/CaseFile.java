// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.json.JsonException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The cases of {@code decisions.json}. What a case leaves out: the caller is user alice of the
 * key's account without policies, the key policy is AWS's default, the time is noon.
 */
final class CaseFile {
  static final String KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab";
  static final String KEY_ARN = "arn:aws:kms:eu-1:" + Callers.ACCOUNT + ":key/" + KEY_ID;
  static final String NOON = "2026-11-30T12:00:00Z";

  private CaseFile() {}

  @SuppressWarnings("unchecked") // the file's own shape
  static List<Map<String, Object>> read(String name) throws IOException, JsonException {
    try (InputStream in = CaseFile.class.getResourceAsStream(name)) {
      String text =
          new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
      return (List<Map<String, Object>>) Objects.requireNonNull(Json.parse(text, 1_000_000));
    }
  }
}
