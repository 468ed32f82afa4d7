// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.cluster.MemberStatus;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.Sha256;
import dev.strongroom.kms.cloudhsm.DomainKeyCluster;
import dev.strongroom.kms.custody.Custody;
import dev.strongroom.kms.key.DomainKeyring;
import dev.strongroom.kms.key.DomainRecord;
import dev.strongroom.kms.key.Endorsement;
import dev.strongroom.kms.life.DomainRotation;
import dev.strongroom.kms.storage.DomainStorage;
import dev.strongroom.kms.storage.KeyStorage;
import dev.strongroom.kms.storage.Restoration;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The HSM under this KMS: the gate decides, {@link DomainRotation} does it. */
final class EmbeddedCloudHsm implements CloudHsm {
  private static final String BECAUSE =
      "the domain key is under the keys of all accounts; the account that the KMS was made with"
          + " rotates it";

  private static final String MEMBER = "member";

  private final ManagementGate management;
  private final ApprovalGate guarded;
  private final ApprovalDesk desk;
  private final KeyStorage storage;
  private final DomainKeyring domain;
  private final DomainRotation rotation;
  private final DomainKeyCluster cluster;
  private final Custody custody;
  private final Supplier<String> wrapPolicy;

  EmbeddedCloudHsm(
      ManagementGate management,
      ApprovalGate guarded,
      ApprovalDesk desk,
      KeyStorage storage,
      DomainKeyring domain,
      DomainRotation rotation,
      DomainKeyCluster cluster,
      Custody custody,
      Supplier<String> wrapPolicy) {
    this.management = management;
    this.guarded = guarded;
    this.desk = desk;
    this.storage = storage;
    this.domain = domain;
    this.rotation = rotation;
    this.cluster = cluster;
    this.custody = custody;
    this.wrapPolicy = wrapPolicy;
  }

  @Override
  public DomainKeyDescription rotateDomainKey(Caller caller, Progress progress) {
    Call call = Call.of(caller, Operation.ROTATE_DOMAIN_KEY);
    management.require(call, BECAUSE);
    return guarded.runAccountChange(
        call,
        storage.approvals().accountRule(caller.accountId()),
        approved -> {
          rotation.rotate(wrapPolicy.get(), approved.map(desk::use), progress::advanced);
          return description();
        });
  }

  /** Whoever began was let to, with all approvals: to go on needs the right alone. */
  @Override
  public DomainKeyDescription resumeDomainKeyRotation(Caller caller, Progress progress) {
    return management.run(
        Call.of(caller, Operation.RESUME_DOMAIN_KEY_ROTATION),
        BECAUSE,
        () -> {
          rotation.resume(progress::advanced);
          return description();
        });
  }

  @Override
  public DomainKeyDescription describeDomainKey(Caller caller) {
    return management.run(
        Call.of(caller, Operation.DESCRIBE_DOMAIN_KEY), BECAUSE, this::description);
  }

  @Override
  public ClusterDescription describeCluster(Caller caller) {
    return management.run(Call.of(caller, Operation.DESCRIBE_CLUSTER), BECAUSE, this::members);
  }

  @Override
  public ClusterDescription joinCluster(Caller caller, String member) {
    return management.run(
        Call.of(caller, Operation.JOIN_CLUSTER, Map.of(MEMBER, member)),
        BECAUSE,
        () -> {
          cluster.join(member);
          return members();
        });
  }

  @Override
  public ClusterDescription leaveCluster(Caller caller, String member) {
    return management.run(
        Call.of(caller, Operation.LEAVE_CLUSTER, Map.of(MEMBER, member)),
        BECAUSE,
        () -> {
          cluster.leave(member);
          return members();
        });
  }

  @Override
  public Custody.Handout exportDomainKey(Caller caller, List<PublicKey> custodians, int threshold) {
    Map<String, String> parameters =
        Map.of(
            "threshold",
            String.valueOf(threshold),
            "custodianKeysSha256",
            custodians.stream()
                .map(key -> HexFormat.of().formatHex(Sha256.of(key.getEncoded())))
                .collect(Collectors.joining(",")));
    return management.run(
        Call.of(caller, Operation.EXPORT_DOMAIN_KEY, parameters),
        BECAUSE,
        () -> {
          DomainRecord record = domain.record();
          List<DomainKeyId> all =
              record.versions().stream()
                  .map(version -> new DomainKeyId(record.domainId(), version.number()))
                  .toList();
          return custody.export(all, custodians, threshold);
        });
  }

  private ClusterDescription members() {
    return new ClusterDescription(
        cluster.members().stream().map(this::member).toList(), cluster.minCopies());
  }

  private ClusterDescription.Member member(MemberStatus status) {
    List<Integer> lacking = cluster.lacking(status);
    ClusterDescription.State state =
        lacking.isEmpty() ? ClusterDescription.State.ACTIVE : ClusterDescription.State.INCOMPLETE;
    return new ClusterDescription.Member(
        status.name(),
        status.isServing() ? state : ClusterDescription.State.DOWN,
        status.fault(),
        status.faults(),
        status.domainKeys().stream().map(DomainKeyId::version).sorted().toList(),
        lacking);
  }

  private DomainKeyDescription description() {
    DomainRecord record = domain.record();
    List<DomainKeyDescription.Version> versions = new ArrayList<>();
    Optional<DomainRecord.Version> before = Optional.empty();
    for (DomainRecord.Version version : record.versions()) {
      versions.add(0, described(record, version, before));
      before = Optional.of(version);
    }
    Optional<DomainKeyDescription.Rotation> running = Optional.empty();
    if (record.isRotating()) {
      DomainStorage.Amounts amounts = storage.domain().amounts();
      running = Optional.of(new DomainKeyDescription.Rotation(amounts.done(), amounts.total()));
    }
    return new DomainKeyDescription(
        record.domainId(), versions, running, restored(storage.restorations().latest()));
  }

  private static Optional<DomainKeyDescription.Restored> restored(Optional<Restoration> latest) {
    return latest.map(
        restoration ->
            new DomainKeyDescription.Restored(
                restoration.incarnation(),
                restoration.previous(),
                restoration.restored(),
                restoration.receipt().getOrDefault("backupId", "")));
  }

  private static DomainKeyDescription.Version described(
      DomainRecord record, DomainRecord.Version version, Optional<DomainRecord.Version> before) {
    Optional<byte[]> endorsement =
        Optional.of(version.endorsement()).filter(signature -> signature.length > 0);
    return new DomainKeyDescription.Version(
        version.number(),
        status(record, version),
        version.wrapPolicy().toLowerCase(Locale.ROOT),
        version.creationDate(),
        version.retirementDate(),
        AuditNotary.decode(version.publicKey()),
        endorsement.map(Base64.getEncoder()::encodeToString),
        before
            .filter(known -> endorsement.isPresent())
            .map(
                known ->
                    Endorsement.text(
                        record.domainId(), known.number(), version.number(), version.publicKey())));
  }

  private static DomainKeyDescription.Status status(
      DomainRecord record, DomainRecord.Version version) {
    if (version == record.active()) {
      return DomainKeyDescription.Status.ACTIVE;
    }
    return version.retirementDate().isPresent()
        ? DomainKeyDescription.Status.RETIRED
        : DomainKeyDescription.Status.RETIRING;
  }
}
