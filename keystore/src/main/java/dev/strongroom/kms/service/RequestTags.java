// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Tag;
import dev.strongroom.kms.authz.request.ConditionKey;
import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.json.JsonException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The tags that a call puts on a key or takes off: how the trail shows them, and how policies see
 * what it shows. So a call that is on record can be explained.
 */
final class RequestTags {

  /** The most tags that a key can have, and a request. */
  static final int MAX_PER_KEY = 50;

  private static final String TAGS = "tags";
  private static final String TAG_KEY = "tagKey";
  private static final String TAG_VALUE = "tagValue";
  private static final String TAG_KEYS = "tagKeys";
  // Longer ones do not go on record.
  private static final int MAX_JSON_CHARS = 1 << 16;

  private RequestTags() {}

  /**
   * Returns a copy of tags that can be put on something. What is decided, what is recorded and what
   * is done must be the same, whatever the caller's map says when it is asked again.
   *
   * @throws KmsException.Tag if one of them is not one
   * @throws KmsException.LimitExceeded if they are more than a key can have
   */
  static Map<String, String> valid(Map<String, String> given) {
    Map<String, String> tags = Map.copyOf(given);
    requireAtMost(tags.size());
    tags.forEach(Tag::new);
    return tags;
  }

  /** Returns a copy of tags for a user or role, whose keys are the same in upper and lower case. */
  static Map<String, String> validForIdentity(Map<String, String> given) {
    Map<String, String> tags = valid(given);
    requireDistinct(tags.keySet());
    return tags;
  }

  private static void requireDistinct(Collection<String> tagKeys) {
    Set<String> seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (String key : tagKeys) {
      if (!seen.add(key)) {
        throw new KmsException.Tag(
            "The tag \"" + key + "\" is in the request twice, in upper and lower case.");
      }
    }
  }

  /** Returns a copy of keys that tags can have, for the same reason. */
  static List<String> validKeys(Collection<String> given) {
    List<String> tagKeys = List.copyOf(given);
    requireAtMost(tagKeys.size());
    tagKeys.forEach(Tag::requireKey);
    return tagKeys;
  }

  private static void requireAtMost(int count) {
    if (count > MAX_PER_KEY) {
      throw new KmsException.LimitExceeded(
          "There are " + count + " tags in the request; a key can have 50.");
    }
  }

  /** Returns parameters for the trail, by CloudTrail's names: none where there are no tags. */
  static Map<String, String> parameters(Map<String, String> tags) {
    List<Map<String, String>> shown = new ArrayList<>();
    new TreeMap<>(tags)
        .forEach(
            (key, value) -> {
              Map<String, String> tag = new LinkedHashMap<>();
              tag.put(TAG_KEY, key);
              tag.put(TAG_VALUE, value);
              shown.add(tag);
            });
    return shown.isEmpty() ? Map.of() : Map.of(TAGS, Json.write(shown));
  }

  static Map<String, String> keyParameters(Collection<String> tagKeys) {
    return Map.of(TAG_KEYS, Json.write(tagKeys.stream().sorted().distinct().toList()));
  }

  /**
   * Returns the tags that parameters of a call show; also those that a question about a call names
   * as policies do, {@code aws:RequestTag/team}.
   */
  static Map<String, String> shownBy(Map<String, String> parameters) {
    Map<String, String> tags = new TreeMap<>();
    String prefix = ConditionKey.REQUEST_TAG.keyName();
    parameters.forEach(
        (name, value) -> {
          if (name.regionMatches(true, 0, prefix, 0, prefix.length())) {
            tags.put(name.substring(prefix.length()), value);
          }
        });
    for (Object item : list(parameters, TAGS)) {
      if (item instanceof Map<?, ?> tag
          && tag.get(TAG_KEY) instanceof String key
          && tag.get(TAG_VALUE) instanceof String value) {
        tags.put(key, value);
      } else {
        throw malformed(TAGS, "[{\"tagKey\":\"team\",\"tagValue\":\"blue\"}]");
      }
    }
    return tags;
  }

  /** Returns the keys that parameters of UntagResource show; null where there are none. */
  static @Nullable List<String> keysShownBy(Map<String, String> parameters) {
    String asked = parameters.get(ConditionKey.TAG_KEYS.keyName());
    if (asked != null) {
      return List.of(asked.split(","));
    }
    List<String> keys = list(parameters, TAG_KEYS).stream().map(String::valueOf).toList();
    return keys.isEmpty() ? null : keys;
  }

  private static List<?> list(Map<String, String> parameters, String name) {
    String json = parameters.get(name);
    if (json == null) {
      return List.of();
    }
    try {
      if (Json.parse(json, MAX_JSON_CHARS) instanceof List<?> list) {
        return list;
      }
    } catch (JsonException e) {
      // It is said below what it has to be.
    }
    throw malformed(name, "a list in JSON");
  }

  private static KmsException malformed(String name, String example) {
    return new KmsException.Validation(
        "The request parameter '" + name + "' is not as on record: " + example + ".");
  }
}
