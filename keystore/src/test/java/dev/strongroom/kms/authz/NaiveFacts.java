// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/** The request context of a case: every condition key with its values, names in lower case. */
final class NaiveFacts {
  private final Map<String, List<String>> values = new TreeMap<>();
  private final Set<String> ambiguous = new TreeSet<>();
  private boolean sawAmbiguous;

  NaiveFacts(Map<String, Object> request, NaiveCaller caller) {
    put("kms:CallerAccount", caller.account());
    put("aws:PrincipalAccount", caller.account());
    put("aws:PrincipalArn", caller.arns().get(caller.arns().size() - 1));
    put("aws:PrincipalIsAWSService", "false");
    put("aws:SecureTransport", "true");
    switch (caller.kind()) {
      case "root" -> put("aws:PrincipalType", "Account");
      case "user" -> put("aws:PrincipalType", "User");
      default -> put("aws:PrincipalType", "AssumedRole");
    }
    put(
        "aws:userid",
        caller.kind().equals("session") ? caller.id() + ":" + caller.session() : caller.id());
    if (caller.kind().equals("user")) {
      put("aws:username", caller.name());
    }
    if (!caller.isRoot()) {
      named("aws:PrincipalTag/", NaiveJson.map(caller.json(), "tags"));
    }
    stated(NaiveJson.map(caller.json(), "attributes"));
    request(request);
  }

  private void request(Map<String, Object> request) {
    String time = NaiveJson.text(request, "time", CaseFile.NOON);
    put("aws:CurrentTime", time);
    put("aws:EpochTime", time);
    stated(NaiveJson.map(request, "parameters"));

    Map<String, Object> context = NaiveJson.map(request, "context");
    String operation = NaiveJson.text(request, "operation", "Decrypt");
    if (operation.equals("CreateGrant") && request.containsKey("grant")) {
      Map<String, Object> grant = NaiveJson.map(request, "grant");
      context = NaiveJson.map(grant, grant.containsKey("equals") ? "equals" : "subset");
      grant(grant);
    }
    named("kms:EncryptionContext:", context);
    putAll("kms:EncryptionContextKeys", new ArrayList<>(context.keySet()));

    Map<String, Object> tags = NaiveJson.map(request, "tags");
    named("aws:RequestTag/", tags);
    putAll("aws:TagKeys", new ArrayList<>(tags.keySet()));
    if (request.containsKey("alias")) {
      put("kms:RequestAlias", NaiveJson.text(request, "alias", ""));
    }
    if (request.containsKey("region")) {
      put("aws:RequestedRegion", NaiveJson.text(request, "region", ""));
    }
    via(request);
    if (!NaiveEvaluator.NO_KEY.contains(operation) && !operation.equals("AssumeRole")) {
      key(NaiveJson.map(request, "key"), request.containsKey("region"));
    }
  }

  private void grant(Map<String, Object> grant) {
    put("kms:GranteePrincipal", NaiveEvaluator.arn(NaiveJson.text(grant, "grantee", "")));
    if (grant.containsKey("retiring")) {
      put("kms:RetiringPrincipal", NaiveEvaluator.arn(NaiveJson.text(grant, "retiring", "")));
    }
    putAll(
        "kms:GrantOperations",
        NaiveJson.list(grant, "operations").stream().map(String::valueOf).toList());
    if (grant.containsKey("equals")) {
      put("kms:GrantConstraintType", "EncryptionContextEquals");
    } else if (grant.containsKey("subset")) {
      put("kms:GrantConstraintType", "EncryptionContextSubset");
    }
  }

  private void via(Map<String, Object> request) {
    String via = NaiveJson.text(request, "via", "");
    put("kms:GrantIsForAWSResource", String.valueOf(!via.isEmpty()));
    put("aws:ViaAWSService", String.valueOf(!via.isEmpty()));
    if (!via.isEmpty()) {
      for (String key :
          List.of("kms:ViaService", "aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast")) {
        put(key, via);
      }
    }
  }

  private void key(Map<String, Object> key, boolean regionIsKnown) {
    put("aws:ResourceAccount", Callers.ACCOUNT);
    put("kms:KeyOrigin", "AWS_KMS");
    put("kms:MultiRegion", "false");
    put("kms:KeySpec", NaiveJson.text(key, "spec", "SYMMETRIC_DEFAULT"));
    put("kms:KeyUsage", NaiveJson.text(key, "usage", "ENCRYPT_DECRYPT"));
    put("kms:CustomerMasterKeySpec", NaiveJson.text(key, "spec", "SYMMETRIC_DEFAULT"));
    put("kms:CustomerMasterKeyUsage", NaiveJson.text(key, "usage", "ENCRYPT_DECRYPT"));
    named("aws:ResourceTag/", NaiveJson.map(key, "tags"));
    putAll(
        "kms:ResourceAliases",
        NaiveJson.list(key, "aliases").stream().map(String::valueOf).toList());
    if (!regionIsKnown) {
      put("aws:RequestedRegion", "eu-1");
    }
  }

  private void stated(Map<String, Object> json) {
    for (String name : json.keySet()) {
      putAll(name, NaiveJson.list(json, name).stream().map(String::valueOf).toList());
    }
  }

  private void named(String prefix, Map<String, Object> pairs) {
    Set<String> seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    pairs.forEach(
        (name, value) -> {
          if (!seen.add(name)) {
            ambiguous.add((prefix + name).toLowerCase(Locale.ROOT));
          }
          put(prefix + name, String.valueOf(value));
        });
  }

  private void put(String key, String value) {
    values.put(key.toLowerCase(Locale.ROOT), List.of(value));
  }

  private void putAll(String key, List<String> several) {
    if (!several.isEmpty()) {
      values.put(key.toLowerCase(Locale.ROOT), several);
    }
  }

  /** Returns an answer, or another where it rests on names that differ in case only. */
  boolean unlessAmbiguous(BooleanSupplier answer, boolean otherwise) {
    sawAmbiguous = false;
    boolean answered = answer.getAsBoolean();
    return sawAmbiguous ? otherwise : answered;
  }

  /** Returns the values of a key; none where it is absent. */
  List<String> of(String key) {
    if (ambiguous.contains(key.toLowerCase(Locale.ROOT))) {
      sawAmbiguous = true;
      return List.of();
    }
    return values.getOrDefault(key.toLowerCase(Locale.ROOT), List.of());
  }
}
