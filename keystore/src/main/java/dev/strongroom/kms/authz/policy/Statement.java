// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.policy;

import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.match.ConditionTest;
import dev.strongroom.kms.authz.request.FactReader;
import dev.strongroom.kms.authz.request.Principal;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One statement of a policy, compiled. Its questions are apart, so that a decision asks the
 * cheapest first and an explanation asks them all.
 */
public final class Statement {
  private final String policy;
  private final int number;
  private final String sid;
  private final boolean isDeny;
  private final @Nullable Principals principals;
  private final Set<Operation> operations;
  private final Resources resources;
  private final ConditionTest[] conditions;
  private final @Nullable String unreadable;

  /**
   * What makes up a statement.
   *
   * @param principals null in policies whose owner is who they are about
   * @param unreadable what was wrong with the conditions of a stored statement: it allows nothing
   *     then, and denies whatever they say
   */
  record Parts(
      String sid,
      boolean isDeny,
      @Nullable Principals principals,
      Set<Operation> operations,
      Resources resources,
      List<ConditionTest> conditions,
      @Nullable String unreadable) {}

  Statement(String policy, int number, Parts parts) {
    this.policy = policy;
    this.number = number;
    this.sid = parts.sid();
    this.isDeny = parts.isDeny();
    this.principals = parts.principals();
    this.operations = copy(parts.operations());
    this.resources = parts.resources();
    this.conditions = parts.conditions().toArray(new ConditionTest[0]);
    this.unreadable = parts.unreadable();
  }

  private static Set<Operation> copy(Set<Operation> operations) {
    EnumSet<Operation> copy = EnumSet.noneOf(Operation.class);
    copy.addAll(operations);
    return copy;
  }

  /** Returns the policy's name, as {@code key policy}. */
  public String policy() {
    return policy;
  }

  /** Returns its place in the policy, from 1. */
  public int number() {
    return number;
  }

  /** Returns its Sid; empty where it has none. */
  public String sid() {
    return sid;
  }

  public boolean isDeny() {
    return isDeny;
  }

  /** Returns {@code key policy, statement 1 "Admins"}, as audit records name it. */
  public String label() {
    return policy + ", statement " + number + (sid.isEmpty() ? "" : " \"" + sid + "\"");
  }

  Set<Operation> operations() {
    return operations;
  }

  /** Returns whether the operation is one of those that it is about. */
  public boolean isAbout(Operation operation) {
    return operations.contains(operation);
  }

  /** Returns whether it names the caller itself, as an Allow that suffices. */
  public boolean names(Principal caller) {
    return principals == null || principals.name(caller);
  }

  /** Returns whether it lets the identity policies of the caller's account count. */
  public boolean delegatesTo(Principal caller) {
    return principals != null && principals.delegateTo(caller);
  }

  /** Returns whether the caller is among those that a Deny is about. */
  public boolean includes(Principal caller) {
    return principals == null || principals.include(caller);
  }

  /** Returns whether it is about that resource; where that is ambiguous, whether it denies. */
  public boolean isAbout(String resource, FactReader facts) {
    return closed(resources.include(resource, facts), facts);
  }

  /** Returns an answer, or that which allows less where it rests on something ambiguous. */
  private boolean closed(boolean answer, FactReader facts) {
    return facts.takeAmbiguity() ? isDeny : answer;
  }

  /** Returns whether all conditions hold; those that are ambiguous do where it denies. */
  public boolean conditionsHold(FactReader facts) {
    if (unreadable != null) {
      return isDeny;
    }
    for (ConditionTest condition : conditions) {
      if (!closed(condition.holds(facts), facts)) {
        return false;
      }
    }
    return true;
  }

  /** Returns the conditions that do not hold. */
  public List<ConditionTest> failingConditions(FactReader facts) {
    return List.of(conditions).stream()
        .filter(condition -> !closed(condition.holds(facts), facts))
        .toList();
  }

  /** Returns all conditions. */
  public List<ConditionTest> conditions() {
    return List.of(conditions);
  }

  /** Returns what is wrong with the conditions of a stored statement; null where nothing is. */
  public @Nullable String unreadable() {
    return unreadable;
  }

  /** Returns the principals that it names; empty where it names none. */
  public Set<String> principals() {
    return principals == null ? Set.of() : principals.named();
  }

  /** Returns whether it names whom it is not about. */
  public boolean hasNotPrincipal() {
    return principals != null && principals.isNot();
  }

  /** Returns what it is about, for people. */
  public String resources() {
    return resources.toString();
  }

  /** Returns the names of the operations that it is about, sorted. */
  public Set<String> actions() {
    Set<String> names = new TreeSet<>();
    operations.forEach(operation -> names.add(operation.action()));
    return names;
  }

  @Override
  public String toString() {
    return label();
  }
}
