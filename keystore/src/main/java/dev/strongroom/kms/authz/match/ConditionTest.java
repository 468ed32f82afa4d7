// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.match;

import dev.strongroom.kms.authz.request.ConditionName;
import dev.strongroom.kms.authz.request.FactReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One condition of a statement: an operator, a key and the values to compare with.
 *
 * <p>A positive operator holds if any value fits, a negated one if none does. Without a value of
 * the key in the request, negated ones hold and positive ones do not; with {@code …IfExists} both
 * hold; {@code ForAllValues:} holds and {@code ForAnyValue:} does not.
 */
public final class ConditionTest {

  /** How the values of a key that has several are taken. */
  public enum Quantifier {
    NONE(""),
    FOR_ALL("ForAllValues:"),
    FOR_ANY("ForAnyValue:");

    private final String prefix;

    Quantifier(String prefix) {
      this.prefix = prefix;
    }

    /** Returns what stands before the operator. */
    public String prefix() {
      return prefix;
    }
  }

  /** An operator with what stands before and after its name. */
  public record Form(Quantifier quantifier, Operator operator, boolean ifExists) {
    @Override
    public String toString() {
      return quantifier.prefix() + operator.policyName() + (ifExists ? "IfExists" : "");
    }
  }

  private static final String AMBIGUOUS = "several values, of names that differ in case only";

  private final Form form;
  private final ConditionName name;
  private final List<String> expected;
  private final ValueTest[] tests;

  private ConditionTest(
      Form form, ConditionName name, List<String> expected, List<ValueTest> tests) {
    this.form = form;
    this.name = name;
    this.expected = List.copyOf(expected);
    this.tests = tests.toArray(new ValueTest[0]);
  }

  /**
   * Returns a condition.
   *
   * @param variables whether values may hold variables
   * @throws IllegalArgumentException if a value is none for the operator; the message is a sentence
   */
  public static ConditionTest of(
      Form form, ConditionName name, List<String> values, boolean variables) {
    List<ValueTest> tests = new ArrayList<>();
    for (String value : values) {
      tests.add(ValueTests.of(form.operator(), value, variables));
    }
    return new ConditionTest(form, name, values, tests);
  }

  /** Returns whether the condition holds for the request. */
  public boolean holds(FactReader facts) {
    Object value = facts.value(name);
    if (form.operator().family() == Operator.Family.NULL) {
      return fitsAny(value == null ? "true" : "false", facts);
    }
    boolean negated = form.operator().isNegated();
    if (value == null) {
      return form.ifExists()
          || form.quantifier() == Quantifier.FOR_ALL
          || (negated && form.quantifier() == Quantifier.NONE);
    }
    // Nearly all are texts; to find out that one is no List takes a third of a decision.
    if (value instanceof String || !(value instanceof List<?> several)) {
      return negated != fitsAny(value, facts);
    }
    boolean forAll = form.quantifier() == Quantifier.FOR_ALL;
    for (Object one : several) {
      if ((negated != fitsAny(one, facts)) != forAll) {
        return !forAll;
      }
    }
    return forAll;
  }

  private boolean fitsAny(Object value, FactReader facts) {
    for (ValueTest test : tests) {
      if (test.fits(value, facts)) {
        return true;
      }
    }
    return false;
  }

  public Form form() {
    return form;
  }

  public ConditionName name() {
    return name;
  }

  /** Returns the values as the policy has them. */
  public List<String> expected() {
    return expected;
  }

  /** Returns what the request has, for people; null where it has nothing. */
  public @Nullable String actual(FactReader facts) {
    Object value = facts.value(name);
    if (facts.takeAmbiguity()) {
      return AMBIGUOUS;
    }
    return value == null ? null : value.toString();
  }

  /** Returns {@code StringEquals kms:KeySpec "RSA_2048"}, as explanations quote it. */
  @Override
  public String toString() {
    return form + " " + name + " \"" + String.join("\" or \"", expected) + "\"";
  }
}
