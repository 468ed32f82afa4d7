// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.match;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operators of conditions, without what can stand before and after their names. */
public enum Operator {
  // spotless:off
  STRING_EQUALS                ("StringEquals",              Family.STRING,  Comparison.EQUAL,            false),
  STRING_NOT_EQUALS            ("StringNotEquals",           Family.STRING,  Comparison.EQUAL,            true),
  STRING_EQUALS_IGNORE_CASE    ("StringEqualsIgnoreCase",    Family.STRING,  Comparison.EQUAL_ANY_CASE,   false),
  STRING_NOT_EQUALS_IGNORE_CASE("StringNotEqualsIgnoreCase", Family.STRING,  Comparison.EQUAL_ANY_CASE,   true),
  STRING_LIKE                  ("StringLike",                Family.STRING,  Comparison.LIKE,             false),
  STRING_NOT_LIKE              ("StringNotLike",             Family.STRING,  Comparison.LIKE,             true),
  NUMERIC_EQUALS               ("NumericEquals",             Family.NUMERIC, Comparison.EQUAL,            false),
  NUMERIC_NOT_EQUALS           ("NumericNotEquals",          Family.NUMERIC, Comparison.EQUAL,            true),
  NUMERIC_LESS_THAN            ("NumericLessThan",           Family.NUMERIC, Comparison.LESS,             false),
  NUMERIC_LESS_THAN_EQUALS     ("NumericLessThanEquals",     Family.NUMERIC, Comparison.LESS_OR_EQUAL,    false),
  NUMERIC_GREATER_THAN         ("NumericGreaterThan",        Family.NUMERIC, Comparison.GREATER,          false),
  NUMERIC_GREATER_THAN_EQUALS  ("NumericGreaterThanEquals",  Family.NUMERIC, Comparison.GREATER_OR_EQUAL, false),
  DATE_EQUALS                  ("DateEquals",                Family.DATE,    Comparison.EQUAL,            false),
  DATE_NOT_EQUALS              ("DateNotEquals",             Family.DATE,    Comparison.EQUAL,            true),
  DATE_LESS_THAN               ("DateLessThan",              Family.DATE,    Comparison.LESS,             false),
  DATE_LESS_THAN_EQUALS        ("DateLessThanEquals",        Family.DATE,    Comparison.LESS_OR_EQUAL,    false),
  DATE_GREATER_THAN            ("DateGreaterThan",           Family.DATE,    Comparison.GREATER,          false),
  DATE_GREATER_THAN_EQUALS     ("DateGreaterThanEquals",     Family.DATE,    Comparison.GREATER_OR_EQUAL, false),
  BOOL                         ("Bool",                      Family.BOOL,    Comparison.EQUAL,            false),
  BINARY_EQUALS                ("BinaryEquals",              Family.BINARY,  Comparison.EQUAL,            false),
  IP_ADDRESS                   ("IpAddress",                 Family.IP,      Comparison.LIKE,             false),
  NOT_IP_ADDRESS               ("NotIpAddress",              Family.IP,      Comparison.LIKE,             true),
  ARN_EQUALS                   ("ArnEquals",                 Family.ARN,     Comparison.LIKE,             false),
  ARN_NOT_EQUALS               ("ArnNotEquals",              Family.ARN,     Comparison.LIKE,             true),
  ARN_LIKE                     ("ArnLike",                   Family.ARN,     Comparison.LIKE,             false),
  ARN_NOT_LIKE                 ("ArnNotLike",                Family.ARN,     Comparison.LIKE,             true),
  NULL                         ("Null",                      Family.NULL,    Comparison.EQUAL,            false);
  // spotless:on

  /** What kind of values an operator compares. */
  public enum Family {
    STRING,
    NUMERIC,
    DATE,
    BOOL,
    BINARY,
    IP,
    ARN,
    /** Whether there is a value at all. */
    NULL
  }

  /** How a value of the request is compared with one of the policy. */
  enum Comparison {
    EQUAL,
    EQUAL_ANY_CASE,
    LIKE,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL;

    /** Returns whether it holds of two values that a Comparable has compared. */
    boolean holds(int compared) {
      return switch (this) {
        case EQUAL, EQUAL_ANY_CASE, LIKE -> compared == 0;
        case LESS -> compared < 0;
        case LESS_OR_EQUAL -> compared <= 0;
        case GREATER -> compared > 0;
        case GREATER_OR_EQUAL -> compared >= 0;
      };
    }
  }

  private final String policyName;
  private final Family family;
  private final Comparison comparison;
  private final boolean negated;

  Operator(String policyName, Family family, Comparison comparison, boolean negated) {
    this.policyName = policyName;
    this.family = family;
    this.comparison = comparison;
    this.negated = negated;
  }

  /** Returns the operator of that name, with its case; null where there is none. */
  public static @Nullable Operator find(String policyName) {
    for (Operator operator : values()) {
      if (operator.policyName.equals(policyName)) {
        return operator;
      }
    }
    return null;
  }

  /** Returns all names. */
  public static List<String> names() {
    return Arrays.stream(values()).map(Operator::policyName).toList();
  }

  public String policyName() {
    return policyName;
  }

  public Family family() {
    return family;
  }

  Comparison comparison() {
    return comparison;
  }

  /** Returns whether it asks that no value of the policy fits. */
  boolean isNegated() {
    return negated;
  }
}
