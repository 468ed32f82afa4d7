// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import java.time.Instant;

/**
 * One thing that a user, group, role or managed policy has.
 *
 * @param name tells parts of a type apart; what it is depends on the type
 * @param text a policy document or other text; empty where the type has none
 */
public record IamPart(Type type, String name, String text, Instant creationDate) {

  /** What a part is. */
  public enum Type {
    /** An inline policy, by its name. */
    INLINE,
    /** A managed policy that is attached, by its ARN. */
    ATTACHED,
    /** The managed policy that bounds a user or role, by its ARN; there is one at most. */
    BOUNDARY,
    /** A group that a user is in, by its name. */
    GROUP,
    /** The trust policy of a role. */
    TRUST,
    /** How long a session of a role may last; its text is the number of seconds. */
    MAX_SESSION,
    /** What people wrote about it. */
    DESCRIPTION,
    /** A version of a managed policy, by its number. */
    VERSION,
    /** Which version counts; its text is the number. */
    DEFAULT_VERSION,
    /** A tag of a user or role, by its key; its text is the value. */
    TAG
  }

  /** A part that is there once, and so has no name. */
  static IamPart single(Type type, String text, Instant creationDate) {
    return new IamPart(type, "", text, creationDate);
  }
}
