// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static dev.strongroom.cli.Options.KEY_ID;

import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.approval.Approval;
import dev.strongroom.kms.approval.ApprovalProposal;
import dev.strongroom.kms.approval.ApprovalRequest;
import dev.strongroom.kms.approval.ApprovalRule;
import dev.strongroom.kms.approval.Approver;
import dev.strongroom.kms.service.ApproverKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** {@code kms …}: what several people have to approve (not in AWS). */
final class ApprovalCommands {

  private static final int MAX_HOURS = 720;
  private static final String RULE_HELP =
      " Each is an ARN, = and the key that signs: a KMS key (…:user/alice=alias/alice), or the public"
          + " half of one elsewhere (…:user/bob=file://bob.pem).";

  private static final Parameter APPROVERS =
      Parameter.list("--approvers", "<arn>=<key>", "Who can approve." + RULE_HELP);
  private static final Parameter REQUIRED =
      Parameter.optional("--required", "<n>", "How many of them have to.");
  private static final Parameter OPERATIONS =
      Parameter.list(
          "--operations", "<name>", "What has to be approved, of " + ApprovalRule.GUARDED + ".");
  private static final Parameter REQUEST =
      Parameter.required("--request", "<id>", "What request-approval gave: its RequestId.");

  private ApprovalCommands() {}

  static List<Command> all() {
    return List.of(
        new Command(
            "kms",
            "put-approval-rule",
            "Demands that several people approve what is done with a key.",
            """
            strongroom kms put-approval-rule --key-id alias/root --required 2 \\
                --operations PutKeyPolicy DisableKey \\
                --approvers arn:aws:iam::000000000000:user/alice=alias/alice \\
                    arn:aws:iam::000000000000:user/bob=file://bob.pem\
            """,
            List.of(KEY_ID, APPROVERS, REQUIRED, OPERATIONS),
            ApprovalCommands::putRule),
        new Command(
            "kms",
            "get-approval-rule",
            "Shows what has to be approved by whom.",
            "strongroom kms get-approval-rule --key-id alias/root",
            List.of(KEY_ID),
            ApprovalCommands::getRule),
        new Command(
            "kms",
            "delete-approval-rule",
            "Demands approvals no more, once that is approved itself.",
            "strongroom kms delete-approval-rule --key-id alias/root",
            List.of(KEY_ID),
            ApprovalCommands::deleteRule),
        new Command(
            "kms",
            "request-approval",
            "Asks for the approvals that one call needs, with exactly these parameters.",
            """
            strongroom kms request-approval --key-id alias/root --operation PutKeyPolicy \\
                --policy file://policy.json\
            """,
            List.of(
                KEY_ID,
                Parameter.required("--operation", "<name>", "What shall be called."),
                Parameter.optional("--policy", "<json>", "Of PutKeyPolicy: the policy to put."),
                APPROVERS,
                REQUIRED,
                OPERATIONS,
                Parameter.optional(
                    "--request-parameters",
                    "<pairs>",
                    "Of other operations: their parameters by CloudTrail's names, a=b,c=d."),
                Parameter.optional(
                    "--valid-hours", "<n>", "How long it can be approved and used; 24.")),
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

  private static Answer putRule(Call call) throws IOException {
    ApprovalRule rule = rule(call);
    call.kms().putApprovalRule(call.caller(), call.key(KEY_ID.name()), rule);
    return Answer.none();
  }

  private static ApprovalRule rule(Call call) throws IOException {
    List<ApproverKey> approvers = new ArrayList<>();
    for (String text : call.arguments().list(APPROVERS.name())) {
      approvers.add(approver(text));
    }
    Set<String> operations = new HashSet<>(call.arguments().list(OPERATIONS.name()));
    if (approvers.isEmpty() || operations.isEmpty() || !call.arguments().has(REQUIRED.name())) {
      throw new UsageError("say --approvers, --required and --operations.");
    }
    int required = call.number(REQUIRED.name(), 1, 1, approvers.size());
    return call.kms().approvalRule(call.caller(), required, approvers, operations);
  }

  private static ApproverKey approver(String text) throws IOException {
    int equals = text.lastIndexOf('=');
    if (equals < 1) {
      throw UsageError.of(APPROVERS.name(), "'" + text + "' names no key." + RULE_HELP);
    }
    String arn = text.substring(0, equals);
    String key = text.substring(equals + 1);
    if (!key.startsWith("file://")) {
      try {
        return ApproverKey.of(arn, KeyRef.parse(key));
      } catch (IllegalArgumentException e) {
        throw UsageError.of(APPROVERS.name(), String.valueOf(e.getMessage()));
      }
    }
    Path file = Path.of(key.substring("file://".length()));
    List<Pem> keys = Pem.all(Files.readAllBytes(file), Pem.PUBLIC_KEY);
    if (keys.isEmpty()) {
      throw UsageError.of(
          APPROVERS.name(),
          file + " holds no 'BEGIN PUBLIC KEY'; 'openssl pkey -pubout' makes it.");
    }
    return ApproverKey.elsewhere(arn, keys.get(0).der());
  }

  private static Answer getRule(Call call) {
    Optional<ApprovalRule> rule =
        call.kms().getApprovalRule(call.caller(), call.key(KEY_ID.name()));
    return rule.map(
            found ->
                new Answer()
                    .with("Required", found.required())
                    .with("Operations", List.copyOf(new TreeSet<>(found.operations())))
                    .with(
                        "Approvers",
                        found.approvers().stream().map(ApprovalCommands::approver).toList()))
        .orElseGet(Answer::new);
  }

  private static Answer approver(Approver approver) {
    return new Answer()
        .with("Principal", approver.principalArn())
        .withIfPresent("KeyId", approver.keyId().map(id -> id.text()))
        .with("KeySpec", approver.spec().name())
        .with("PublicKey", approver.publicKey());
  }

  private static Answer deleteRule(Call call) {
    call.kms().deleteApprovalRule(call.caller(), call.key(KEY_ID.name()));
    return Answer.none();
  }

  private static Answer request(Call call) throws IOException {
    Duration validity = Duration.ofHours(call.number("--valid-hours", 24, 1, MAX_HOURS));
    ApprovalProposal proposal = proposal(call);
    return answer(
        call.kms().requestApproval(call.caller(), call.key(KEY_ID.name()), proposal, validity));
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
      case "PutApprovalRule" -> ApprovalProposal.putApprovalRule(rule(call));
      default -> ApprovalProposal.of(operation, call.context("--request-parameters").pairs());
    };
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
        .with("KeyArn", request.keyArn())
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
