// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.iam;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.authz.policy.Policy;
import dev.strongroom.kms.authz.policy.PolicyKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * What whoever assumes a role wants of the session; AWS's limits.
 *
 * @param name 2 to 64 letters, digits or characters of {@code _+=,.@-}
 * @param duration 900 seconds to what the role allows; to an hour where one role assumes another
 * @param policy a session policy, up to 2048 characters
 * @param policyArns up to 10 managed policies of the role's account
 */
public record SessionWish(
    String name, Duration duration, Optional<String> policy, List<String> policyArns) {
  private static final Pattern NAME = Pattern.compile("[\\w+=,.@-]{2,64}");
  private static final Duration SHORTEST = Duration.ofMinutes(15);
  private static final Duration LONGEST_CHAINED = Duration.ofHours(1);
  private static final int MAX_ARNS = 10;

  /** More bytes than the policies of a session can have: what they count against. */
  private static final int PACKED_LIMIT = 8192;

  public SessionWish {
    policyArns = List.copyOf(policyArns);
  }

  /**
   * @param chained whether the caller has assumed a role itself
   */
  void check(Duration longest, boolean chained) {
    if (!NAME.matcher(name).matches()) {
      throw new KmsException.Validation(
          "Not the name of a session: \""
              + name
              + "\". Use 2 to 64 letters, digits or characters of _+=,.@- such as"
              + " \"nightly-42\".");
    }
    if (duration.compareTo(SHORTEST) < 0 || duration.compareTo(longest) > 0) {
      throw new KmsException.Validation(
          "A session of this role lasts "
              + SHORTEST.toSeconds()
              + " to "
              + longest.toSeconds()
              + " seconds, not "
              + duration.toSeconds()
              + ". 'iam update-role --max-session-duration' changes what it may last at most.");
    }
    if (chained && duration.compareTo(LONGEST_CHAINED) > 0) {
      throw new KmsException.Validation(
          "A role that is assumed by a session of another lasts 3600 seconds at most, not "
              + duration.toSeconds()
              + ".");
    }
    if (policyArns.size() > MAX_ARNS) {
      throw new KmsException.Validation(
          "A session has "
              + MAX_ARNS
              + " managed policies at most, not "
              + policyArns.size()
              + ". Put several into one.");
    }
    policy.ifPresent(text -> Policy.parse(PolicyKind.SESSION, "", text));
  }

  /** Returns how much of the room for session policies they take, in percent; empty for none. */
  public OptionalInt packedPolicySize() {
    if (policy.isEmpty() && policyArns.isEmpty()) {
      return OptionalInt.empty();
    }
    int bytes = policy.map(SessionWish::bytes).orElse(0);
    bytes += policyArns.stream().mapToInt(SessionWish::bytes).sum();
    return OptionalInt.of((100 * bytes + PACKED_LIMIT - 1) / PACKED_LIMIT);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
