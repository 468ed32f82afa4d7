// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.cluster;

import dev.strongroom.hsm.DomainKey;
import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.HsmInfo;
import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.hsm.transport.DomainKeyCarrier;
import dev.strongroom.hsm.transport.DomainKeyReceiver;
import dev.strongroom.hsm.transport.DomainKeyShipment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Several HSMs that hold the same domain keys. Calls are spread over those that answer, by thread;
 * one that fails a call gets none until it answers again and its copies were found to be the right
 * ones, and the call is made at another. Members look for themselves whether they are back; where
 * none is left, each call looks.
 *
 * <p>A domain key is made at all members at once, or not at all: by one for the others, see {@link
 * DomainKeyCarrier}. A member that was added later has those that are made from then on, and those
 * that it can {@linkplain #join be given}.
 *
 * <p>Thread-safe.
 */
public final class ClusterHsm implements DomainKeyCarrier {
  private static final System.Logger LOG = System.getLogger(ClusterHsm.class.getName());

  private final List<Member> members = new ArrayList<>();
  private final Map<DomainKeyId, ClusterDomainKey> keys = new ConcurrentHashMap<>();
  private final Repairs repairs = new Repairs(this);
  private final HsmInfo info;

  /**
   * Opens the members.
   *
   * @param openers by the names of the members, in the order of the setting; they throw {@link
   *     HsmException} where a member is away
   * @throws HsmException that of the first one, if none can be opened
   */
  public ClusterHsm(Map<String, Supplier<DomainKeyCarrier>> openers) {
    openers.forEach((name, opener) -> members.add(new Member(name, opener)));
    List<HsmInfo> found = new ArrayList<>();
    HsmException first = null;
    for (Member member : members) {
      try {
        found.add(member.open().info());
      } catch (HsmException e) {
        member.goDown(e);
        first = first == null ? e : first;
      }
    }
    if (found.isEmpty()) {
      throw first == null ? new HsmException.Unavailable("A cluster has members.", null) : first;
    }
    this.info = ClusterInfo.of(found);
    if (first != null) {
      LOG.log(
          System.Logger.Level.WARNING, "A member of the cluster is away: {0}", first.getMessage());
      repairs.begin();
    }
  }

  @Override
  public HsmInfo info() {
    return info;
  }

  /** Returns how the members are, in the order of the setting; asks none of them. */
  public List<MemberStatus> status() {
    List<MemberStatus> all = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      HsmException fault = member.fault();
      int at = i;
      all.add(
          new MemberStatus(
              member.name(),
              fault == null,
              Optional.ofNullable(fault).map(HsmException::getMessage),
              member.faults(),
              keys.values().stream()
                  .filter(key -> key.all().get(at) != null)
                  .map(ClusterDomainKey::id)
                  .toList()));
    }
    return all;
  }

  @Override
  public DomainKey createDomainKey(DomainKeyId id, WrapPolicy policy) {
    requireAll(id);
    return new Ceremony(members).create(id, policy, copies -> known(id, copies));
  }

  private DomainKey known(DomainKeyId id, Copies<DomainKey> copies) {
    ClusterDomainKey made =
        new ClusterDomainKey(this, Ceremony.any(copies), Ceremony.likeAll(copies), copies);
    keys.put(id, made);
    return made;
  }

  private void requireAll(DomainKeyId id) {
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i).serving() == null && !restore(i)) {
        HsmException fault = members.get(i).fault();
        throw new HsmException.Unavailable(
            "Domain key "
                + id
                + " is made at all members of the cluster or at none, and "
                + members.get(i).name()
                + " does not serve: "
                + (fault == null ? "it was closed" : fault.getMessage())
                + " Bring it back, or take it out of the setting hsm.",
            fault);
      }
    }
  }

  @Override
  public Optional<DomainKey> findDomainKey(DomainKeyId id) {
    ClusterDomainKey known = keys.get(id);
    return known == null ? findDomainKey(id, copy -> true) : Optional.of(known);
  }

  @Override
  public Optional<DomainKey> findDomainKey(DomainKeyId id, Predicate<DomainKey> isRight) {
    Copies<DomainKey> copies = new Copies<>(members.size());
    HsmException fault = null;
    for (int i = 0; i < members.size(); i++) {
      DomainKeyCarrier hsm = members.get(i).serving();
      if (hsm == null) {
        continue;
      }
      try {
        copies.set(i, hsm.findDomainKey(id, isRight).orElse(null));
      } catch (HsmException e) {
        Copies.requireFault(e);
        failed(i, e);
        fault = fault == null ? e : fault;
      }
    }
    if (copies.count() == 0) {
      if (fault != null) {
        throw fault;
      }
      return Optional.empty();
    }
    ClusterDomainKey found = new ClusterDomainKey(this, Ceremony.any(copies), isRight, copies);
    keys.put(id, found);
    return Optional.of(found);
  }

  @Override
  public void destroyDomainKey(DomainKeyId id) {
    requireAll(id);
    keys.remove(id);
    members.forEach(member -> member.open().destroyDomainKey(id));
  }

  @Override
  public byte[] random(int length) {
    byte[] drawn = randomOf(length);
    if (drawn == null) {
      for (int i = 0; i < members.size(); i++) {
        restore(i);
      }
      drawn = randomOf(length);
    }
    if (drawn == null) {
      throw noneServes("");
    }
    return drawn;
  }

  private byte @Nullable [] randomOf(int length) {
    int start = Copies.start(members.size());
    for (int i = 0; i < members.size(); i++) {
      int at = (start + i) % members.size();
      DomainKeyCarrier hsm = members.get(at).serving();
      if (hsm == null) {
        continue;
      }
      try {
        return hsm.random(length);
      } catch (HsmException e) {
        Copies.requireFault(e);
        failed(at, e);
      }
    }
    return null;
  }

  /** Takes a member out of service until it was checked. */
  void failed(int member, HsmException why) {
    boolean isNew = members.get(member).goDown(why);
    keys.values().forEach(key -> key.all().set(member, null));
    if (isNew) {
      LOG.log(
          System.Logger.Level.WARNING,
          "The HSM {0} gets no calls until it answers: {1}",
          members.get(member).name(),
          why.getMessage());
      repairs.begin();
    }
  }

  /** Restores members that are down until one of them has a copy. */
  void restoreAny(DomainKeyId id) {
    ClusterDomainKey key = keys.get(id);
    for (int i = 0; i < members.size() && (key == null || key.copies() == 0); i++) {
      restore(i);
    }
  }

  boolean allServe() {
    return members.stream().allMatch(member -> member.serving() != null);
  }

  /** Tries whether members that are down are back; returns whether all serve. */
  boolean restoreAll() {
    boolean all = true;
    for (int i = 0; i < members.size(); i++) {
      all &= restore(i);
    }
    return all;
  }

  /**
   * Opens a member that is down, checks its copies and lets it serve; false if it is down still.
   */
  private boolean restore(int at) {
    Member member = members.get(at);
    synchronized (member) {
      if (member.serving() != null) {
        return true;
      }
      try {
        DomainKeyCarrier hsm = member.open();
        hsm.random(1);
        for (ClusterDomainKey key : keys.values()) {
          key.all().set(at, hsm.findDomainKey(key.id(), key::isRight).orElse(null));
        }
        member.comeUp();
        LOG.log(System.Logger.Level.INFO, "The HSM {0} serves again", member.name());
        return true;
      } catch (HsmException e) {
        Copies.requireFault(e);
        keys.values().forEach(key -> key.all().set(at, null));
        member.goDown(e);
        return false;
      }
    }
  }

  HsmException noneServes(DomainKeyId id) {
    return noneServes(" that has domain key " + id);
  }

  private HsmException noneServes(String which) {
    HsmException fault =
        members.stream().map(Member::fault).filter(e -> e != null).findFirst().orElse(null);
    return new HsmException.Unavailable(
        "No member of the cluster"
            + which
            + " answers"
            + (fault == null ? "." : ": " + fault.getMessage()),
        fault);
  }

  @Override
  public DomainKeyShipment createForTransport(
      DomainKeyId id, WrapPolicy policy, List<byte[]> receivers) {
    return serving().createForTransport(id, policy, receivers);
  }

  private DomainKeyCarrier serving() {
    for (Member member : members) {
      DomainKeyCarrier hsm = member.serving();
      if (hsm != null) {
        return hsm;
      }
    }
    throw noneServes("");
  }

  @Override
  public DomainKeyShipment export(DomainKeyId id, List<byte[]> receivers) {
    HsmException refusal = noneServes(id);
    for (Member member : members) {
      DomainKeyCarrier hsm = member.serving();
      try {
        if (hsm != null && hsm.findDomainKey(id).isPresent()) {
          return hsm.export(id, receivers);
        }
      } catch (HsmException.Unsupported | HsmException.Unavailable e) {
        refusal = e;
      }
    }
    throw refusal;
  }

  @Override
  public List<DomainKeyReceiver> openReceivers(DomainKeyId id) {
    requireAll(id);
    List<DomainKeyReceiver> receivers = new ArrayList<>();
    boolean opened = false;
    try {
      for (Member member : members) {
        receivers.addAll(member.open().openReceivers(id));
      }
      opened = true;
      return receivers;
    } finally {
      if (!opened) {
        receivers.forEach(DomainKeyReceiver::close);
      }
    }
  }

  /**
   * Gives a member the domain keys that it lacks and others have: unwrapped into it under an RSA
   * key of its own, and compared by check value before they count.
   *
   * @param name as in {@link #status}
   * @throws HsmException.Unsupported if those who have them cannot wrap them
   * @throws HsmException.Unavailable if the member is away
   * @throws IllegalArgumentException if there is no such member
   */
  public void join(String name) {
    int at = index(name);
    Member member = members.get(at);
    if (!restore(at)) {
      HsmException fault = member.fault();
      throw fault == null ? new HsmException.Unavailable(name + " does not answer.", null) : fault;
    }
    for (ClusterDomainKey key : List.copyOf(keys.values())) {
      if (key.all().get(at) == null) {
        key.all()
            .set(at, Ceremony.give(member.open(), key, receiver -> export(key.id(), receiver)));
      }
    }
  }

  /**
   * Destroys the domain keys of a member. Whether others have them is for the caller to see.
   *
   * @param name as in {@link #status}
   * @throws IllegalArgumentException if there is no such member
   */
  public void leave(String name) {
    int at = index(name);
    for (ClusterDomainKey key : List.copyOf(keys.values())) {
      key.all().set(at, null);
      members.get(at).open().destroyDomainKey(key.id());
    }
  }

  private int index(String name) {
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException("No member is called " + name + ".");
  }

  @Override
  public void close() {
    repairs.end();
    members.forEach(Member::close);
  }
}
