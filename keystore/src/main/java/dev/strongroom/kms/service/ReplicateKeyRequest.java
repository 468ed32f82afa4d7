// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyRef;
import java.util.Map;
import java.util.Optional;

/**
 * What ReplicateKey is given.
 *
 * @param key a primary multi-Region key
 * @param replicaRegion a region that the settings name
 * @param policy the replica's own, in JSON; empty for the default one
 * @param description the replica's own, up to 8192 characters
 * @param tags the replica's own, up to 50
 */
public record ReplicateKeyRequest(
    KeyRef key,
    String replicaRegion,
    Optional<String> policy,
    String description,
    Map<String, String> tags) {

  public ReplicateKeyRequest {
    tags = Map.copyOf(tags);
  }

  /** With the default policy, and without description and tags. */
  public static ReplicateKeyRequest of(KeyRef key, String replicaRegion) {
    return new ReplicateKeyRequest(key, replicaRegion, Optional.empty(), "", Map.of());
  }

  public ReplicateKeyRequest withPolicy(String json) {
    return new ReplicateKeyRequest(key, replicaRegion, Optional.of(json), description, tags);
  }

  public ReplicateKeyRequest withDescription(String text) {
    return new ReplicateKeyRequest(key, replicaRegion, policy, text, tags);
  }

  public ReplicateKeyRequest withTags(Map<String, String> newTags) {
    return new ReplicateKeyRequest(key, replicaRegion, policy, description, newTags);
  }
}
