// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.cloudhsm;

import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.cluster.ClusterHsm;
import dev.strongroom.hsm.cluster.MemberStatus;
import dev.strongroom.hsm.transport.DomainKeyCarrier;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.DomainKeyring;
import dev.strongroom.kms.key.DomainRecord;
import dev.strongroom.kms.key.HsmErrors;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The tokens that hold the domain key, and how many have to. Thread-safe. */
public final class DomainKeyCluster {
  private static final String LABEL = "pkcs11:token=";

  private final DomainKeyCarrier hsm;
  private final DomainKeyring domain;
  private final int minCopies;

  /**
   * Makes it.
   *
   * @param minCopies how many tokens have to have the active version before keys are made under it
   */
  public DomainKeyCluster(DomainKeyCarrier hsm, DomainKeyring domain, int minCopies) {
    this.hsm = hsm;
    this.domain = domain;
    this.minCopies = minCopies;
  }

  public int minCopies() {
    return minCopies;
  }

  /** Returns how the tokens are, in the order of the setting; asks none of them. */
  public List<MemberStatus> members() {
    if (hsm instanceof ClusterHsm cluster) {
      return cluster.status();
    }
    List<DomainKeyId> all =
        domain.record().versions().stream().map(version -> id(version.number())).toList();
    return List.of(new MemberStatus(hsm.info().label(), true, Optional.empty(), 0, all));
  }

  private DomainKeyId id(int version) {
    return new DomainKeyId(domain.record().domainId(), version);
  }

  /**
   * Refuses new keys while too few tokens that answer have the active version of the domain key.
   *
   * @throws KmsException.HsmUnavailable saying which are missing
   */
  public void requireCopies() {
    if (minCopies <= 1) {
      return;
    }
    DomainKeyId active = id(domain.activeVersion());
    long copies = holders(active);
    if (copies < minCopies) {
      throw new KmsException.HsmUnavailable(
          "Domain key "
              + active
              + " has "
              + copies
              + " of the "
              + minCopies
              + " copies that minDomainKeyCopies demands before keys are made: "
              + missing(active)
              + ". Bring them back, or give them the domain key with 'cloudhsm"
              + " rotate-domain-key'; 'cloudhsm describe-cluster' shows how they are.",
          null);
    }
  }

  private long holders(DomainKeyId version) {
    return members().stream().filter(has(version)).count();
  }

  private static Predicate<MemberStatus> has(DomainKeyId version) {
    return member -> member.isServing() && member.domainKeys().contains(version);
  }

  private String missing(DomainKeyId active) {
    String without =
        members().stream()
            .filter(has(active).negate())
            .map(member -> member.name() + (member.isServing() ? " lacks it" : " is away"))
            .collect(Collectors.joining(", "));
    return without.isEmpty() ? "the setting hsm names too few tokens" : without;
  }

  /**
   * Gives a member the versions of the domain key that it lacks.
   *
   * @param member its name, or the label of its token
   * @throws KmsException.UnsupportedOperation if those who have them cannot wrap them, with what to
   *     do
   */
  public void join(String member) {
    ClusterHsm cluster = cluster();
    String name = named(member).name();
    try {
      cluster.join(name);
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    }
  }

  /**
   * Takes the domain key away from a member, so that its token can go.
   *
   * @param member its name, or the label of its token
   * @throws KmsException.InvalidState if it has a version that no other member has that answers, or
   *     fewer copies were left than have to be
   */
  public void leave(String member) {
    ClusterHsm cluster = cluster();
    MemberStatus leaving = named(member);
    if (!leaving.isServing()) {
      throw new KmsException.HsmUnavailable(
          leaving.name()
              + " is away, and nothing can be destroyed there. Take it out of the setting hsm; when"
              + " it turns up, destroy what is on it.",
          null);
    }
    leaving.domainKeys().forEach(version -> requireOthers(leaving, version));
    try {
      cluster.leave(leaving.name());
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    }
  }

  private void requireOthers(MemberStatus leaving, DomainKeyId version) {
    long left = holders(version) - 1;
    boolean isActive = version.version() == domain.activeVersion();
    long needed = isActive ? Math.max(1, minCopies) : 1;
    if (left < needed) {
      throw new KmsException.InvalidState(
          leaving.name()
              + " cannot leave: "
              + left
              + " other members that answer have domain key "
              + version
              + ", and "
              + needed
              + " have to. Bring others back first, or lower minDomainKeyCopies if that is why.");
    }
  }

  private ClusterHsm cluster() {
    if (hsm instanceof ClusterHsm cluster) {
      return cluster;
    }
    throw new KmsException.InvalidState(
        "There is no cluster: the setting hsm names one HSM. Append the PKCS#11 URI of another"
            + " token to it, after a blank.");
  }

  private MemberStatus named(String member) {
    return members().stream()
        .filter(status -> status.name().equals(member) || status.name().equals(LABEL + member))
        .findFirst()
        .orElseThrow(
            () ->
                new KmsException.Validation(
                    "No member of the cluster is called \""
                        + member
                        + "\". There are: "
                        + members().stream()
                            .map(MemberStatus::name)
                            .collect(Collectors.joining(", "))
                        + "."));
  }

  /** Returns the versions of the domain key that the store knows and the member has not. */
  public List<Integer> lacking(MemberStatus member) {
    return domain.record().versions().stream()
        .map(DomainRecord.Version::number)
        .filter(number -> !member.domainKeys().contains(id(number)))
        .toList();
  }
}
