// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.Operation;
import dev.strongroom.kms.service.ExplainRequest;
import dev.strongroom.kms.service.ExplainResult;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** {@code kms explain}, {@code simulate}: why a call is or would be let through (not in AWS). */
final class ExplainCommands {

  private static final Parameter KEY_ID =
      Parameter.optional(
          "--key-id", "<key>", "The key, named as the call would: aliases can have rights.");
  private static final Parameter RESOURCE =
      Parameter.optional(
          "--resource",
          "<arn>",
          "What a call on no key is about: arn:aws:iam::000000000000:user/bob of CreateAccessKey.");
  private static final Parameter PARAMETERS =
      Parameter.optional(
          "--request-parameters",
          "<pairs>",
          "What else policies may ask about: signingAlgorithm=ECDSA_SHA_256,aliasName=alias/a, or"
              + " values of condition keys, aws:SourceIp=10.0.0.1,aws:RequestTag/team=blue.");

  private ExplainCommands() {}

  static List<Command> all() {
    return List.of(
        new Command(
            "kms",
            "explain",
            "Shows why a call is let through or refused, and the least that would allow it.",
            """
            strongroom kms explain --caller arn:aws:iam::000000000000:user/batch \\
                --operation Decrypt --key-id alias/app --encryption-context tenant=a \\
                --query Explanation --output text\
            """,
            List.of(
                Parameter.optional(
                    "--request-id", "<id>", "A call on record: the id that its caller was told."),
                Parameter.optional("--caller", "<arn>", "Who would call."),
                Parameter.optional("--operation", "<name>", "What would be called: Decrypt."),
                KEY_ID,
                RESOURCE,
                Options.ENCRYPTION_CONTEXT,
                Options.GRANT_TOKENS,
                PARAMETERS),
            ExplainCommands::explain),
        new Command(
            "kms",
            "simulate",
            "Tries a key policy without putting it: would a call be let through, and why?",
            """
            strongroom kms simulate --policy file://policy.json --key-id alias/app \\
                --caller arn:aws:iam::000000000000:user/batch --operation Decrypt\
            """,
            List.of(
                Parameter.required(
                    "--policy", "<json>", "The policy to try: file://policy.json, or JSON."),
                Parameter.required("--caller", "<arn>", "Who would call."),
                Parameter.required("--operation", "<name>", "What would be called: Decrypt."),
                Options.KEY_ID,
                Options.ENCRYPTION_CONTEXT,
                Options.GRANT_TOKENS,
                PARAMETERS),
            ExplainCommands::simulate));
  }

  private static Answer explain(Call call) throws IOException {
    if (call.arguments().has("--request-id")) {
      UUID requestId = call.uuid("--request-id");
      return answer(call.kms().explainRequest(call.caller(), requestId))
          .with("RequestId", requestId.toString());
    }
    ExplainRequest request = request(call);
    return answer(call.kms().explain(call.caller(), request));
  }

  private static Answer simulate(Call call) throws IOException {
    ExplainRequest request = request(call);
    String policy = call.text("--policy");
    return answer(call.kms().simulateKeyPolicy(call.caller(), policy, request));
  }

  private static ExplainRequest request(Call call) throws IOException {
    if (!call.arguments().has("--caller") || !call.arguments().has("--operation")) {
      throw new UsageError("say --caller and --operation, or --request-id for a call on record.");
    }
    Operation operation = call.operation("--operation");
    Map<String, String> parameters = call.context(PARAMETERS.name()).pairs();
    return new ExplainRequest(
        call.arguments().get("--caller"),
        operation,
        call.keyIfGiven("--key-id"),
        call.arguments().find(RESOURCE.name()),
        call.context("--encryption-context"),
        parameters);
  }

  private static Answer answer(ExplainResult result) {
    return new Answer()
        .with("Caller", result.callerArn())
        .with("Operation", result.operation().action())
        .withIfPresent("KeyArn", result.keyArn())
        .with("Decision", result.isAllowed() ? "ALLOWED" : "REFUSED")
        .withIfPresent("DecidedBy", result.decidedBy())
        .with("Findings", result.findings().stream().map(ExplainCommands::finding).toList())
        .withUnlessEmpty("Changes", result.changes())
        .withUnlessEmpty("Notes", result.notes())
        .with("Explanation", result.text());
  }

  private static Answer finding(ExplainResult.Finding finding) {
    return new Answer()
        .with("Source", finding.source())
        .with("Role", finding.role())
        .with("Applies", finding.applies())
        .withUnlessEmpty("Failures", finding.failures());
  }
}
