// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.policy;

import dev.strongroom.kms.json.JsonNode;
import dev.strongroom.kms.json.JsonNode.Member;
import dev.strongroom.kms.json.JsonNode.ObjectNode;
import dev.strongroom.kms.json.JsonNode.TextNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads Principal and NotPrincipal. Services and federated identities are never principals here:
 * statements may name them, as those that come from AWS do, and are about nobody then.
 */
final class PrincipalReader {
  private static final List<String> TYPES = List.of("AWS", "Service", "Federated");
  private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");
  private static final Pattern ARN =
      Pattern.compile(
          "arn:aws:iam::([0-9]{12}):(root|(?:user|role)/[A-Za-z0-9+=,.@_/-]{1,575})"
              + "|arn:aws:sts::[0-9]{12}:assumed-role/[A-Za-z0-9+=,.@_-]{1,64}"
              + "/[A-Za-z0-9+=,.@_-]{2,64}");
  private static final Pattern UNIQUE_ID = Pattern.compile("(AIDA|AROA)[A-Z0-9]{12,124}");
  private static final Pattern SERVICE = Pattern.compile("[a-z0-9.-]{1,128}\\.amazonaws\\.com");
  private static final Pattern FEDERATED =
      Pattern.compile(
          "arn:aws:iam::[0-9]{12}:(saml|oidc)-provider/[\\w+=,.@:/-]{1,256}"
              + "|[a-z0-9-]{1,63}(\\.[a-z0-9-]{1,63}){1,8}");

  private boolean everyone;
  private final Set<String> accounts = new HashSet<>();
  private final Set<String> names = new HashSet<>();

  private PrincipalReader() {}

  static Principals read(Nodes.Choice element) {
    PrincipalReader reader = new PrincipalReader();
    JsonNode node = element.node();
    if (node instanceof TextNode word && word.text().equals("*")) {
      reader.everyone = true;
    } else if (node instanceof ObjectNode types) {
      reader.types(types);
    } else {
      throw Nodes.malformed(
          node.at(), "Principal must be \"*\" or an object such as {\"AWS\": \"123456789012\"}.");
    }
    return new Principals(element.isNot(), reader.everyone, reader.accounts, reader.names);
  }

  private void types(ObjectNode types) {
    Nodes.checkNames("Principal", types, TYPES);
    if (types.members().isEmpty()) {
      throw Nodes.malformed(types.at(), "AWS is missing in Principal.");
    }
    for (Map.Entry<String, Member> type : types.members().entrySet()) {
      for (JsonNode item : Nodes.listOf(type.getValue().value())) {
        switch (type.getKey()) {
          case "AWS" -> identity(item);
          case "Service" ->
              require(item, SERVICE, "A service is named like \"logs.eu-west-1.amazonaws.com\".");
          default ->
              require(
                  item,
                  FEDERATED,
                  "A federated principal is the ARN of a SAML or OIDC provider, or a domain.");
        }
      }
    }
  }

  private static void require(JsonNode item, Pattern form, String message) {
    if (!form.matcher(Nodes.text("A principal", item)).matches()) {
      throw Nodes.malformed(item.at(), message);
    }
  }

  private void identity(JsonNode item) {
    String name = Nodes.text("A principal", item);
    Matcher arn = ARN.matcher(name);
    if (name.equals("*")) {
      everyone = true;
    } else if (ACCOUNT.matcher(name).matches()) {
      accounts.add(name);
    } else if (arn.matches()) {
      if ("root".equals(arn.group(2))) {
        accounts.add(arn.group(1));
      } else {
        names.add(name);
      }
    } else if (UNIQUE_ID.matcher(name).matches()) {
      names.add(name);
    } else {
      throw Nodes.malformed(
          item.at(),
          "A principal is \"*\", an account of 12 digits, arn:aws:iam::<account>:root, …:user/<name>,"
              + " …:role/<name>, arn:aws:sts::<account>:assumed-role/<role>/<session>, or a unique id"
              + " that begins with AIDA or AROA, without wildcards.");
    }
  }
}
