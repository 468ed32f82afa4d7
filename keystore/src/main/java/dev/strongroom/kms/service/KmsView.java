// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.audit.Journal;
import dev.strongroom.kms.audit.JournalState;
import dev.strongroom.kms.metrics.CallMetrics;
import dev.strongroom.kms.metrics.Counters;
import dev.strongroom.kms.metrics.KmsMXBean;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * What there is to see of a KMS. Holds its parts weakly, because the JVM's MBean server holds this:
 * a KMS that is forgotten unclosed can be collected all the same. Thread-safe.
 */
final class KmsView implements KmsMXBean {
  private static final JournalState NO_JOURNAL =
      new JournalState(false, 0, 0, OptionalLong.empty(), 0, 0, 0);

  private final Path home;
  private final Counters counters;
  private final WeakReference<KeyCache> keys;
  private final WeakReference<Journal> trail;

  KmsView(Path home, Counters counters, KeyCache keys, Journal trail) {
    this.home = home;
    this.counters = counters;
    this.keys = new WeakReference<>(keys);
    this.trail = new WeakReference<>(trail);
  }

  @Override
  public String getHome() {
    return home.toString();
  }

  @Override
  public long getCalls() {
    return sum(CallMetrics::getCalls);
  }

  @Override
  public long getRefusals() {
    return sum(CallMetrics::getRefusals);
  }

  @Override
  public long getFailures() {
    return sum(CallMetrics::getFailures);
  }

  private long sum(ToLongFunction<CallMetrics> part) {
    return getOperations().values().stream().mapToLong(part).sum();
  }

  @Override
  public Map<String, CallMetrics> getOperations() {
    return counters.operations().metrics();
  }

  @Override
  public Map<String, CallMetrics> getHsmCalls() {
    return counters.hsm().metrics();
  }

  @Override
  public long getSubkeyHits() {
    return counters.subkeys().hits();
  }

  @Override
  public long getSubkeyMisses() {
    return counters.subkeys().misses();
  }

  @Override
  public int getSubkeys() {
    KeyCache open = keys.get();
    return open == null ? 0 : open.subkeys();
  }

  private JournalState journal() {
    Journal open = trail.get();
    return open == null ? NO_JOURNAL : open.state();
  }

  @Override
  public boolean isJournalWritable() {
    return journal().isWritable();
  }

  @Override
  public long getRecords() {
    return journal().records();
  }

  @Override
  public long getJournalBytes() {
    return journal().bytes();
  }

  @Override
  public long getLastFlushAgeMillis() {
    OptionalLong ago = journal().flushedAgoNanos();
    return ago.isEmpty() ? -1 : TimeUnit.NANOSECONDS.toMillis(ago.getAsLong());
  }

  @Override
  public long getUnflushedMillis() {
    return TimeUnit.NANOSECONDS.toMillis(journal().unflushedNanos());
  }

  @Override
  public int getFailingJournalFolders() {
    return journal().failingFolders();
  }

  @Override
  public long getJournalFolderFailures() {
    return journal().folderFailures();
  }
}
