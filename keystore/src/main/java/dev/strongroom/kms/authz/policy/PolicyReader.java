// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.policy;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.authz.match.ConditionTest;
import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.json.JsonException;
import dev.strongroom.kms.json.JsonNode;
import dev.strongroom.kms.json.JsonNode.ObjectNode;
import dev.strongroom.kms.json.JsonPosition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one policy; every refusal names the place, the element and what is allowed. */
final class PolicyReader {
  private static final String VERSION_WITH_VARIABLES = "2012-10-17";
  private static final List<String> DOCUMENT = List.of("Version", "Id", "Statement");
  private static final Pattern IDENTITY_SID = Pattern.compile("[A-Za-z0-9]*");

  private final PolicyKind kind;
  private final String name;
  private final String text;
  private final boolean isStored;

  /**
   * @param name what statements call their policy
   * @param isStored whether conditions that are not understood make a statement fail safe instead
   *     of the policy be refused
   */
  PolicyReader(PolicyKind kind, String name, String text, boolean isStored) {
    this.kind = kind;
    this.name = name;
    this.text = text;
    this.isStored = isStored;
  }

  List<Statement> statements() {
    checkLength();
    checkCharacters();
    ObjectNode document = Nodes.object("The policy", parse());
    Nodes.checkNames("a policy", document, DOCUMENT);
    boolean variables = hasVariables(document);
    Nodes.optionalText(document, "Id");

    List<Statement> statements = new ArrayList<>();
    Set<String> sids = new HashSet<>();
    for (JsonNode node : Nodes.listOf(Nodes.required("a policy", document, "Statement"))) {
      ObjectNode element = Nodes.object("A statement", node);
      Statement statement = new Statement(name, statements.size() + 1, parts(element, variables));
      checkSid(element, statement.sid(), sids);
      statements.add(statement);
    }
    return statements;
  }

  private void checkLength() {
    int length = text.length() > PolicyKind.MAX_CHARS ? text.length() : kind.length(text);
    if (length > kind.limit()) {
      throw new KmsException.LimitExceeded(
          "The "
              + kind.title()
              + " is "
              + length
              + " "
              + kind.unit()
              + " long; at most "
              + kind.limit()
              + " may be. Shorten it, or name fewer principals.");
    }
    if (text.length() > PolicyKind.MAX_CHARS) {
      throw new KmsException.LimitExceeded(
          "The "
              + kind.title()
              + " has "
              + text.length()
              + " characters with its white space; at most "
              + PolicyKind.MAX_CHARS
              + " are read. Remove some.");
    }
  }

  private void checkCharacters() {
    for (int i = 0, line = 1, lineStart = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        line++;
        lineStart = i + 1;
      } else if (c != '\t' && c != '\r' && (c < ' ' || c > 'ÿ')) {
        throw Nodes.malformed(
            new JsonPosition(line, i - lineStart + 1),
            "The character U+"
                + HexFormat.of().withUpperCase().toHexDigits(c)
                + " cannot stand in a policy. Use U+0020 to U+00FF.");
      }
    }
  }

  private JsonNode parse() {
    try {
      return Json.parseNode(text, PolicyKind.MAX_CHARS);
    } catch (JsonException e) {
      throw new KmsException.MalformedPolicyDocument(e.getMessage());
    }
  }

  private static boolean hasVariables(ObjectNode document) {
    JsonNode version = Nodes.optional(document, "Version");
    if (version == null) {
      return false;
    }
    String text = Nodes.text("Version", version);
    if (!text.equals(VERSION_WITH_VARIABLES) && !text.equals("2008-10-17")) {
      throw Nodes.malformed(version.at(), "Version must be \"2012-10-17\" or \"2008-10-17\".");
    }
    return text.equals(VERSION_WITH_VARIABLES);
  }

  private void checkSid(ObjectNode statement, String sid, Set<String> seen) {
    if (sid.isEmpty() || kind == PolicyKind.KEY) {
      return;
    }
    JsonPosition at = Nodes.required("a statement", statement, "Sid").at();
    if (!IDENTITY_SID.matcher(sid).matches()) {
      throw Nodes.malformed(at, "A Sid is made of letters and digits in a " + kind.title() + ".");
    }
    if (!seen.add(sid)) {
      throw Nodes.malformed(at, "Another statement has this Sid. Give each its own.");
    }
  }

  private Statement.Parts parts(ObjectNode statement, boolean variables) {
    Nodes.checkNames("a statement", statement, kind.elements());
    String sid = Nodes.optionalText(statement, "Sid");
    JsonNode effect = Nodes.required("a statement", statement, "Effect");
    if (!List.of("Allow", "Deny").contains(Nodes.text("Effect", effect))) {
      throw Nodes.malformed(effect.at(), "Effect must be \"Allow\" or \"Deny\".");
    }
    Principals principals =
        kind.namesPrincipals() ? PrincipalReader.read(Nodes.either(statement, "Principal")) : null;
    Actions actions = Actions.read(kind, Nodes.either(statement, "Action"));
    Resources resources =
        kind.namesResources()
            ? Resources.read(kind, Nodes.either(statement, "Resource"), variables)
            : Resources.ALL;
    Conditions conditions =
        conditions(Nodes.optional(statement, "Condition"), actions.isForeign(), variables);
    return new Statement.Parts(
        sid,
        Nodes.text("Effect", effect).equals("Deny"),
        principals,
        actions.operations(),
        resources,
        conditions.tests(),
        conditions.unreadable());
  }

  private record Conditions(List<ConditionTest> tests, @Nullable String unreadable) {}

  private Conditions conditions(@Nullable JsonNode node, boolean isForeign, boolean variables) {
    if (node == null) {
      return new Conditions(List.of(), null);
    }
    if (isForeign) {
      // A statement about another service has that service's keys, and decides nothing here.
      Nodes.object("Condition", node);
      return new Conditions(List.of(), null);
    }
    try {
      return new Conditions(new ConditionReader(kind, variables).read(node), null);
    } catch (KmsException.MalformedPolicyDocument e) {
      if (isStored) {
        return new Conditions(List.of(), e.getMessage());
      }
      throw e;
    }
  }
}
