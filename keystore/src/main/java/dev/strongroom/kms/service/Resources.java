// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KmsException;
import java.util.ArrayDeque;
import java.util.Deque;

/** What was opened, to be closed in the reverse order; also when opening the rest failed. */
final class Resources implements AutoCloseable {

  /** Something that closes without a checked exception. */
  @FunctionalInterface
  interface Closing {
    void close();
  }

  private final Deque<Closing> opened = new ArrayDeque<>();

  /** Adds what {@code closing} closes. */
  void add(Closing closing) {
    opened.push(closing);
  }

  /** Closes everything, even where closing one thing fails; the first failure is thrown. */
  @Override
  public void close() {
    KmsException first = null;
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (KmsException e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
