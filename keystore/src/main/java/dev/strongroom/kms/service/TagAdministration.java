// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.Tag;
import dev.strongroom.kms.key.KmsKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** TagResource, UntagResource and ListResourceTags. */
final class TagAdministration {
  private final Gate gate;
  private final KeyAdministration keys;

  TagAdministration(Gate gate, KeyAdministration keys) {
    this.gate = gate;
    this.keys = keys;
  }

  void tag(Caller caller, KeyRef ref, Map<String, String> given) {
    Map<String, String> tags = RequestTags.valid(given);
    requireSome(tags.isEmpty());
    Call call = Call.of(caller, Operation.TAG_RESOURCE, RequestTags.parameters(tags));
    keys.change(call, ref, key -> with(key, tags));
  }

  static void requireSome(boolean none) {
    if (none) {
      throw new KmsException.Validation("There is no tag in the request. Name one at least.");
    }
  }

  static KmsKey with(KmsKey key, Map<String, String> added) {
    Map<String, String> tags = new TreeMap<>(key.tags());
    tags.putAll(added);
    if (tags.size() > RequestTags.MAX_PER_KEY) {
      throw new KmsException.LimitExceeded(
          key.arn()
              + " has "
              + key.tags().size()
              + " tags and would have "
              + tags.size()
              + "; a key can have 50. Take some off with UntagResource first.");
    }
    return key.withTags(tags);
  }

  void untag(Caller caller, KeyRef ref, Collection<String> given) {
    List<String> tagKeys = RequestTags.validKeys(given);
    requireSome(tagKeys.isEmpty());
    Call call = Call.of(caller, Operation.UNTAG_RESOURCE, RequestTags.keyParameters(tagKeys));
    keys.change(call, ref, key -> without(key, tagKeys));
  }

  static KmsKey without(KmsKey key, Collection<String> gone) {
    Map<String, String> tags = new TreeMap<>(key.tags());
    tags.keySet().removeAll(gone);
    return key.withTags(tags);
  }

  Kms.Page<Tag> list(Caller caller, KeyRef ref, @Nullable String marker, int limit) {
    Pages.requireLimit(limit);
    return gate.run(
        Call.of(caller, Operation.LIST_RESOURCE_TAGS),
        ref,
        null,
        live -> Pages.of(after(marker, live.key()), limit, Tag::key));
  }

  private static List<Tag> after(@Nullable String marker, KmsKey key) {
    return key.tags().entrySet().stream()
        .filter(tag -> marker == null || tag.getKey().compareTo(marker) > 0)
        .map(tag -> new Tag(tag.getKey(), tag.getValue()))
        .toList();
  }
}
