// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.approval;

import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A request for approvals: what is to be done with which key, or with the rule of which account,
 * until when it can be done, once.
 *
 * @param account the account of the key, or the one whose rule it is about
 * @param key the key that it is about; empty where that is the account's rule
 * @param used when it was done; empty before
 * @param approvals in their order; whether they count is decided by the rules when they are needed
 */
public record ApprovalRequest(
    UUID id,
    String account,
    Optional<KeyArn> key,
    ApprovalProposal proposal,
    String requestedBy,
    Instant created,
    Instant expires,
    Optional<Instant> used,
    List<Approval> approvals) {

  private static final int MAX_CHARS = 1 << 20;

  public ApprovalRequest {
    approvals = List.copyOf(approvals);
  }

  /** Returns a new request for approvals of what is to be done with a key. */
  public static ApprovalRequest onKey(
      UUID id,
      KeyArn key,
      ApprovalProposal proposal,
      String requestedBy,
      Instant created,
      Instant expires) {
    return new ApprovalRequest(
        id,
        key.place().account(),
        Optional.of(key),
        proposal,
        requestedBy,
        created,
        expires,
        Optional.empty(),
        List.of());
  }

  /** Returns a new request for approvals of what is to be done with the rule of an account. */
  public static ApprovalRequest onAccount(
      UUID id,
      String account,
      ApprovalProposal proposal,
      String requestedBy,
      Instant created,
      Instant expires) {
    return new ApprovalRequest(
        id,
        account,
        Optional.empty(),
        proposal,
        requestedBy,
        created,
        expires,
        Optional.empty(),
        List.of());
  }

  /** Returns whether it can still be approved and used. */
  public boolean isOpenAt(Instant time) {
    return used.isEmpty() && time.isBefore(expires);
  }

  /** Returns whether it is about exactly that. */
  public boolean isFor(ApprovalProposal other) {
    return proposal.operation().equals(other.operation())
        && proposal.parametersHash().equals(other.parametersHash());
  }

  /**
   * Returns what approvers sign, in UTF-8: lines that name the request, the key or else the
   * account, the operation, a hash of all parameters and the end. Each line ends with a line feed,
   * so that it is what a command prints; at most 400 bytes.
   */
  public byte[] statement() {
    return (statementText() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the statement as text, without the line feed at the end. */
  public String statementText() {
    return "strongroom approval 1\nrequest "
        + id
        + key.map(arn -> "\nkey " + arn.text()).orElse("\naccount " + account)
        + "\noperation kms:"
        + proposal.operation()
        + "\nparameters "
        + proposal.parametersHash()
        + "\nexpires "
        + expires;
  }

  /** Returns this request with these approvals in the place of those of the same approver. */
  public ApprovalRequest with(String principalArn, List<Approval> ofApprover) {
    List<Approval> all = new ArrayList<>(approvals);
    all.removeIf(each -> each.principalArn().equals(principalArn));
    all.addAll(ofApprover);
    return new ApprovalRequest(
        id, account, key, proposal, requestedBy, created, expires, used, all);
  }

  /** Returns this request as done. */
  public ApprovalRequest usedAt(Instant time) {
    return new ApprovalRequest(
        id, account, key, proposal, requestedBy, created, expires, Optional.of(time), approvals);
  }

  /** Returns it as JSON. */
  public String toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", id.toString());
    json.put("account", account);
    key.ifPresent(arn -> json.put("keyArn", arn.text()));
    json.put("operation", proposal.operation());
    json.put("parameters", new TreeMap<>(proposal.parameters()));
    json.put("document", proposal.document());
    json.put("requestedBy", requestedBy);
    json.put("created", created.toString());
    json.put("expires", expires.toString());
    used.ifPresent(time -> json.put("used", time.toString()));
    json.put("approvals", approvals.stream().map(ApprovalRequest::json).toList());
    return Json.write(json);
  }

  private static Map<String, Object> json(Approval approval) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("principal", approval.principalArn());
    json.put("algorithm", approval.algorithm().name());
    json.put("signature", approval.signature());
    json.put("date", approval.date().toString());
    return json;
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static ApprovalRequest parse(String text) {
    try {
      if (!(Json.parse(text, MAX_CHARS) instanceof Map<?, ?> json)) {
        throw new IllegalArgumentException("That is no request for approvals.");
      }
      Map<String, String> parameters = new TreeMap<>();
      ((Map<?, ?>) member(json, "parameters"))
          .forEach((name, value) -> parameters.put((String) name, (String) value));
      List<Approval> approvals = new ArrayList<>();
      for (Object each : (List<?>) member(json, "approvals")) {
        approvals.add(approval((Map<?, ?>) each));
      }
      Optional<KeyArn> key =
          json.containsKey("keyArn")
              ? Optional.of(KeyArn.parse(string(json, "keyArn")))
              : Optional.empty();
      return new ApprovalRequest(
          UUID.fromString(string(json, "id")),
          key.map(arn -> arn.place().account()).orElseGet(() -> string(json, "account")),
          key,
          new ApprovalProposal(string(json, "operation"), parameters, string(json, "document")),
          string(json, "requestedBy"),
          Instant.parse(string(json, "created")),
          Instant.parse(string(json, "expires")),
          json.containsKey("used")
              ? Optional.of(Instant.parse(string(json, "used")))
              : Optional.empty(),
          approvals);
    } catch (JsonException | ClassCastException | DateTimeException e) {
      throw new IllegalArgumentException("That is no request for approvals.", e);
    }
  }

  private static Approval approval(Map<?, ?> json) {
    return new Approval(
        string(json, "principal"),
        SigningAlgorithm.valueOf(string(json, "algorithm")),
        string(json, "signature"),
        Instant.parse(string(json, "date")));
  }

  private static String string(Map<?, ?> of, String name) {
    return (String) member(of, name);
  }

  private static Object member(Map<?, ?> of, String name) {
    Object value = of.get(name);
    if (value == null) {
      throw new IllegalArgumentException("A request for approvals has no " + name + ".");
    }
    return value;
  }
}
