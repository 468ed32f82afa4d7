// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.policy;

import dev.strongroom.kms.authz.match.Glob;
import dev.strongroom.kms.authz.match.Template;
import dev.strongroom.kms.authz.request.FactReader;
import dev.strongroom.kms.json.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a statement is about, or with NotResource what it is not about: patterns of ARNs, compared
 * with their case and as one text, so that a star reaches over colons too.
 */
final class Resources {

  /** Everything. */
  static final Resources ALL = new Resources(false, true, List.of());

  private static final Pattern ARN = Pattern.compile("arn:[^:]+:[^:]+:[^:]*:[^:]*:.+");
  // In patterns a star may stand for several parts, as in arn:aws:kms:*.
  private static final Pattern SHORT = Pattern.compile("arn:[^*]*\\*");

  private final boolean isNot;
  private final boolean all;
  private final List<Template> patterns;

  private Resources(boolean isNot, boolean all, List<Template> patterns) {
    this.isNot = isNot;
    this.all = all;
    this.patterns = List.copyOf(patterns);
  }

  static Resources read(PolicyKind kind, Nodes.Choice element, boolean variables) {
    List<Template> patterns = new ArrayList<>();
    boolean all = false;
    for (JsonNode item : Nodes.listOf(element.node())) {
      String text = Nodes.text("Resource", item);
      if (text.equals("*")) {
        all = true;
      } else if (isArn(kind, text)) {
        patterns.add(pattern(item, text, variables));
      } else {
        throw Nodes.malformed(
            item.at(),
            kind == PolicyKind.KEY
                ? "Resource must be \"*\": in a key policy that is the key it belongs to. The key's"
                    + " ARN does as well."
                : "Resource must be \"*\" or an ARN with wildcards, such as"
                    + " \"arn:aws:kms:*:111122223333:key/*\".");
      }
    }
    return !element.isNot() && all ? ALL : new Resources(element.isNot(), all, patterns);
  }

  private static boolean isArn(PolicyKind kind, String text) {
    return ARN.matcher(text).matches()
        ? kind != PolicyKind.KEY || text.startsWith("arn:aws:kms:")
        : kind != PolicyKind.KEY && SHORT.matcher(text).matches();
  }

  private static Template pattern(JsonNode item, String text, boolean variables) {
    try {
      return variables ? Template.parse(text, true) : Template.withoutVariables(text, true);
    } catch (IllegalArgumentException e) {
      throw Nodes.malformed(item.at(), String.valueOf(e.getMessage()));
    }
  }

  /** Returns whether the statement is about that resource. */
  boolean include(String resource, FactReader facts) {
    return isNot != (all || fitsAny(resource, facts));
  }

  private boolean fitsAny(String resource, FactReader facts) {
    for (Template template : patterns) {
      Glob pattern = template.resolve(facts);
      if (pattern != null && pattern.matches(resource)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return (isNot ? "NotResource " : "Resource ") + (all ? "*" : patterns.toString());
  }
}
