// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * A small pool without locks for objects that one thread may use at a time. A thread looks in the
 * slot of its own number first, so that it mostly gets back what it returned; where a slot is empty
 * a new object is made, and where it is full the returned one is dropped.
 */
public final class Slots<T> {
  private static final int SIZE = 64;

  private final AtomicReferenceArray<T> slots = new AtomicReferenceArray<>(SIZE);
  private final Supplier<T> maker;

  public Slots(Supplier<T> maker) {
    this.maker = maker;
  }

  public T take() {
    T found = slots.getAndSet(slot(), null);
    return found == null ? maker.get() : found;
  }

  public void giveBack(T used) {
    slots.setRelease(slot(), used);
  }

  /** Drops all that is here; what is in use comes back and stays. */
  void clear() {
    for (int i = 0; i < SIZE; i++) {
      slots.set(i, null);
    }
  }

  private static int slot() {
    return (int) Thread.currentThread().getId() & (SIZE - 1);
  }
}
