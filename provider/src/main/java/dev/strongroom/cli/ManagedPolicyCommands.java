// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.service.Iam;
import java.io.IOException;
import java.util.List;

/** {@code iam …-policy} and {@code …-policy-version}: managed policies. */
final class ManagedPolicyCommands {
  private static final String ARN = " --policy-arn arn:aws:iam::000000000000:policy/use-keys";
  private static final Parameter VERSION_ID =
      Parameter.required("--version-id", "<version>", "v1 or another version of the policy.");

  private ManagedPolicyCommands() {}

  // spotless:off
  static List<Command> all() {
    return List.of(
        IamOptions.command("create-policy", "Makes a managed policy, to be attached to users, groups and roles.",
            " --policy-name use-keys --policy-document file://policy.json",
            List.of(IamOptions.POLICY_NAME, IamOptions.POLICY_DOCUMENT,
                Parameter.optional("--description", "<text>", "What the policy is for.")), ManagedPolicyCommands::create),
        IamOptions.command("get-policy", "Shows a managed policy, without its document.",
            ARN, List.of(IamOptions.POLICY_ARN), ManagedPolicyCommands::get),
        IamOptions.command("list-policies", "Lists the managed policies.",
            " --query Policies[].Arn",
            List.of(Parameter.optional("--scope", "All|Local|AWS", "AWS's own policies are not here.")), ManagedPolicyCommands::list),
        IamOptions.command("delete-policy", "Deletes a managed policy that nobody has.",
            ARN, List.of(IamOptions.POLICY_ARN), ManagedPolicyCommands::delete),
        IamOptions.command("create-policy-version", "Changes a managed policy: adds a version.",
            ARN + " --policy-document file://policy.json --set-as-default",
            List.of(IamOptions.POLICY_ARN, IamOptions.POLICY_DOCUMENT,
                Parameter.flag("--set-as-default", "It counts at once.")), ManagedPolicyCommands::createVersion),
        IamOptions.command("get-policy-version", "Shows a version with its document.",
            ARN + " --version-id v1", List.of(IamOptions.POLICY_ARN, VERSION_ID), ManagedPolicyCommands::getVersion),
        IamOptions.command("list-policy-versions", "Lists the versions of a managed policy.",
            ARN, List.of(IamOptions.POLICY_ARN), ManagedPolicyCommands::listVersions),
        IamOptions.command("set-default-policy-version", "Makes another version count, for all who have the policy.",
            ARN + " --version-id v1", List.of(IamOptions.POLICY_ARN, VERSION_ID), ManagedPolicyCommands::setDefault),
        IamOptions.command("delete-policy-version", "Deletes a version that does not count.",
            ARN + " --version-id v1", List.of(IamOptions.POLICY_ARN, VERSION_ID), ManagedPolicyCommands::deleteVersion));
  }
  // spotless:on

  private static String arn(Call call) {
    return call.arguments().get("--policy-arn");
  }

  private static String version(Call call) {
    return call.arguments().get("--version-id");
  }

  private static Answer create(Call call) throws IOException {
    String document = call.text("--policy-document");
    Iam.ManagedPolicy policy =
        call.kms()
            .iam()
            .createPolicy(
                call.caller(),
                call.arguments().get("--policy-name"),
                document,
                call.arguments().find("--description").orElse(""));
    return new Answer().with("Policy", IamAnswers.policy(policy));
  }

  private static Answer get(Call call) {
    Iam.ManagedPolicy policy = call.kms().iam().getPolicy(call.caller(), arn(call));
    return new Answer().with("Policy", IamAnswers.policy(policy));
  }

  private static Answer list(Call call) {
    boolean onlyAws = call.arguments().find("--scope").filter("AWS"::equals).isPresent();
    List<Answer> policies =
        call.kms().iam().listPolicies(call.caller()).stream().map(IamAnswers::policy).toList();
    return new Answer().with("Policies", onlyAws ? List.of() : policies);
  }

  private static Answer delete(Call call) {
    call.kms().iam().deletePolicy(call.caller(), arn(call));
    return Answer.none();
  }

  private static Answer createVersion(Call call) throws IOException {
    String document = call.text("--policy-document");
    boolean asDefault = call.arguments().has("--set-as-default");
    Iam.PolicyVersion version =
        call.kms().iam().createPolicyVersion(call.caller(), arn(call), document, asDefault);
    return new Answer().with("PolicyVersion", IamAnswers.version(version));
  }

  private static Answer getVersion(Call call) {
    Iam.PolicyVersion version =
        call.kms().iam().getPolicyVersion(call.caller(), arn(call), version(call));
    return new Answer().with("PolicyVersion", IamAnswers.versionWithDocument(version));
  }

  private static Answer listVersions(Call call) {
    List<Answer> versions =
        call.kms().iam().listPolicyVersions(call.caller(), arn(call)).stream()
            .map(IamAnswers::version)
            .toList();
    return new Answer().with("Versions", versions);
  }

  private static Answer setDefault(Call call) {
    call.kms().iam().setDefaultPolicyVersion(call.caller(), arn(call), version(call));
    return Answer.none();
  }

  private static Answer deleteVersion(Call call) {
    call.kms().iam().deletePolicyVersion(call.caller(), arn(call), version(call));
    return Answer.none();
  }
}
