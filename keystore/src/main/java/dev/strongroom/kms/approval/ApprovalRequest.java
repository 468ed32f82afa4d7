// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.approval;

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
 * A request for approvals: what is to be done with which key, until when it can be done, once.
 *
 * @param keyArn the key that it is about
 * @param used when it was done; empty before
 * @param approvals in their order, one of each approver at most; whether they count is decided by
 *     the key's rule when they are needed
 */
public record ApprovalRequest(
    UUID id,
    String keyArn,
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
   * Returns what approvers sign, in UTF-8: lines that name the request, the key, the operation, a
   * hash of all parameters and the end. Each line ends with a line feed, so that it is what a
   * command prints; at most 400 bytes.
   */
  public byte[] statement() {
    return (statementText() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the statement as text, without the line feed at the end. */
  public String statementText() {
    return "strongroom approval 1\nrequest "
        + id
        + "\nkey "
        + keyArn
        + "\noperation kms:"
        + proposal.operation()
        + "\nparameters "
        + proposal.parametersHash()
        + "\nexpires "
        + expires;
  }

  /** Returns this request with an approval more, in the place of an earlier one of the same. */
  public ApprovalRequest with(Approval approval) {
    List<Approval> more = new ArrayList<>(approvals);
    more.removeIf(other -> other.principalArn().equals(approval.principalArn()));
    more.add(approval);
    return new ApprovalRequest(id, keyArn, proposal, requestedBy, created, expires, used, more);
  }

  /** Returns this request as done. */
  public ApprovalRequest usedAt(Instant time) {
    return new ApprovalRequest(
        id, keyArn, proposal, requestedBy, created, expires, Optional.of(time), approvals);
  }

  /** Returns it as JSON. */
  public String toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", id.toString());
    json.put("keyArn", keyArn);
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
      return new ApprovalRequest(
          UUID.fromString(string(json, "id")),
          string(json, "keyArn"),
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
