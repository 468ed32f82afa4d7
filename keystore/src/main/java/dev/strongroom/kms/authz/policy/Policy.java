// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.policy;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A policy document, compiled: its statements, and for each operation those that are about it.
 *
 * <p>Everything in a document is understood or refused; nothing is ignored. A document that was
 * accepted once and is not understood any more (an operator or key that only a newer version has)
 * fails safe: its statement allows nothing and denies whatever its conditions say.
 */
public final class Policy {
  private final PolicyKind kind;
  private final String name;
  private final String text;
  private final List<Statement> statements;
  private final Map<Operation, List<Statement>> denials = new EnumMap<>(Operation.class);
  private final Map<Operation, List<Statement>> permissions = new EnumMap<>(Operation.class);

  private Policy(PolicyKind kind, String name, String text, List<Statement> statements) {
    this.kind = kind;
    this.name = name;
    this.text = text;
    this.statements = List.copyOf(statements);
    for (Statement statement : statements) {
      Map<Operation, List<Statement>> index = statement.isDeny() ? denials : permissions;
      List<Statement> alone = List.of(statement);
      statement.operations().forEach(operation -> index.merge(operation, alone, Policy::joined));
    }
  }

  private static List<Statement> joined(List<Statement> first, List<Statement> then) {
    List<Statement> both = new ArrayList<>(first);
    both.addAll(then);
    return List.copyOf(both);
  }

  /**
   * Reads a policy that somebody wants to put.
   *
   * @param name the name or ARN that people know it by; empty for the only one of its kind
   * @throws KmsException.MalformedPolicyDocument if it is not one; with line, column and what is
   *     allowed there
   * @throws KmsException.LimitExceeded if it is too long
   */
  public static Policy parse(PolicyKind kind, String name, String text) {
    String title = title(kind, name);
    return new Policy(kind, title, text, new PolicyReader(kind, title, text, false).statements());
  }

  /**
   * Reads a policy that was put some time ago. Never fails: what is not understood fails safe, and
   * a text that is no policy at all denies everything.
   */
  public static Policy stored(PolicyKind kind, String name, String text) {
    String title = title(kind, name);
    try {
      return new Policy(kind, title, text, new PolicyReader(kind, title, text, true).statements());
    } catch (KmsException.MalformedPolicyDocument | KmsException.LimitExceeded e) {
      return new Policy(
          kind, title, text, List.of(denialOfAll(title, String.valueOf(e.getMessage()))));
    }
  }

  private static Statement denialOfAll(String title, String reason) {
    return new Statement(
        title + " that cannot be read",
        1,
        new Statement.Parts(
            reason,
            true,
            Principals.everyone(),
            EnumSet.allOf(Operation.class),
            Resources.ALL,
            List.of(),
            reason));
  }

  private static String title(PolicyKind kind, String name) {
    return name.isEmpty() ? kind.title() : kind.title() + " " + name;
  }

  public PolicyKind kind() {
    return kind;
  }

  /** Returns {@code managed policy arn:aws:iam::…}, as decisions name it. */
  public String name() {
    return name;
  }

  /** Returns the document as it was given. */
  public String text() {
    return text;
  }

  public List<Statement> statements() {
    return statements;
  }

  /** Returns the Deny statements that are about the operation, in their order. */
  public List<Statement> denials(Operation operation) {
    return denials.getOrDefault(operation, List.of());
  }

  /** Returns the Allow statements that are about the operation, in their order. */
  public List<Statement> permissions(Operation operation) {
    return permissions.getOrDefault(operation, List.of());
  }

  /**
   * Returns the principals that it names, by ARN or unique id, and {@code "*"}: whoever puts a
   * policy checks that they exist.
   */
  public Set<String> principals() {
    Set<String> all = new TreeSet<>();
    statements.forEach(statement -> all.addAll(statement.principals()));
    return all;
  }

  /** Policies are equal when their kinds, names and texts are. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Policy policy
        && kind == policy.kind
        && name.equals(policy.name)
        && text.equals(policy.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return name + " [" + statements.size() + " statements]";
  }
}
