// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.service.CreateGrantRequest;
import dev.strongroom.kms.service.CreateGrantResult;
import dev.strongroom.kms.service.GrantConstraints;
import dev.strongroom.kms.service.GrantFilter;
import dev.strongroom.kms.service.GrantListEntry;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** {@code kms …}: grants, which let one principal use one key until they are ended. */
final class GrantCommands {
  private static final Parameter KEY_ID =
      Parameter.required(
          "--key-id", "<key>", "The KMS key: its id or its ARN; an alias could move.");
  private static final Parameter GRANT_ID =
      Parameter.required("--grant-id", "<id>", "The grant, as CreateGrant and ListGrants name it.");

  static final String GRANTEE =
      "Who may: the ARN of a user, a role, a role session or an account's root, or an account's id.";

  /** The options of create-grant that say what the grant is, besides the key and operations. */
  static final List<Parameter> GRANT =
      List.of(
          Parameter.optional(
              "--retiring-principal", "<arn>", "Who may retire the grant, besides the account."),
          Parameter.optional(
              "--constraints",
              "<constraints>",
              "EncryptionContextSubset={a=b} or EncryptionContextEquals={a=b}, or as JSON."),
          Parameter.optional(
              "--name", "<name>", "Makes the call repeatable: the same again makes no second."),
          Parameter.optional(
              "--expires-at", "<time>", "From when on it allows nothing (not in AWS)."),
          Parameter.optional(
              "--max-uses",
              "<n>",
              "How many calls it lets through, in all processes together (not in AWS)."));

  private GrantCommands() {}

  static List<Command> all() {
    return List.of(
        createGrant(), listGrants(), listRetirableGrants(), retireGrant(), revokeGrant());
  }

  private static Command createGrant() {
    return new Command(
        "kms",
        "create-grant",
        "Lets one principal use a key, until the grant expires, is used up or ended.",
        """
        strongroom kms create-grant --key-id 1234abcd-12ab-34cd-56ef-1234567890ab \\
            --grantee-principal arn:aws:iam::000000000000:user/batch --operations Decrypt \\
            --constraints EncryptionContextSubset={job=nightly} --expires-at 2030-01-01T06:00:00Z""",
        Stream.concat(
                Stream.of(
                    KEY_ID,
                    Parameter.required("--grantee-principal", "<arn>", GRANTEE),
                    Parameter.requiredList(
                        "--operations",
                        "<operation>",
                        "What it may do: Decrypt Encrypt GenerateDataKey … as the key can."),
                    Options.GRANT_TOKENS),
                GRANT.stream())
            .toList(),
        GrantCommands::create);
  }

  private static Command listGrants() {
    return new Command(
        "kms",
        "list-grants",
        "Lists the grants on a key.",
        "strongroom kms list-grants --key-id 1234abcd-12ab-34cd-56ef-1234567890ab",
        List.of(
            KEY_ID,
            Parameter.optional("--grant-id", "<id>", "Only this grant."),
            Parameter.optional("--grantee-principal", "<arn>", "Only those of this principal."),
            Options.LIMIT,
            Options.MARKER,
            Options.MAX_ITEMS,
            Options.STARTING_TOKEN),
        GrantCommands::list);
  }

  private static Command listRetirableGrants() {
    return new Command(
        "kms",
        "list-retirable-grants",
        "Lists the grants, on any key, that name somebody as the one to retire them.",
        """
        strongroom kms list-retirable-grants \\
            --retiring-principal arn:aws:iam::000000000000:user/batch""",
        List.of(
            Parameter.required("--retiring-principal", "<arn>", "Who may retire them."),
            Options.LIMIT,
            Options.MARKER,
            Options.MAX_ITEMS,
            Options.STARTING_TOKEN),
        GrantCommands::listRetirable);
  }

  private static Command retireGrant() {
    return new Command(
        "kms",
        "retire-grant",
        "Ends a grant that is not needed any more; for who uses it, or made it.",
        "strongroom kms retire-grant --grant-token AQAAAAE…",
        List.of(
            Parameter.optional("--grant-token", "<token>", "What CreateGrant gave; or else:"),
            Parameter.optional("--key-id", "<key>", "The key, by its id or ARN, and"),
            Parameter.optional("--grant-id", "<id>", "the grant.")),
        GrantCommands::retire);
  }

