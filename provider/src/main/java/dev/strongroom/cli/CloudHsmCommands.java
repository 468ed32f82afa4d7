// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.service.DomainKeyDescription;
import java.util.List;

/** {@code cloudhsm …}: the HSM, and the domain key in it (not in AWS in this form). */
final class CloudHsmCommands {
  private static final String RESUME = "--resume";

  private CloudHsmCommands() {}

  static List<Command> all() {
    return List.of(
        new Command(
            "cloudhsm",
            "rotate-domain-key",
            "Makes a new version of the domain key and brings everything under it, while work goes"
                + " on.",
            """
            strongroom cloudhsm rotate-domain-key
            strongroom cloudhsm rotate-domain-key --resume""",
            List.of(
                Parameter.flag(
                    RESUME, "Go on with a rotation that was interrupted; nothing of it is lost.")),
            CloudHsmCommands::rotate),
        new Command(
            "cloudhsm",
            "describe-domain-key",
            "Shows the versions of the domain key, and how far a rotation is.",
            "strongroom cloudhsm describe-domain-key",
            List.of(),
            CloudHsmCommands::describe));
  }

  private static Answer rotate(Call call) {
    try (CountProgress progress = CountProgress.of(call.terminal(), "rows")) {
      return answer(
          call.arguments().has(RESUME)
              ? call.kms().cloudHsm().resumeDomainKeyRotation(call.caller(), progress::show)
              : call.kms().cloudHsm().rotateDomainKey(call.caller(), progress::show));
    }
  }

  private static Answer describe(Call call) {
    return answer(call.kms().cloudHsm().describeDomainKey(call.caller()));
  }

  private static Answer answer(DomainKeyDescription description) {
    return new Answer()
        .with("DomainId", description.domainId().toString())
        .with("Versions", description.versions().stream().map(CloudHsmCommands::shape).toList())
        .withIfPresent(
            "Rotation",
            description
                .rotation()
                .map(
                    rotation ->
                        new Answer().with("Done", rotation.done()).with("Total", rotation.total())))
        .withIfPresent(
            "Restoration",
            description
                .restoration()
                .map(
                    restored ->
                        new Answer()
                            .with("Incarnation", restored.incarnation())
                            .with("PreviousIncarnation", restored.previous())
                            .with("RestoredDate", restored.restored())
                            .with("BackupId", restored.backupId())));
  }

  private static Answer shape(DomainKeyDescription.Version version) {
    return new Answer()
        .with("Version", version.number())
        .with("Status", version.status().name())
        .with("WrapPolicy", version.wrapPolicy())
        .with("CreationDate", version.creationDate())
        .withIfPresent("RetirementDate", version.retirementDate())
        .with("PublicKey", Pem.text(Pem.PUBLIC_KEY, version.publicKey().getEncoded()))
        // Printed as text it gets back the newline that ends it and is signed.
        .withIfPresent("Endorsed", version.endorsed().map(String::stripTrailing))
        .withIfPresent("Endorsement", version.endorsement());
  }
}
