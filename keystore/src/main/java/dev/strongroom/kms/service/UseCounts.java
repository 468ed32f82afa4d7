// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.KeyMaterialId;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.key.RotationSchedule;
import dev.strongroom.kms.key.UseLimit;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what keys are used for that rotate by use, over all processes together.
 *
 * <p>A process counts in memory and adds to the store at each {@value #SHARES}th of the limit,
 * every minute, and when it is closed. So material has at most one share more than its limit for
 * each process, and what is under way while the key rotates; a process that is killed takes at most
 * one share with it. Thread-safe.
 */
final class UseCounts {
  private static final System.Logger LOGGER = System.getLogger(UseCounts.class.getName());
  private static final long SHARES = 16;

  private final Store store;
  private final ConcurrentMap<KeyMaterialId, Count> counts = new ConcurrentHashMap<>();

  /** What this process has used and not told the store. */
  private static final class Count {
    private final KeyId key;
    private final KeyMaterialId material;
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    Count(KeyId key, KeyMaterialId material) {
      this.key = key;
      this.material = material;
    }
  }

  /** Where counts of all processes come together. */
  interface Store {

    /** Adds to the use of a key's material; false if it was not counted. */
    boolean add(KeyId key, KeyMaterialId material, long messages, long bytes);
  }

  UseCounts(Store store) {
    this.store = store;
  }

  /** Counts a message under the current material of a key; never fails. */
  void count(KmsKey key, long bytes) {
    Optional<UseLimit> limit = key.rotation().flatMap(RotationSchedule::limit);
    if (limit.isEmpty()) {
      return;
    }
    Count count =
        counts.computeIfAbsent(
            key.current().materialId(), material -> new Count(key.keyId(), material));
    long messages = count.messages.incrementAndGet();
    long sum = count.bytes.addAndGet(bytes);
    if (isShare(messages, limit.get().maxMessages()) || isShare(sum, limit.get().maxBytes())) {
      tell(count);
    }
  }

  private static boolean isShare(long count, long limit) {
    return limit > 0 && count >= Math.max(1, limit / SHARES);
  }

  /** Tells the store what it was not told. Called now and then, and in the end; never fails. */
  void tellAll() {
    counts
        .values()
        .forEach(this::tell); // and keeps them: whoever counts now must not count in vain
  }

  /** One at a time for each key: the others would only wait for the store. */
  private void tell(Count count) {
    synchronized (count) {
      long messages = count.messages.getAndSet(0);
      long bytes = count.bytes.getAndSet(0);
      if (messages == 0) {
        return;
      }
      boolean told = false;
      try {
        told = store.add(count.key, count.material, messages, bytes);
      } catch (KmsException e) {
        LOGGER.log(
            System.Logger.Level.WARNING,
            "Uses of " + count.key + " are counted later: " + e.getMessage());
      }
      if (!told) {
        count.messages.addAndGet(messages);
        count.bytes.addAndGet(bytes);
      }
    }
  }
}
