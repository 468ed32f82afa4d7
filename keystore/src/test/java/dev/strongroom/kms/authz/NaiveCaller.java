// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import java.util.List;
import java.util.Map;

/** The caller of a case, by all its names. */
record NaiveCaller(Map<String, Object> json) {

  String kind() {
    return NaiveJson.text(json, "kind", "user");
  }

  boolean isRoot() {
    return kind().equals("root");
  }

  String account() {
    return NaiveJson.text(json, "account", Callers.ACCOUNT);
  }

  String accountArn() {
    return "arn:aws:iam::" + account() + ":root";
  }

  String path() {
    return NaiveJson.text(json, "name", "alice");
  }

  String name() {
    return path().replaceAll(".*/", "");
  }

  String id() {
    return isRoot() ? account() : NaiveJson.text(json, "id", "AIDAALICE0000001");
  }

  String session() {
    return NaiveJson.text(json, "session", "job");
  }

  /** The names of the caller itself: a session's are its own and its role's. */
  List<String> arns() {
    return switch (kind()) {
      case "root" -> List.of(accountArn());
      case "user" -> List.of("arn:aws:iam::" + account() + ":user/" + path());
      default ->
          List.of(
              "arn:aws:sts::" + account() + ":assumed-role/" + name() + "/" + session(),
              "arn:aws:iam::" + account() + ":role/" + path());
    };
  }

  List<Object> policies() {
    return NaiveJson.list(json, "policies");
  }

  List<Object> boundary() {
    return json.containsKey("boundary") ? List.of(json.get("boundary")) : List.of();
  }

  List<Object> sessionPolicies() {
    return NaiveJson.list(json, "sessionPolicies");
  }
}
