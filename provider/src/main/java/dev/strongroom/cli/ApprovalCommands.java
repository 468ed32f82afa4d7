// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static dev.strongroom.cli.Options.KEY_ID;

import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.approval.Approval;
import dev.strongroom.kms.approval.ApprovalProposal;
import dev.strongroom.kms.approval.ApprovalRequest;
import dev.strongroom.kms.service.CreateGrantRequest;
import dev.strongroom.kms.service.GuardedCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/** {@code kms …}: asking for approvals, and approving (not in AWS). */
final class ApprovalCommands {

  private static final int MAX_HOURS = 720;
  private static final Parameter REQUEST =
      Parameter.required("--request", "<id>", "What request-approval gave: its RequestId.");

  /** What a request can be of; a grant has more, as create-grant has them. */
  private static final List<Parameter> REQUESTED =
      List.of(
          Parameter.optional(
              KEY_ID.name(), KEY_ID.label(), KEY_ID.help() + " Not for the account's rule."),
          Parameter.required("--operation", "<name>", "What shall be called."),
          Parameter.optional("--policy", "<json>", "Of PutKeyPolicy: the policy to put."),
          ApprovalRuleCommands.APPROVERS,
          ApprovalRuleCommands.REQUIRED,
          Parameter.list(
              "--operations",
              "<name>",
              "Of the rule to put: what has to be approved; of CreateGrant: what it is for."),
          Parameter.optional(
              "--grantee-principal", "<arn>", "Of CreateGrant: " + GrantCommands.GRANTEE),
          TagCommands.TAGS,
          Parameter.list("--tag-keys", "<key>", "Of UntagResource: the keys of the tags."),
          Parameter.optional(
              "--request-parameters",
              "<pairs>",
              "Of other operations: their parameters by CloudTrail's names, a=b,c=d."),
          Parameter.optional("--valid-hours", "<n>", "How long it can be approved and used; 24."));

  private ApprovalCommands() {}

  static List<Command> all() {
    return List.of(
        new Command(
            "kms",
            "request-approval",
            "Asks for the approvals that one call needs, with exactly these parameters.",
            """
            strongroom kms request-approval --key-id alias/root --operation PutKeyPolicy \\
                --policy file://policy.json\
            """,
            Stream.concat(REQUESTED.stream(), GrantCommands.GRANT.stream()).toList(),
            ApprovalCommands::request),
        new Command(
            "kms",
            "describe-approval-request",
            "Shows a request: what it is about, what approvers sign, and who has.",
            "strongroom kms describe-approval-request --request 1c5f… --query Statement --output text",
            List.of(REQUEST),
            ApprovalCommands::describe),
        new Command(
            "kms",
            "approve",
            "Approves a request: signs it with your key, or takes a signature made elsewhere.",
            "strongroom kms approve --request 1c5f…",
            List.of(
                REQUEST,
                Parameter.optional(
                    "--signing-algorithm", "<algorithm>", "Of a signature made elsewhere."),
                Parameter.optional(
                    "--signature", "<blob>", "It: fileb://FILE, - or base64, of the Statement.")),
            ApprovalCommands::approve));
  }

  private static Answer request(Call call) throws IOException {
    Duration validity = Duration.ofHours(call.number("--valid-hours", 24, 1, MAX_HOURS));
    ApprovalProposal proposal = proposal(call);
    return answer(
        call.arguments().has(KEY_ID.name())
            ? call.kms().requestApproval(call.caller(), call.key(KEY_ID.name()), proposal, validity)
            : call.kms().requestAccountApproval(call.caller(), proposal, validity));
  }

  private static ApprovalProposal proposal(Call call) throws IOException {
    String operation = call.arguments().get("--operation").replaceFirst("^kms:", "");
    return switch (operation) {
      case "PutKeyPolicy" -> {
        if (!call.arguments().has("--policy")) {
          throw new UsageError("say --policy: it is what gets approved.");
        }
        yield ApprovalProposal.putKeyPolicy(call.text("--policy"));
      }
      case "PutApprovalRule" -> ApprovalProposal.putApprovalRule(ApprovalRuleCommands.rule(call));
      case "PutAccountApprovalRule" ->
          ApprovalProposal.putAccountApprovalRule(ApprovalRuleCommands.rule(call));
      case "TagResource" ->
          GuardedCalls.tagResource(TagSyntax.ofKms().parse(call, TagCommands.TAGS.name()));
      case "UntagResource" -> GuardedCalls.untagResource(call.list("--tag-keys"));
      case "CreateGrant" -> GuardedCalls.createGrant(grant(call));
      default -> ApprovalProposal.of(operation, call.context("--request-parameters").pairs());
    };
  }

  private static CreateGrantRequest grant(Call call) throws IOException {
    if (!call.arguments().has("--grantee-principal") || !call.arguments().has(KEY_ID.name())) {
      throw new UsageError("say --key-id, --grantee-principal and --operations, as of the grant.");
    }
    return GrantCommands.request(call);
  }

  private static Answer describe(Call call) {
    return answer(call.kms().describeApprovalRequest(call.caller(), call.uuid(REQUEST.name())));
  }

  private static Answer approve(Call call) throws IOException {
    UUID id = call.uuid(REQUEST.name());
    Optional<SigningAlgorithm> algorithm =
        call.choiceIfGiven("--signing-algorithm", SigningAlgorithm.class);
    if (algorithm.isPresent() != call.arguments().has("--signature")) {
      throw new UsageError("say both --signing-algorithm and --signature, or neither.");
    }
    return answer(
        algorithm.isPresent()
            ? call.kms().approve(call.caller(), id, algorithm.get(), call.bytes("--signature"))
            : call.kms().approve(call.caller(), id));
  }

  private static Answer answer(ApprovalRequest request) {
    return new Answer()
        .with("RequestId", request.id().toString())
        .withIfPresent("KeyArn", request.key().map(KeyArn::text))
        .with("Operation", request.proposal().operation())
        .with("Parameters", pairs(request.proposal()))
        .withIfPresent(
            "Document", Optional.of(request.proposal().document()).filter(text -> !text.isEmpty()))
        .with("RequestedBy", request.requestedBy())
        .with("ExpirationDate", request.expires())
        .withIfPresent("UsedDate", request.used())
        .with("ApprovedBy", request.approvals().stream().map(Approval::principalArn).toList())
        .with("Statement", request.statementText());
  }

  private static Answer pairs(ApprovalProposal proposal) {
    Answer pairs = new Answer();
    new TreeMap<>(proposal.parameters()).forEach(pairs::with);
    return pairs;
  }
}
