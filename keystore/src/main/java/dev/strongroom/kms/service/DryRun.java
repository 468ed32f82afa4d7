// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KmsException;
import java.util.Arrays;
import java.util.function.Supplier;
import javax.security.auth.DestroyFailedException;
import javax.security.auth.Destroyable;

/**
 * Calls that are tried and not made. All comes as in the call itself, in the same order; the work
 * leaves out what would last, where {@link Call#isDryRun} says so, and what it gives is destroyed.
 */
final class DryRun {
  private DryRun() {}

  /**
   * @throws KmsException.UnsupportedOperation if the call is one of an operation that has none
   */
  static void requireToHaveOne(Call call) {
    if (call.isDryRun() && !call.operation().hasDryRun()) {
      throw new KmsException.UnsupportedOperation(
          call.operation().apiName()
              + " has no dry run: those operations have one that use or change keys.");
    }
  }

  /** Returns how a call would end whose work that is. */
  static KmsException outcome(Supplier<?> work) {
    try {
      destroy(work.get());
      return new KmsException.DryRunOperation();
    } catch (KmsException e) {
      return e;
    }
  }

  private static void destroy(Object result) {
    if (result instanceof byte[] bytes) {
      Arrays.fill(bytes, (byte) 0);
    } else if (result instanceof Destroyable secret) {
      try {
        secret.destroy();
      } catch (DestroyFailedException e) {
        throw new AssertionError("Results of calls can be destroyed", e);
      }
    }
  }
}
