// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.HsmInfo;
import dev.strongroom.hsm.cluster.MemberStatus;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.Journal;
import dev.strongroom.kms.audit.RegisteredStream;
import dev.strongroom.kms.cloudhsm.DomainKeyCluster;
import dev.strongroom.kms.key.DomainKeyring;
import dev.strongroom.kms.key.DomainRecord;
import dev.strongroom.kms.life.PassedTime;
import dev.strongroom.kms.storage.KeyStorage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Looks at everything that the KMS stands on. */
final class HealthCheck {
  private final KmsConfig config;
  private final Hsm hsm;
  private final DomainKeyCluster cluster;
  private final DomainKeyring domain;
  private final KeyStorage storage;
  private final PassedTime time;
  private final Journal trail;

  HealthCheck(
      KmsConfig config,
      Hsm hsm,
      DomainKeyCluster cluster,
      DomainKeyring domain,
      KeyStorage storage,
      PassedTime time,
      Journal trail) {
    this.config = config;
    this.hsm = hsm;
    this.cluster = cluster;
    this.domain = domain;
    this.storage = storage;
    this.time = time;
    this.trail = trail;
  }

  Health run() {
    List<Health.Finding> findings = new ArrayList<>();
    hsm(findings);
    domain(findings);
    cluster(findings);
    store(findings);
    audit(findings);
    return new Health(findings);
  }

  /** Does the same, and holds the store against the trail. */
  Health runDeep() {
    List<Health.Finding> findings = new ArrayList<>(run().findings());
    findings.addAll(new DeepCheck(storage, trail).run());
    return new Health(findings);
  }

  private void hsm(List<Health.Finding> findings) {
    HsmInfo info = hsm.info();
    findings.add(
        ok(
            "hsm",
            info.manufacturer()
                + " "
                + info.model()
                + ", token \""
                + info.label()
                + "\", serial "
                + info.serialNumber()
                + ", "
                + info.firmware()));
    if (!info.isHardware()) {
      findings.add(
          finding(
              Health.Severity.NOTE,
              "hsm",
              "The domain key is in a file, not in an HSM: it protects copies of the store, not"
                  + " copies of the home folder. Set 'hsm' to a PKCS#11 token for more."));
    }
    for (String weakness : info.weaknesses()) {
      findings.add(
          finding(
              Health.Severity.WARNING,
              "hsm",
              "The module has the weakness \"" + weakness + "\", which hsm.accept puts up with."));
    }
    info.notes().forEach(note -> findings.add(finding(Health.Severity.NOTE, "hsm", note)));
    findings.add(ok("hsm", "Backing keys it can hold: " + new TreeSet<>(info.backingKeySpecs())));
    try {
      hsm.random(1);
      findings.add(ok("hsm", "It answers."));
    } catch (HsmException e) {
      findings.add(finding(Health.Severity.ERROR, "hsm", String.valueOf(e.getMessage())));
    }
  }

  private void domain(List<Health.Finding> findings) {
    DomainRecord.Version active = domain.record().active();
    findings.add(
        ok(
            "domain key",
            domain.record().domainId()
                + ", version "
                + active.number()
                + " of "
                + active.creationDate()
                + ", wrap policy "
                + active.wrapPolicy()
                + ". "
                + wrapPolicy(active.wrapPolicy())));
    if (domain.record().isRotating()) {
      findings.add(
          finding(
              Health.Severity.WARNING,
              "domain key",
              "A rotation to version "
                  + active.number()
                  + " is under way or was interrupted: 'cloudhsm describe-domain-key' says how far"
                  + " it is, 'cloudhsm rotate-domain-key --resume' goes on with it."));
    }
  }

  /** Nothing to say of one HSM; what it is was said. */
  private void cluster(List<Health.Finding> findings) {
    List<MemberStatus> members = cluster.members();
    if (members.size() == 1) {
      return;
    }
    for (MemberStatus member : members) {
      List<Integer> lacking = cluster.lacking(member);
      String fault = member.fault().orElse("");
      findings.add(
          member.isServing() && lacking.isEmpty()
              ? ok("cluster", member.name() + " has the domain key and serves.")
              : finding(
                  Health.Severity.WARNING,
                  "cluster",
                  member.name()
                      + (member.isServing()
                          ? " lacks the versions "
                              + lacking
                              + " of the domain key, so that calls under them go to the others."
                          : " gets no calls until it answers and its domain key was checked: "
                              + fault)));
    }
  }

  private static String wrapPolicy(String policy) {
    return switch (policy) {
      case "strict" -> "Opened backing keys cannot be wrapped again by anybody.";
      case "trusted" -> "Opened backing keys can be wrapped again only under trusted keys.";
      default ->
          "The KMS can wrap opened backing keys again, and so could code that holds the PIN.";
    };
  }

  private void store(List<Health.Finding> findings) {
    try {
      findings.add(ok("store", config.store() + ", revision " + storage.revision()));
      storage.deletions().earliest().ifPresent(date -> deletions(date, findings));
    } catch (KmsException e) {
      findings.add(finding(Health.Severity.ERROR, "store", String.valueOf(e.getMessage())));
    }
  }

  private void deletions(Instant earliest, List<Health.Finding> findings) {
    if (time.isClockDoubted()) {
      findings.add(
          finding(
              Health.Severity.WARNING,
              "deletion",
              "The clock went on by more than was seen to pass: what is due for deletion waits"
                  + " until it ran evenly for a day in one process. If it is right, run 'kms"
                  + " confirm-clock'."));
    }
    findings.add(
        finding(
            Health.Severity.NOTE,
            "deletion",
            "Keys or imported material are pending deletion; the first is destroyed on "
                + earliest
                + "."));
  }

  private void audit(List<Health.Finding> findings) {
    Optional<Throwable> failure = trail.failure();
    findings.add(
        failure.isEmpty()
            ? ok("audit", "Journals are written to " + config.trailFolders())
            : finding(
                Health.Severity.ERROR,
                "audit",
                "Journals cannot be written to "
                    + config.trailFolders()
                    + " ("
                    + failure.get().getMessage()
                    + "): every call is refused until they can. Make the folder writable for this"
                    + " user and see that the disk is not full."));
    trail
        .failingFolders()
        .forEach((folder, cause) -> findings.add(failing(folder, String.valueOf(cause))));
    try {
      trail.missingStreams().forEach(stream -> findings.add(missing(stream)));
    } catch (KmsException e) {
      findings.add(finding(Health.Severity.ERROR, "audit", String.valueOf(e.getMessage())));
    }
  }

  private static Health.Finding failing(Path folder, String cause) {
    return finding(
        Health.Severity.WARNING,
        "audit",
        "Journals cannot be written to "
            + folder
            + " ("
            + cause
            + "): only the other folder has what is recorded now. Make this one writable for this"
            + " user and see that the disk is not full; what it lacks is then copied.");
  }

  private Health.Finding missing(RegisteredStream stream) {
    return finding(
        Health.Severity.ERROR,
        "audit",
        "The journal "
            + stream.stream()
            + " of "
            + stream.opened()
            + " is not in "
            + config.trailFolders()
            + " any more"
            + stream.end().map(end -> ", with " + end.records() + " records").orElse("")
            + ". Put it back from where it went; if nobody moved it, somebody removed it.");
  }

  private static Health.Finding ok(String part, String sentence) {
    return finding(Health.Severity.OK, part, sentence);
  }

  private static Health.Finding finding(Health.Severity severity, String part, String sentence) {
    return new Health.Finding(severity, part, sentence);
  }
}
