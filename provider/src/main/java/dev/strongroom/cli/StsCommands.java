// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.service.Credentials;
import dev.strongroom.kms.service.Sts;
import java.io.IOException;
import java.util.List;

/** {@code sts …}: sessions of roles, and who calls. */
final class StsCommands {
  private static final String ARN_PREFIX = "arn=";
  private static final int DEFAULT_SECONDS = 3600;

  private StsCommands() {}

  // spotless:off
  static List<Command> all() {
    return List.of(
        new Command("sts", "assume-role", "Gives an access key for a time, with the rights of a role.",
            "strongroom sts assume-role --role-arn arn:aws:iam::000000000000:role/batch --role-session-name nightly > session.json",
            List.of(
                Parameter.required("--role-arn", "<arn>", "The role: arn:aws:iam::<account>:role/<name>."),
                Parameter.required("--role-session-name", "<name>", "What the session is called, in the trail too: 2 to 64 characters."),
                Parameter.optional("--duration-seconds", "<s>", "How long it lasts: 900 to what the role allows; 3600 if not given."),
                Parameter.optional("--policy", "<policy>", "A session policy: what it does not allow is not allowed. JSON, or file://FILE."),
                Parameter.list("--policy-arns", "<arn>", "Managed policies that limit it, too: arn=ARN, up to 10."),
                Parameter.optional("--external-id", "<id>", "What the trust policy asks for as sts:ExternalId.")),
            StsCommands::assumeRole),
        new Command("sts", "get-caller-identity", "Shows who calls.",
            "strongroom sts get-caller-identity", List.of(), StsCommands::callerIdentity));
  }
  // spotless:on

  private static Answer assumeRole(Call call) throws IOException {
    Sts.AssumeRoleRequest request =
        new Sts.AssumeRoleRequest(
            call.arguments().get("--role-arn"),
            call.arguments().get("--role-session-name"),
            call.number("--duration-seconds", DEFAULT_SECONDS, 0, Integer.MAX_VALUE),
            call.textIfGiven("--policy").orElse(null),
            call.list("--policy-arns").stream().map(StsCommands::arn).toList(),
            call.arguments().find("--external-id").orElse(null));
    Sts.AssumedRole assumed = call.kms().sts().assumeRole(call.caller(), request);
    Answer answer =
        new Answer()
            .with("Credentials", credentials(assumed))
            .with(
                "AssumedRoleUser",
                new Answer()
                    .with("AssumedRoleId", assumed.assumedRoleId())
                    .with("Arn", assumed.arn()));
    assumed.packedPolicySize().ifPresent(percent -> answer.with("PackedPolicySize", percent));
    return answer;
  }

  /** AWS CLI has it as a structure, {@code arn=…}. */
  private static String arn(String text) {
    return text.startsWith(ARN_PREFIX) ? text.substring(ARN_PREFIX.length()) : text;
  }

  private static Answer credentials(Sts.AssumedRole assumed) {
    Credentials credentials = assumed.credentials();
    return new Answer()
        .with("AccessKeyId", credentials.accessKeyId())
        .with("SecretAccessKey", credentials.secret())
        .with("SessionToken", credentials.sessionToken())
        .with("Expiration", assumed.expiration());
  }

  private static Answer callerIdentity(Call call) {
    Sts.CallerIdentity identity = call.kms().sts().getCallerIdentity(call.caller());
    return new Answer()
        .with("UserId", identity.userId())
        .with("Account", identity.account())
        .with("Arn", identity.arn());
  }
}
