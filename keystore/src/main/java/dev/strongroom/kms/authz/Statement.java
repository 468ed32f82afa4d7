// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.Operation;
import java.util.Set;

/**
 * One statement of a key policy.
 *
 * @param label names it in decisions, as {@code key policy, statement 1 "Admins"}
 * @param isDeny whether it denies; otherwise it allows
 */
record Statement(String label, boolean isDeny, Principals principals, Set<Operation> operations) {

  Statement {
    operations = Set.copyOf(operations);
  }

  boolean denies(Caller caller, Operation operation) {
    return isDeny && operations.contains(operation) && principals.include(caller);
  }

  boolean allows(Caller caller, Operation operation) {
    return !isDeny && operations.contains(operation) && principals.name(caller);
  }
}
