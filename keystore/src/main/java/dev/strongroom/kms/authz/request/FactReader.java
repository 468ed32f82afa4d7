// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.request;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reads the facts of one request for one decision, and notes of what kind they were: a decision
 * that has read nothing but the principal, the operation and the key holds for every such request.
 * Not thread-safe.
 */
public final class FactReader {
  private static final int CONTEXT = 1;
  private static final int OTHER = 2;

  private final AccessRequest request;
  private int read;
  private boolean metAmbiguity;
  private @Nullable ConditionName lastName;
  private @Nullable Object lastValue;

  public FactReader(AccessRequest request) {
    this.request = request;
  }

  public AccessRequest request() {
    return request;
  }

  /** Returns a String, a non-empty list of them or an Instant; null where there is no value. */
  public @Nullable Object value(ConditionName name) {
    note(name.key().source(), request);
    // The statements of a policy ask for the same fact, one after the other.
    if (!name.equals(lastName)) {
      lastValue = name.key().value(request, name.suffix());
      lastName = name;
    }
    if (lastValue == Lookups.AMBIGUOUS) {
      metAmbiguity = true;
      return null;
    }
    return lastValue;
  }

  /**
   * Returns whether, since the last time that this was asked, a value was asked for that several
   * names had which differ in case only. Nothing that rests on it may allow.
   */
  public boolean takeAmbiguity() {
    boolean met = metAmbiguity;
    metAmbiguity = false;
    return met;
  }

  private void note(ConditionKey.Source source, AccessRequest of) {
    switch (source) {
      case PRINCIPAL -> {}
      case KEY -> read |= of.key() == null ? OTHER : 0;
      case CONTEXT -> noteContext();
      case REQUEST, TIME -> noteOther();
    }
  }

  /** Notes that the encryption context was looked at. */
  public void noteContext() {
    read |= CONTEXT;
  }

  /** Notes that something was looked at that every request may have another of. */
  public void noteOther() {
    read |= OTHER;
  }

  /** Returns the request's time, which is noted. */
  public Instant time() {
    noteOther();
    return request.time();
  }

  /** Returns whether the encryption context was looked at. */
  public boolean readContext() {
    return (read & CONTEXT) != 0;
  }

  /** Returns whether anything else was looked at that differs between requests. */
  public boolean readOther() {
    return (read & OTHER) != 0;
  }
}
