// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.match;

import dev.strongroom.kms.authz.request.FactReader;

/** One value of a condition, ready to be compared. */
interface ValueTest {

  /**
   * Returns whether a value of the request fits. A value that is not of the operator's kind does
   * not.
   *
   * @param value a String or an Instant
   */
  boolean fits(Object value, FactReader facts);
}
