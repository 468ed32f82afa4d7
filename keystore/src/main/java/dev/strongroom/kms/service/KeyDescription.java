// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.ProtectionLevel;
import java.util.Map;
import java.util.Optional;

/**
 * The state that {@link Kms#ensureKey} brings a key into. What is empty is left as it is, and as
 * CreateKey has it where the key is made.
 *
 * @param alias tells which key it is; one is made where it names none
 * @param spec cannot be changed; SYMMETRIC_DEFAULT where the key is made
 * @param usage cannot be changed
 * @param origin cannot be changed; AWS_KMS or EXTERNAL
 * @param protectionLevel cannot be changed
 * @param multiRegion cannot be changed
 * @param policy in JSON; what differs in spaces only is the same
 * @param tags all of them: others are taken off
 * @param rotationPeriodInDays 90 to 2560; 0 for a key that does not rotate by itself; {@link
 *     #ANY_PERIOD} for one that does
 */
public record KeyDescription(
    Alias alias,
    Optional<CmkSpec> spec,
    Optional<KeyUsage> usage,
    Optional<KeyOrigin> origin,
    Optional<ProtectionLevel> protectionLevel,
    Optional<Boolean> multiRegion,
    Optional<String> description,
    Optional<String> policy,
    Optional<Map<String, String>> tags,
    Optional<Integer> rotationPeriodInDays,
    Optional<Boolean> enabled) {

  /** The key rotates by itself: as often as it does, or every 365 days. */
  public static final int ANY_PERIOD = -1;

  public KeyDescription {
    tags = tags.map(Map::copyOf);
  }

  /**
   * Reads a description in JSON: {@code AliasName}, and what else is wanted of {@code KeySpec},
   * {@code KeyUsage}, {@code Origin}, {@code ProtectionLevel}, {@code MultiRegion}, {@code
   * Description}, {@code Policy} (an object, or its text), {@code Tags} (as TagResource has them),
   * {@code KeyRotationEnabled}, {@code RotationPeriodInDays}, {@code Enabled}.
   *
   * @throws dev.strongroom.kms.KmsException.Validation if it is no such thing; names the place, and
   *     members that are unknown
   */
  public static KeyDescription parse(String json) {
    return new KeyDescriptionReader(json).read();
  }

  /** Returns the period of a key that did not rotate by itself until now. */
  static int period(int days) {
    return days == ANY_PERIOD ? Kms.DEFAULT_ROTATION_DAYS : days;
  }

  /** Returns what makes a key in that state. */
  CreateKeyRequest creation() {
    CreateKeyRequest request =
        CreateKeyRequest.of(spec.orElse(CmkSpec.SYMMETRIC_DEFAULT))
            .withAlias(alias)
            .withDescription(description.orElse(""))
            .withTags(tags.orElse(Map.of()))
            .withOrigin(origin.orElse(KeyOrigin.AWS_KMS));
    request = usage.map(request::withUsage).orElse(request);
    request = protectionLevel.map(request::withProtectionLevel).orElse(request);
    request = policy.map(request::withPolicy).orElse(request);
    request = multiRegion.orElse(false) ? request.inSeveralRegions() : request;
    int days = rotationPeriodInDays.orElse(0);
    request = days == 0 ? request : request.withRotation(period(days));
    return enabled.orElse(true) ? request : request.disabled();
  }
}
