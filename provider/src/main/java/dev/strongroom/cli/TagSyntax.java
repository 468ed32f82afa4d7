// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Tag;
import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.json.JsonException;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads tags as AWS CLI does: {@code TagKey=team,TagValue=blue TagKey=…}, or the JSON list {@code
 * [{"TagKey":"team","TagValue":"blue"}]}, which may be in a file. In iam the names are Key and
 * Value.
 */
final class TagSyntax {
  /** More than 50 tags may have. */
  private static final int MAX_CHARS = 1 << 16;

  /** How a service calls the two halves: {@code TagKey} and {@code TagValue} in kms. */
  private final String keyName;

  private final String valueName;

  private TagSyntax(String keyName, String valueName) {
    this.keyName = keyName;
    this.valueName = valueName;
  }

  static TagSyntax ofKms() {
    return new TagSyntax("TagKey", "TagValue");
  }

  static TagSyntax ofIam() {
    return new TagSyntax("Key", "Value");
  }

  Answer shape(Tag tag) {
    return new Answer().with(keyName, tag.key()).with(valueName, tag.value());
  }

  /**
   * Returns the tags of an option; none where it was not given.
   *
   * @throws KmsException.Tag if a key is there twice
   */
  Map<String, String> parse(Call call, String option) throws IOException {
    Map<String, String> tags = new LinkedHashMap<>();
    List<String> words = call.list(option);
    for (String word : words) {
      String text = words.size() == 1 ? call.text(option) : word;
      if (text.strip().startsWith("[")) {
        json(option, text, tags);
      } else {
        put(option, text, tags, shorthand(option, text));
      }
    }
    return tags;
  }

  private Map<?, ?> shorthand(String option, String text) {
    Map<String, String> members = new HashMap<>();
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals < 0
          || members.put(part.substring(0, equals), part.substring(equals + 1)) != null) {
        throw noTag(option, text);
      }
    }
    return members;
  }

  private void json(String option, String text, Map<String, String> tags) {
    try {
      List<?> items = Json.parse(text, MAX_CHARS) instanceof List<?> list ? list : List.of(text);
      for (Object item : items) {
        if (!(item instanceof Map<?, ?> tag)) {
          throw noTag(option, text);
        }
        put(option, text, tags, tag);
      }
    } catch (JsonException e) {
      throw UsageError.of(option, e.getMessage());
    }
  }

  private void put(String option, String text, Map<String, String> tags, Map<?, ?> tag) {
    if (tag.size() == 2
        && tag.get(keyName) instanceof String key
        && tag.get(valueName) instanceof String value) {
      if (tags.put(key, value) != null) {
        throw new KmsException.Tag(
            "The tag \"" + key + "\" is in the request twice. A key has one value for each.");
      }
    } else {
      throw noTag(option, text);
    }
  }

  private UsageError noTag(String option, String text) {
    return UsageError.of(
        option,
        "'"
            + text
            + "' is not a tag. Write "
            + keyName
            + "=team,"
            + valueName
            + "=blue, or a JSON list of such.");
  }
}
