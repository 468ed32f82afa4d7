// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.policy;

import dev.strongroom.kms.authz.match.ConditionTest;
import dev.strongroom.kms.authz.match.ConditionTest.Form;
import dev.strongroom.kms.authz.match.ConditionTest.Quantifier;
import dev.strongroom.kms.authz.match.Operator;
import dev.strongroom.kms.authz.match.Operator.Family;
import dev.strongroom.kms.authz.request.ConditionKey;
import dev.strongroom.kms.authz.request.ConditionName;
import dev.strongroom.kms.authz.request.RefusedConditionKeys;
import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.json.JsonNode;
import dev.strongroom.kms.json.JsonNode.Member;
import dev.strongroom.kms.json.JsonNode.ObjectNode;
import dev.strongroom.kms.json.JsonPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads the conditions of a statement: what no request could ever meet is refused here. */
final class ConditionReader {
  private static final String IF_EXISTS = "IfExists";

  private final PolicyKind kind;
  private final boolean variables;

  ConditionReader(PolicyKind kind, boolean variables) {
    this.kind = kind;
    this.variables = variables;
  }

  List<ConditionTest> read(JsonNode node) {
    List<ConditionTest> tests = new ArrayList<>();
    for (Map.Entry<String, Member> entry : Nodes.object("Condition", node).members().entrySet()) {
      Form form = form(entry.getValue().nameAt(), entry.getKey());
      ObjectNode keys = Nodes.object(entry.getKey(), entry.getValue().value());
      if (keys.members().isEmpty()) {
        throw Nodes.malformed(
            keys.at(), "No condition key is named. Name one, such as \"kms:CallerAccount\".");
      }
      for (Map.Entry<String, Member> key : keys.members().entrySet()) {
        tests.add(test(form, key.getKey(), key.getValue()));
      }
    }
    return tests;
  }

  private static Form form(JsonPosition at, String text) {
    Quantifier quantifier = Quantifier.NONE;
    for (Quantifier candidate : List.of(Quantifier.FOR_ALL, Quantifier.FOR_ANY)) {
      if (text.startsWith(candidate.prefix())) {
        quantifier = candidate;
      }
    }
    boolean ifExists = text.endsWith(IF_EXISTS);
    String name =
        text.substring(
            quantifier.prefix().length(), text.length() - (ifExists ? IF_EXISTS.length() : 0));
    Operator operator = Operator.find(name);
    if (operator == null) {
      throw Nodes.malformed(
          at,
          "There is no operator "
              + Json.write(text)
              + ". Allowed, each also with ForAllValues: or ForAnyValue: before and IfExists after: "
              + String.join(", ", Operator.names())
              + ".");
    }
    if (operator == Operator.NULL && (ifExists || quantifier != Quantifier.NONE)) {
      throw Nodes.malformed(
          at, "Null stands alone: without ForAllValues:, ForAnyValue:, IfExists.");
    }
    return new Form(quantifier, operator, ifExists);
  }

  private ConditionTest test(Form form, String text, Member member) {
    ConditionName name = name(text, member.nameAt());
    requireFit(form, name, member.nameAt());
    List<String> values = new ArrayList<>();
    for (JsonNode item : Nodes.listOf(member.value())) {
      String value = Nodes.scalar("A value of a condition", item);
      try {
        ConditionTest.of(form, name, List.of(value), variables);
      } catch (IllegalArgumentException e) {
        throw Nodes.malformed(item.at(), String.valueOf(e.getMessage()));
      }
      values.add(value);
    }
    return ConditionTest.of(form, name, values, variables);
  }

  private ConditionName name(String text, JsonPosition at) {
    ConditionName name = ConditionName.find(text);
    if (name == null) {
      String reason = RefusedConditionKeys.reason(text);
      throw Nodes.malformed(
          at,
          reason.isEmpty()
              ? "There is no condition key "
                  + Json.write(text)
                  + ". Those of AWS KMS, such as kms:ViaService, and the global ones, such as"
                  + " aws:PrincipalTag/<name>, are known here."
              : Json.write(text)
                  + " would never have a value: "
                  + reason
                  + ". Remove the condition, or say it by another key.");
    }
    if (kind == PolicyKind.KEY && name.key() == ConditionKey.RESOURCE_ALIASES) {
      throw Nodes.malformed(
          at,
          "kms:ResourceAliases can stand in identity policies only; use kms:RequestAlias, or put the"
              + " condition there.");
    }
    return name;
  }

  private static void requireFit(Form form, ConditionName name, JsonPosition at) {
    ConditionKey key = name.key();
    if (key.hasSeveralValues()
        && form.quantifier() == Quantifier.NONE
        && form.operator() != Operator.NULL) {
      throw Nodes.malformed(
          at,
          key.keyName()
              + " has several values: write ForAllValues: or ForAnyValue: before the operator.");
    }
    if (form.quantifier() == Quantifier.FOR_ALL
        && (key == ConditionKey.ENCRYPTION_CONTEXT || key == ConditionKey.REQUEST_TAG)) {
      // AWS KMS refuses this as OverlyPermissiveCondition.
      throw Nodes.malformed(
          at,
          "ForAllValues: holds for every request without "
              + name
              + ". Remove ForAllValues: here; the key has one value.");
    }
    if (!fits(form.operator().family(), key.type())) {
      throw Nodes.malformed(
          at,
          form.operator().policyName()
              + " can never fit "
              + key.keyName()
              + ". Use an operator whose name begins with "
              + operators(key.type())
              + ".");
    }
  }

  private static boolean fits(Family family, ConditionKey.Type type) {
    if (family == Family.NULL || family == Family.STRING) {
      return true;
    }
    return switch (type) {
      case FREE -> true;
      case STRING, ARN -> family == Family.ARN;
      case BOOL -> family == Family.BOOL;
      case NUMERIC -> family == Family.NUMERIC;
      case DATE -> family == Family.DATE || family == Family.NUMERIC;
      case IP -> family == Family.IP;
    };
  }

  private static String operators(ConditionKey.Type type) {
    return switch (type) {
      case FREE, STRING -> "String";
      case ARN -> "Arn or String";
      case BOOL -> "Bool";
      case NUMERIC -> "Numeric";
      case DATE -> "Date";
      case IP -> "IpAddress";
    };
  }
}
