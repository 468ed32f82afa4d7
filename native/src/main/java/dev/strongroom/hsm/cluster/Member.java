// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.cluster;

import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.transport.DomainKeyCarrier;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One HSM of a cluster, which may be away. Thread-safe. */
final class Member {
  private final String name;
  private final Supplier<DomainKeyCarrier> opener;
  private final AtomicLong faults = new AtomicLong();
  private volatile @Nullable DomainKeyCarrier opened;
  private volatile @Nullable HsmException fault;
  private boolean closed;

  Member(String name, Supplier<DomainKeyCarrier> opener) {
    this.name = name;
    this.opener = opener;
  }

  String name() {
    return name;
  }

  /** Returns the HSM, opened where it is not. */
  synchronized DomainKeyCarrier open() {
    DomainKeyCarrier known = opened;
    if (known != null) {
      return known;
    }
    if (closed) {
      throw new HsmException.Unavailable("The HSM " + name + " was closed.", null);
    }
    DomainKeyCarrier made = opener.get();
    opened = made;
    return made;
  }

  /** Returns the HSM if it was opened, in whatever state it is. */
  @Nullable DomainKeyCarrier opened() {
    return opened;
  }

  /** Returns the HSM if it serves calls. */
  @Nullable DomainKeyCarrier serving() {
    return fault == null ? opened : null;
  }

  /** Returns why it serves no calls; null where it does. */
  @Nullable HsmException fault() {
    return fault;
  }

  /** Returns false if it was down already. */
  boolean goDown(HsmException why) {
    boolean isNew = fault == null;
    fault = why;
    faults.addAndGet(isNew ? 1 : 0);
    return isNew;
  }

  void comeUp() {
    fault = null;
  }

  long faults() {
    return faults.get();
  }

  synchronized void close() {
    closed = true;
    DomainKeyCarrier last = opened;
    if (last != null) {
      last.close();
    }
  }
}
