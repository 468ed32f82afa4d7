// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The one list of all commands, by service. Families are loaded as they are searched, so that one
 * command costs the start of its own family only.
 */
final class Catalog {

  /** What there is besides services: commands of our own. */
  static final String OWN = "";

  // spotless:off
  /** Commands that are loaded together, in the order of help. */
  private enum Family {
    HOME(OWN),
    FILE(OWN),
    KEY("kms"),
    ENSURE("kms"),
    ROTATION("kms"),
    IMPORT("kms"),
    DELETION("kms"),
    CUSTOM_KEY_STORE("kms"),
    EXPLAIN("kms"),
    USAGE("kms"),
    APPROVAL_RULE("kms"),
    APPROVAL("kms"),
    ALIAS("kms"),
    TAG("kms"),
    GRANT("kms"),
    ENCRYPTION("kms"),
    DATA_KEY("kms"),
    SIGNING("kms"),
    AGREEMENT("kms"),
    CERTIFICATE("kms"),
    IAM("iam"),
    IAM_TAG("iam"),
    ENTITY_POLICY("iam"),
    MANAGED_POLICY("iam"),
    ACCESS_KEY("iam"),
    STS("sts"),
    ORGANIZATIONS("organizations"),
    CLOUD_HSM("cloudhsm"),
    BACKUP("backup"),
    RESTORE(OWN),
    CLUSTER("cloudhsm"),
    CUSTODY("cloudhsm"),
    CLOUD_TRAIL("cloudtrail");

    private final String service;

    Family(String service) {
      this.service = service;
    }

    /** A switch, since a reference to each method would cost every command 10 ms. */
    List<Command> commands() {
      return switch (this) {
        case HOME           -> HomeCommands.all();
        case FILE           -> FileCommands.all();
        case KEY            -> KeyCommands.all();
        case ENSURE         -> EnsureCommands.all();
        case ROTATION       -> RotationCommands.all();
        case IMPORT         -> ImportCommands.all();
        case DELETION       -> DeletionCommands.all();
        case CUSTOM_KEY_STORE -> CustomKeyStoreCommands.all();
        case EXPLAIN        -> ExplainCommands.all();
        case USAGE          -> UsageCommands.all();
        case APPROVAL_RULE  -> ApprovalRuleCommands.all();
        case APPROVAL       -> ApprovalCommands.all();
        case ALIAS          -> AliasCommands.all();
        case TAG            -> TagCommands.all();
        case GRANT          -> GrantCommands.all();
        case ENCRYPTION     -> EncryptionCommands.all();
        case DATA_KEY       -> DataKeyCommands.all();
        case SIGNING        -> SigningCommands.all();
        case AGREEMENT      -> AgreementCommands.all();
        case CERTIFICATE    -> CertificateCommands.all();
        case IAM            -> IamCommands.all();
        case IAM_TAG        -> IamTagCommands.all();
        case ENTITY_POLICY  -> EntityPolicyCommands.all();
        case MANAGED_POLICY -> ManagedPolicyCommands.all();
        case ACCESS_KEY     -> AccessKeyCommands.all();
        case STS            -> StsCommands.all();
        case ORGANIZATIONS  -> OrganizationsCommands.all();
        case CLOUD_HSM      -> CloudHsmCommands.all();
        case BACKUP         -> BackupCommands.all();
        case RESTORE        -> List.of(BackupCommands.restore());
        case CLUSTER        -> ClusterCommands.all();
        case CUSTODY        -> CustodyCommands.all();
        case CLOUD_TRAIL    -> CloudTrailCommands.all();
      };
    }
  }
  // spotless:on

  /** The services in the order of help, each with what it is about. */
  static final List<Service> SERVICES =
      List.of(
          new Service("kms", "Keys, and encrypting and signing with them."),
          new Service("iam", "Who may do what: users, groups, roles, policies, access keys."),
          new Service("sts", "Rights for a time: sessions of roles; and who calls."),
          new Service("organizations", "Accounts, each with identities and keys of its own."),
          new Service("cloudhsm", "The HSM, and the domain key in it."),
          new Service("backup", "Backups of all of it, and the proof that they restore."),
          new Service("cloudtrail", "The record of every call."));

  /** A group of commands under one word, as AWS has it. */
  record Service(String name, String summary) {}

  private Catalog() {}

  static boolean isService(String word) {
    return SERVICES.stream().anyMatch(service -> service.name().equals(word));
  }

  /** Returns the commands of a service, or our own. */
  static List<Command> commands(String service) {
    List<Command> all = new ArrayList<>();
    for (Family family : Family.values()) {
      if (family.service.equals(service)) {
        all.addAll(family.commands());
      }
    }
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
    for (Family family : Family.values()) {
      if (family.service.equals(service)) {
        for (Command command : family.commands()) {
          if (command.name().equals(name)) {
            return command;
          }
        }
      }
    }
    throw unknown(service, name);
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
