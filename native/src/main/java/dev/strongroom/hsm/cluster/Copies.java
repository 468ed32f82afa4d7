// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.cluster;

import dev.strongroom.hsm.HsmException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The copies of something at the members, of which those that are null are not to be used. A call
 * runs at the copy that falls to its thread, and at the next one where the HSM fails it: as long as
 * one serves, the caller notices nothing but the time.
 *
 * <p>Thread-safe, lock-free; a call that succeeds allocates nothing here.
 */
final class Copies<K> {
  private final AtomicReferenceArray<@Nullable K> all;

  Copies(int members) {
    this.all = new AtomicReferenceArray<>(members);
  }

  /** Work at one copy; may be done at several, so it leaves nothing behind in an HSM. */
  interface Work<K, A, B, T> {
    T at(K copy, A first, B second);
  }

  /** Is told of copies that failed. */
  interface Failures {
    void failed(int member, HsmException why);
  }

  /** Returns where the calls of this thread begin. */
  @SuppressWarnings("deprecation") // threadId() is newer than the baseline
  static int start(int members) {
    return (int) (Thread.currentThread().getId() % members);
  }

  /**
   * Runs {@code work} at one copy after the other, until one has done it.
   *
   * @return null if none has: then {@code failures} knows why
   */
  <A, B, T> @Nullable T run(Failures failures, Work<K, A, B, T> work, A first, B second) {
    int members = all.length();
    int start = start(members);
    for (int i = 0; i < members; i++) {
      int member = start + i < members ? start + i : start + i - members;
      K copy = all.get(member);
      if (copy == null) {
        continue;
      }
      try {
        return work.at(copy, first, second);
      } catch (HsmException e) {
        requireFault(e);
        failures.failed(member, e);
      }
    }
    return null;
  }

  /**
   * Throws what another member would say as well, and what is no member's fault: an interruption.
   */
  static void requireFault(HsmException e) {
    boolean isFault =
        e instanceof HsmException.Unavailable
            || e instanceof HsmException.LoginFailed
            || e instanceof HsmException.Untrustworthy
            || e instanceof HsmException.OtherKey
            || e instanceof HsmException.Full;
    if (!isFault || Thread.currentThread().isInterrupted()) {
      throw e;
    }
  }

  @Nullable K get(int member) {
    return all.get(member);
  }

  void set(int member, @Nullable K copy) {
    all.set(member, copy);
  }

  /** Sets a copy where there is none; returns whether it did. */
  boolean offer(int member, K copy) {
    return all.compareAndSet(member, null, copy);
  }

  /** Takes a copy away, if it is this one. */
  boolean remove(int member, K copy) {
    return all.compareAndSet(member, copy, null);
  }

  int members() {
    return all.length();
  }

  int count() {
    int count = 0;
    for (int i = 0; i < all.length(); i++) {
      count += all.get(i) == null ? 0 : 1;
    }
    return count;
  }
}
