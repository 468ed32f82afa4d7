// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The one list of all commands, by service. Families are loaded as they are searched, so that one
 * command costs the start of its own family only.
 */
final class Catalog {

  /** What there is besides services: commands of our own. */
  static final String OWN = "";

  // spotless:off
  private static final Map<String, List<Supplier<List<Command>>>> FAMILIES =
      Map.of(
          OWN, List.of(HomeCommands::all, FileCommands::all),
          "kms", List.of(
              KeyCommands::all, ExplainCommands::all, UsageCommands::all, ApprovalRuleCommands::all, ApprovalCommands::all, AliasCommands::all, TagCommands::all, GrantCommands::all, EncryptionCommands::all, DataKeyCommands::all,
              SigningCommands::all, AgreementCommands::all, CertificateCommands::all),
          "iam", List.of(
              IamCommands::all, IamTagCommands::all, EntityPolicyCommands::all, ManagedPolicyCommands::all, AccessKeyCommands::all),
          "sts", List.of(StsCommands::all),
          "organizations", List.of(OrganizationsCommands::all),
          "cloudtrail", List.of(CloudTrailCommands::all));
  // spotless:on

  /** The services in the order of help, each with what it is about. */
  static final List<Service> SERVICES =
      List.of(
          new Service("kms", "Keys, and encrypting and signing with them."),
          new Service("iam", "Who may do what: users, groups, roles, policies, access keys."),
          new Service("sts", "Rights for a time: sessions of roles; and who calls."),
          new Service("organizations", "Accounts, each with identities and keys of its own."),
          new Service("cloudtrail", "The record of every call."));

  /** A group of commands under one word, as AWS has it. */
  record Service(String name, String summary) {}

  private Catalog() {}

  static boolean isService(String word) {
    return !word.equals(OWN) && FAMILIES.containsKey(word);
  }

  /** Returns the commands of a service, or our own. */
  static List<Command> commands(String service) {
    List<Command> all = new ArrayList<>();
    FAMILIES.getOrDefault(service, List.of()).forEach(family -> all.addAll(family.get()));
    return all;
  }

  /**
   * Returns the command of that name.
   *
   * @param path {@code [kms, encrypt]} or {@code [init]}
   * @throws UsageError if there is none; it names the nearest
   */
  static Command find(List<String> path) {
    boolean inService = isService(path.get(0));
    String service = inService ? path.get(0) : OWN;
    if (inService && path.size() == 1) {
      throw new UsageError(
          "'" + service + "' needs a command. 'strongroom help " + service + "' lists them.");
    }
    String name = path.get(inService ? 1 : 0);
    return FAMILIES.getOrDefault(service, List.of()).stream()
        .flatMap(family -> family.get().stream())
        .filter(command -> command.name().equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(service, name));
  }

  private static UsageError unknown(String service, String name) {
    boolean own = service.equals(OWN);
    List<String> known =
        Stream.concat(
                own
                    ? Stream.concat(
                        SERVICES.stream().map(Service::name), Stream.of("help", "version"))
                    : Stream.of(),
                commands(service).stream().map(Command::name))
            .toList();
    String hint = Nearest.hint(name, known);
    return new UsageError(
        "unknown command '"
            + (own ? "" : service + " ")
            + name
            + "'."
            + (hint.isEmpty() && own ? serviceHint(name) : hint)
            + " 'strongroom help"
            + (own ? "" : " " + service)
            + "' lists the commands.");
  }

  /** Somebody typed {@code encrypt} for {@code kms encrypt}. */
  private static String serviceHint(String name) {
    Optional<Command> found =
        SERVICES.stream()
            .flatMap(service -> commands(service.name()).stream())
            .filter(command -> command.name().equals(name))
            .findFirst();
    return found.map(command -> " Did you mean '" + command.words() + "'?").orElse("");
  }
}
