// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.json.JsonException;
import dev.strongroom.kms.json.JsonNode;
import dev.strongroom.kms.json.JsonNode.ArrayNode;
import dev.strongroom.kms.json.JsonNode.Member;
import dev.strongroom.kms.json.JsonNode.ObjectNode;
import dev.strongroom.kms.json.JsonNode.TextNode;
import dev.strongroom.kms.json.JsonPosition;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one key policy; every refusal names the place, the element and what is allowed. */
final class KeyPolicyReader {
  private static final List<String> VERSIONS = List.of("2012-10-17", "2008-10-17");
  private static final List<String> DOCUMENT = List.of("Version", "Id", "Statement");
  private static final List<String> STATEMENT =
      List.of("Sid", "Effect", "Principal", "Action", "Resource");
  private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");
  private static final Pattern PRINCIPAL_ARN =
      Pattern.compile("arn:aws:iam::([0-9]{12}):(root|user/[A-Za-z0-9+=,.@_/-]{1,575})");

  private final String text;

  KeyPolicyReader(String text) {
    this.text = text;
  }

  List<Statement> statements() {
    checkCharacters();
    ObjectNode document = object("The policy", parse());
    checkNames("a policy", document, DOCUMENT);
    checkVersion(document);
    optionalText(document, "Id");

    List<Statement> statements = new ArrayList<>();
    for (JsonNode node : listOf(required("a policy", document, "Statement"))) {
      statements.add(statement(statements.size() + 1, object("A statement", node)));
    }
    return statements;
  }

  private void checkCharacters() {
    for (int i = 0, line = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        line++;
      } else if (c != '\t' && c != '\r' && (c < ' ' || c > 'ÿ')) {
        int column = i - text.lastIndexOf('\n', i);
        throw malformed(
            new JsonPosition(line, column),
            String.format(
                "The character U+%04X cannot stand in a policy. Use U+0020 to U+00FF.", (int) c));
      }
    }
  }

  private JsonNode parse() {
    try {
      return Json.parseNode(text, KeyPolicy.MAX_BYTES);
    } catch (JsonException e) {
      throw new KmsException.MalformedPolicyDocument(e.getMessage());
    }
  }

  private static void checkVersion(ObjectNode document) {
    Member version = document.members().get("Version");
    if (version != null && !VERSIONS.contains(text("Version", version.value()))) {
      throw malformed(version.value().at(), "Version must be \"2012-10-17\" or \"2008-10-17\".");
    }
  }

  private static Statement statement(int number, ObjectNode node) {
    checkNames("a statement", node, STATEMENT);
    String sid = optionalText(node, "Sid");
    JsonNode effect = required("a statement", node, "Effect");
    if (!List.of("Allow", "Deny").contains(text("Effect", effect))) {
      throw malformed(effect.at(), "Effect must be \"Allow\" or \"Deny\".");
    }
    Principals principals = principals(required("a statement", node, "Principal"));
    Set<Operation> operations = operations(required("a statement", node, "Action"));
    checkResource(required("a statement", node, "Resource"));

    String label = "key policy, statement " + number + (sid.isEmpty() ? "" : " \"" + sid + "\"");
    boolean isDeny = text("Effect", effect).equals("Deny");
    return new Statement(label, isDeny, principals, operations);
  }

  private static Principals principals(JsonNode node) {
    if (node instanceof TextNode word && word.text().equals("*")) {
      return new Principals(true, Set.of(), Set.of());
    }
    if (!(node instanceof ObjectNode kinds)) {
      throw malformed(
          node.at(), "Principal must be \"*\" or an object such as {\"AWS\": \"123456789012\"}.");
    }
    checkNames("Principal", kinds, List.of("AWS"));

    boolean everyone = false;
    Set<String> accounts = new HashSet<>();
    Set<String> userArns = new HashSet<>();
    for (JsonNode item : listOf(required("Principal", kinds, "AWS"))) {
      String name = text("A principal", item);
      Matcher arn = PRINCIPAL_ARN.matcher(name);
      if (name.equals("*")) {
        everyone = true;
      } else if (ACCOUNT.matcher(name).matches()) {
        accounts.add(name);
      } else if (!arn.matches()) {
        throw malformed(
            item.at(),
            "A principal is \"*\", an account of 12 digits, arn:aws:iam::<account>:root or"
                + " arn:aws:iam::<account>:user/<name>, without wildcards.");
      } else if (arn.group(2).equals("root")) {
        accounts.add(arn.group(1));
      } else {
        userArns.add(name);
      }
    }
    return new Principals(everyone, accounts, userArns);
  }

  private static Set<Operation> operations(JsonNode node) {
    EnumSet<Operation> operations = EnumSet.noneOf(Operation.class);
    for (JsonNode item : listOf(node)) {
      ActionPattern pattern = new ActionPattern(text("An action", item));
      if (!pattern.isKnown()) {
        throw malformed(
            item.at(),
            "There is no such action. Write \"kms:\" and the name of an operation, such as"
                + " \"kms:Decrypt\"; * stands for any characters, ? for one.");
      }
      operations.addAll(pattern.operations());
    }
    return operations;
  }

  private static void checkResource(JsonNode node) {
    for (JsonNode item : listOf(node)) {
      if (!text("Resource", item).equals("*")) {
        throw malformed(
            item.at(), "Resource must be \"*\": in a key policy that is the key it belongs to.");
      }
    }
  }

  private static void checkNames(String where, ObjectNode node, List<String> allowed) {
    for (Map.Entry<String, Member> member : node.members().entrySet()) {
      if (!allowed.contains(member.getKey())) {
        throw malformed(
            member.getValue().nameAt(),
            Json.write(member.getKey())
                + " cannot stand in "
                + where
                + ". Allowed: "
                + String.join(", ", allowed)
                + ".");
      }
    }
  }

  private static JsonNode required(String where, ObjectNode node, String name) {
    Member member = node.members().get(name);
    if (member == null) {
      throw malformed(node.at(), name + " is missing in " + where + ".");
    }
    return member.value();
  }

  /** Returns the text of a member; empty where there is none. */
  private static String optionalText(ObjectNode node, String name) {
    Member member = node.members().get(name);
    return member == null ? "" : text(name, member.value());
  }

  private static String text(String what, JsonNode node) {
    if (!(node instanceof TextNode word)) {
      throw malformed(node.at(), what + " must be a text, not " + node.kind() + ".");
    }
    return word.text();
  }

  private static ObjectNode object(String what, JsonNode node) {
    if (!(node instanceof ObjectNode object)) {
      throw malformed(node.at(), what + " must be an object, not " + node.kind() + ".");
    }
    return object;
  }

  /** Returns the items of an array, or the node itself: the language lets a list of one be bare. */
  private static List<JsonNode> listOf(JsonNode node) {
    if (!(node instanceof ArrayNode array)) {
      return List.of(node);
    }
    if (array.items().isEmpty()) {
      throw malformed(node.at(), "This list is empty. Name at least one.");
    }
    return array.items();
  }

  private static KmsException.MalformedPolicyDocument malformed(JsonPosition at, String message) {
    return new KmsException.MalformedPolicyDocument(at.sentenceStart() + ": " + message);
  }
}
