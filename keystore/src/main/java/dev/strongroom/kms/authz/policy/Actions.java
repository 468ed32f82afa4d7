// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.policy;

import dev.strongroom.kms.Operation;
import dev.strongroom.kms.json.JsonNode;
import java.util.EnumSet;
import java.util.Set;

/**
 * The operations that a statement is about, resolved when it is read.
 *
 * @param isForeign whether it names services only that this product does not have
 */
record Actions(Set<Operation> operations, boolean isForeign) {

  static Actions read(PolicyKind kind, Nodes.Choice element) {
    EnumSet<Operation> named = EnumSet.noneOf(Operation.class);
    boolean foreign = !element.isNot();
    for (JsonNode item : Nodes.listOf(element.node())) {
      ActionPattern pattern = pattern(kind, item);
      foreign &= pattern.isForeign();
      named.addAll(pattern.operations());
    }
    return new Actions(element.isNot() ? EnumSet.complementOf(named) : named, foreign);
  }

  private static ActionPattern pattern(PolicyKind kind, JsonNode item) {
    ActionPattern pattern = ActionPattern.parse(Nodes.text("An action", item));
    if (pattern == null || !pattern.isKnown() || !kind.isAbout(pattern.service())) {
      throw Nodes.malformed(
          item.at(),
          kind == PolicyKind.TRUST
              ? "There is no such action. A trust policy is about \"sts:AssumeRole\","
                  + " \"sts:TagSession\" and \"sts:SetSourceIdentity\"."
              : "There is no such action. Write \"kms:\" and the name of an operation, such as"
                  + " \"kms:Decrypt\"; * stands for any characters, ? for one.");
    }
    return pattern;
  }
}
