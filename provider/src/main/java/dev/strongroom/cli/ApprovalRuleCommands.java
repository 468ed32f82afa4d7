// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static dev.strongroom.cli.Options.KEY_ID;

import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.approval.ApprovalRule;
import dev.strongroom.kms.approval.Approver;
import dev.strongroom.kms.service.ApproverKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** {@code kms …}: what several people have to approve, of one key or of all (not in AWS). */
final class ApprovalRuleCommands {

  private static final String RULE_HELP =
      " Each is an ARN, = and the key that signs: a KMS key (…:user/alice=alias/alice), or the public"
          + " half of one elsewhere (…:user/bob=file://bob.pem).";

  static final Parameter APPROVERS =
      Parameter.list("--approvers", "<arn>=<key>", "Who can approve." + RULE_HELP);
  static final Parameter REQUIRED =
      Parameter.optional("--required", "<n>", "How many of them have to.");
  static final Parameter OPERATIONS =
      Parameter.list(
          "--operations", "<name>", "What has to be approved, of " + ApprovalRule.GUARDED + ".");

  private ApprovalRuleCommands() {}

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
            ApprovalRuleCommands::putRule),
        new Command(
            "kms",
            "get-approval-rule",
            "Shows what has to be approved by whom.",
            "strongroom kms get-approval-rule --key-id alias/root",
            List.of(KEY_ID),
            ApprovalRuleCommands::getRule),
        new Command(
            "kms",
            "delete-approval-rule",
            "Demands approvals no more, once that is approved itself.",
            "strongroom kms delete-approval-rule --key-id alias/root",
            List.of(KEY_ID),
            ApprovalRuleCommands::deleteRule),
        new Command(
            "kms",
            "put-account-approval-rule",
            "Demands that several people approve what is done with any key, now or later.",
            """
            strongroom kms put-account-approval-rule --required 2 --operations PutKeyPolicy \\
                --approvers arn:aws:iam::000000000000:user/alice=alias/alice \\
                    arn:aws:iam::000000000000:user/bob=file://bob.pem\
            """,
            List.of(APPROVERS, REQUIRED, OPERATIONS),
            ApprovalRuleCommands::putAccountRule),
        new Command(
            "kms",
            "get-account-approval-rule",
            "Shows what has to be approved by whom, whatever key it is.",
            "strongroom kms get-account-approval-rule",
            List.of(),
            ApprovalRuleCommands::getAccountRule),
        new Command(
            "kms",
            "delete-account-approval-rule",
            "Demands approvals for all keys no more, once that is approved itself.",
            "strongroom kms delete-account-approval-rule",
            List.of(),
            ApprovalRuleCommands::deleteAccountRule));
  }

  private static Answer putRule(Call call) throws IOException {
    ApprovalRule rule = rule(call);
    call.kms().putApprovalRule(call.caller(), call.key(KEY_ID.name()), rule);
    return Answer.none();
  }

  private static Answer putAccountRule(Call call) throws IOException {
    call.kms().putAccountApprovalRule(call.caller(), rule(call));
    return Answer.none();
  }

  /** Returns the rule that the options say. */
  static ApprovalRule rule(Call call) throws IOException {
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
    return answer(call.kms().getApprovalRule(call.caller(), call.key(KEY_ID.name())));
  }

  private static Answer answer(Optional<ApprovalRule> rule) {
    return rule.map(
            found ->
                new Answer()
                    .with("Required", found.required())
                    .with("Operations", List.copyOf(new TreeSet<>(found.operations())))
                    .with(
                        "Approvers",
                        found.approvers().stream().map(ApprovalRuleCommands::approver).toList()))
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

  private static Answer getAccountRule(Call call) {
    return answer(call.kms().getAccountApprovalRule(call.caller()));
  }

  private static Answer deleteAccountRule(Call call) {
    call.kms().deleteAccountApprovalRule(call.caller());
    return Answer.none();
  }
}