  private static Command revokeGrant() {
    return new Command(
        "kms",
        "revoke-grant",
        "Ends a grant: who used the key by it is refused from now on.",
        """
        strongroom kms revoke-grant --key-id 1234abcd-12ab-34cd-56ef-1234567890ab \\
            --grant-id 0c237476b39f8bc44e45212e08498fbe3151305030726c0590dd8d3e9f3d6a60""",
        List.of(KEY_ID, GRANT_ID),
        GrantCommands::revoke);
  }

  private static Answer create(Call call) throws IOException {
    CreateGrantResult made = call.kms().createGrant(call.caller(), request(call));
    return new Answer().with("GrantToken", made.grantToken()).with("GrantId", made.grantId());
  }

  /** Returns what the options of create-grant ask for. */
  static CreateGrantRequest request(Call call) throws IOException {
    Set<Operation> operations = EnumSet.noneOf(Operation.class);
    for (String name : call.list("--operations")) {
      operations.add(call.operation("--operations", name));
    }
    return new CreateGrantRequest(
        call.key("--key-id"),
        call.text("--grantee-principal"),
        operations,
        call.textIfGiven("--retiring-principal"),
        constraints(call),
        call.textIfGiven("--name").orElse(""),
        Times.parse(call, "--expires-at"),
        maxUses(call));
  }

  private static OptionalLong maxUses(Call call) {
    return call.arguments().has("--max-uses")
        ? OptionalLong.of(call.number("--max-uses", 0, 1, Integer.MAX_VALUE))
        : OptionalLong.empty();
  }

  private static GrantConstraints constraints(Call call) throws IOException {
    Optional<String> text = call.textIfGiven("--constraints");
    return text.isEmpty()
        ? GrantConstraints.NONE
        : ConstraintSyntax.parse("--constraints", text.get());
  }

  private static Answer list(Call call) {
    KeyRef key = call.key("--key-id");
    GrantFilter filter =
        new GrantFilter(
            call.arguments().find("--grant-id"), call.arguments().find("--grantee-principal"));
    return Pages.list(
        call,
        "Grants",
        (marker, limit) -> call.kms().listGrants(call.caller(), key, filter, marker, limit),
        GrantCommands::shape);
  }

  private static Answer listRetirable(Call call) {
    String retiring = call.arguments().get("--retiring-principal");
    return Pages.list(
        call,
        "Grants",
        (marker, limit) -> call.kms().listRetirableGrants(call.caller(), retiring, marker, limit),
        GrantCommands::shape);
  }

  private static Answer shape(GrantListEntry grant) {
    Answer answer =
        new Answer()
            .with("KeyId", grant.key().text())
            .with("GrantId", grant.grantId())
            .with("Name", grant.name())
            .with("CreationDate", grant.creationDate())
            .with("GranteePrincipal", grant.granteePrincipal())
            .withIfPresent("RetiringPrincipal", grant.retiringPrincipal())
            .with("IssuingAccount", grant.issuingAccount())
            .with("Operations", grant.operations().stream().map(Operation::apiName).toList());
    if (!grant.constraints().isEmpty()) {
      answer.with("Constraints", ConstraintSyntax.shape(grant.constraints()));
    }
    answer.withIfPresent("ExpirationDate", grant.expirationDate());
    grant.maxUses().ifPresent(uses -> answer.with("MaxUses", (int) uses));
    return answer;
  }

  private static Answer retire(Call call) {
    Optional<String> token = call.arguments().find("--grant-token");
    Optional<String> grantId = call.arguments().find("--grant-id");
    Optional<KeyRef> key = call.keyIfGiven("--key-id");
    boolean byId = key.isPresent() && grantId.isPresent();
    if (token.isPresent() == byId
        || (token.isPresent() && (key.isPresent() || grantId.isPresent()))) {
      throw new UsageError("say --grant-token, or --key-id and --grant-id.");
    }
    if (token.isPresent()) {
      call.kms().retireGrant(call.caller(), token.get());
    } else {
      call.kms().retireGrant(call.caller(), key.orElseThrow(), grantId.orElseThrow());
    }
    return Answer.none();
  }

  private static Answer revoke(Call call) {
    KeyRef key = call.key("--key-id");
    call.kms().revokeGrant(call.caller(), key, call.arguments().get("--grant-id"));
    return Answer.none();
  }
}
