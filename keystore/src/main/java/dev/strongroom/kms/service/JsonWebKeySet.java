// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.json.Json;
import java.util.List;
import java.util.Map;

/**
 * The public keys of all generations of a key that signs, as a JSON Web Key Set (RFC 7517 §5), the
 * newest first.
 *
 * @param keys each with {@code kid}, the key material id of that generation; values are texts, and
 *     {@code x5c} a list of them
 */
public record JsonWebKeySet(List<Map<String, Object>> keys) {

  public JsonWebKeySet {
    keys = List.copyOf(keys);
  }

  /** Returns the set as JSON, in one line. */
  public String toJson() {
    return Json.write(Map.of("keys", keys));
  }
}
