// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.metrics;

import java.util.Map;

/**
 * What a KMS counted since it was opened, in this process. With JMX it is {@code
 * dev.strongroom:type=Kms,name=Strongroom}, or {@code name=Strongroom-<setting name>}; a second one
 * of a name has {@code instance=2} behind it.
 *
 * <p>Each method looks when it is called. Counts never go down; what is read together was not
 * necessarily counted at the same instant. Thread-safe; costs the KMS nothing while nobody asks.
 */
public interface KmsMXBean {

  /** Returns the home folder. */
  String getHome();

  /** Returns how many calls there were: all that the audit trail has, and those it could not. */
  long getCalls();

  /** Returns how many calls were not let through, whatever the reason. */
  long getRefusals();

  /** Returns how many calls failed after they were let through. */
  long getFailures();

  /** Returns the calls by operation; of both halves of a ReEncrypt, by each. */
  Map<String, CallMetrics> getOperations();

  /**
   * Returns the calls to the HSM, or to what stands in for one, by kind; each is measured. What the
   * input was to blame for is a refusal.
   */
  Map<String, CallMetrics> getHsmCalls();

  /** Returns how often a symmetric key was used without the HSM: its subkey was in the JVM. */
  long getSubkeyHits();

  /** Returns how often a subkey was derived, with two calls to the HSM. */
  long getSubkeyMisses();

  /** Returns how many subkeys are in the JVM now; 0 when the KMS is closed. */
  int getSubkeys();

  /** Returns whether calls can be put on record; if not, all are refused. */
  boolean isJournalWritable();

  /** Returns how many records were written, with the checkpoints. */
  long getRecords();

  /** Returns how many bytes they took in the journals. */
  long getJournalBytes();

  /** Returns how long ago records were last taken to the disk; -1 if none were. */
  long getLastFlushAgeMillis();

  /** Returns for how long the oldest record that is not on the disk has not been; mostly 0. */
  long getUnflushedMillis();

  /**
   * Returns how many of the two folders of the journals cannot be written now; calls go on while
   * one can. 0 where there is one folder.
   */
  int getFailingJournalFolders();

  /** Returns how often one of two folders of the journals began to fail. */
  long getJournalFolderFailures();
}
