// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.iam;

import dev.strongroom.kms.RoleSession;

/**
 * A new session with its access key, whose secret exists nowhere else.
 *
 * @param accessKey belongs to whoever has this, who destroys it
 */
public record IssuedSession(IssuedAccessKey accessKey, String sessionToken, RoleSession session) {

  @Override
  public String toString() {
    return "IssuedSession[" + session.arn() + "]";
  }
}
