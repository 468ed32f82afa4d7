// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.approval;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.json.JsonException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a key demands before something is done with it, or an account for each of its keys: the
 * approvals of so many of these people. Changing or removing rules demands them always.
 *
 * @param required how many of the approvers have to approve
 * @param approvers 1 to 20, each with a key of its own
 * @param operations AWS's names of the operations that it is about, of {@link #GUARDED}; a rule
 *     that was stored may have others, which hold as soon as there are such operations
 */
public record ApprovalRule(int required, List<Approver> approvers, Set<String> operations) {

  /** The operations that a rule can be about, besides those on rules. */
  public static final List<String> GUARDED;

  private static final Set<String> KNOWN =
      new TreeSet<>(
          List.of(
              "CreateGrant",
              "DeleteImportedKeyMaterial",
              "DisableKey",
              "PutKeyPolicy",
              "RotateDomainKey",
              "ScheduleKeyDeletion",
              "TagResource",
              "UntagResource"));

  private static final Set<String> ON_RULES =
      Set.of(
          "DeleteAccountApprovalRule",
          "DeleteApprovalRule",
          "PutAccountApprovalRule",
          "PutApprovalRule");

  static {
    GUARDED = KNOWN.stream().filter(name -> Operation.find(name).isPresent()).toList();
  }

  private static final int MAX_APPROVERS = 20;
  private static final int MAX_CHARS = 1 << 20;
  private static final int MAX_ARN_CHARS = 512;

  /**
   * @throws IllegalArgumentException if it could never be met, two approvers share a key, or a name
   *     is longer than any ARN
   */
  public ApprovalRule {
    approvers = List.copyOf(approvers);
    operations = Set.copyOf(operations);
    if (approvers.size() > MAX_APPROVERS || required < 1 || required > approvers.size()) {
      throw new IllegalArgumentException(
          "A rule names 1 to 20 approvers and demands approvals of 1 to all of them; this one"
              + " demands "
              + required
              + " of "
              + approvers.size()
              + ".");
    }
    Set<String> names = new HashSet<>();
    Set<String> keys = new HashSet<>();
    for (Approver approver : approvers) {
      if (!names.add(approver.principalArn()) || !keys.add(approver.publicKey())) {
        throw new IllegalArgumentException(
            approver.principalArn()
                + " is named twice, or has another approver's key: each approves once, with a key"
                + " of its own.");
      }
      if (approver.principalArn().length() > MAX_ARN_CHARS) {
        throw new IllegalArgumentException(
            "The name of an approver has more than "
                + MAX_ARN_CHARS
                + " characters: it is no user's ARN.");
      }
    }
    if (operations.isEmpty() || !KNOWN.containsAll(operations)) {
      throw new IllegalArgumentException("A rule is about one or more of " + GUARDED + ".");
    }
  }

  /** Returns whether there can be a rule that covers an operation, by AWS's name. */
  public static boolean canCover(String operation) {
    return KNOWN.contains(operation) || ON_RULES.contains(operation);
  }

  /** Returns whether an operation, by AWS's name, has to be approved. */
  public boolean covers(String operation) {
    return operations.contains(operation) || ON_RULES.contains(operation);
  }

  /** Returns the approver of that name. */
  public Optional<Approver> approver(String principalArn) {
    return approvers.stream()
        .filter(approver -> approver.principalArn().equals(principalArn))
        .findFirst();
  }

  /** Returns it as JSON: equal rules are equal texts. */
  public String toJson() {
    List<Object> people = new ArrayList<>();
    for (Approver approver : approvers) {
      Map<String, Object> person = new LinkedHashMap<>();
      person.put("principal", approver.principalArn());
      approver.keyId().ifPresent(id -> person.put("keyId", id.text()));
      person.put("keySpec", approver.spec().name());
      person.put("publicKey", approver.publicKey());
      people.add(person);
    }
    Map<String, Object> rule = new LinkedHashMap<>();
    rule.put("required", (long) required);
    rule.put("approvers", people);
    rule.put("operations", new ArrayList<Object>(new TreeSet<>(operations)));
    return Json.write(rule);
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static ApprovalRule parse(String json) {
    try {
      if (!(Json.parse(json, MAX_CHARS) instanceof Map<?, ?> rule)) {
        throw new IllegalArgumentException("That is no approval rule.");
      }
      List<Approver> approvers = new ArrayList<>();
      for (Object each : (List<?>) member(rule, "approvers")) {
        if (!(each instanceof Map<?, ?> person)) {
          throw new IllegalArgumentException("An approver is an object in JSON.");
        }
        approvers.add(approver(person));
      }
      Set<String> operations = new HashSet<>();
      ((List<?>) member(rule, "operations")).forEach(name -> operations.add(String.valueOf(name)));
      int required = Math.toIntExact((Long) member(rule, "required"));
      return new ApprovalRule(required, approvers, operations);
    } catch (JsonException | ClassCastException | ArithmeticException e) {
      throw new IllegalArgumentException("That is no approval rule.", e);
    }
  }

  private static Approver approver(Map<?, ?> person) {
    Object keyId = person.get("keyId");
    return new Approver(
        (String) member(person, "principal"),
        keyId == null ? Optional.empty() : Optional.of(KeyId.parse((String) keyId)),
        CmkSpec.valueOf((String) member(person, "keySpec")),
        (String) member(person, "publicKey"));
  }

  private static Object member(Map<?, ?> of, String name) {
    Object value = of.get(name);
    if (value == null) {
      throw new IllegalArgumentException("An approval rule has no " + name + ".");
    }
    return value;
  }
}
