// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.Operation;
import dev.strongroom.kms.audit.usage.UsageTally;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.UUID;

/**
 * Finds the last use of a key in one stream. A call is on record before its work is done, and again
 * if that fails: a failure takes back the newest call that is like it.
 */
final class LastUsePass extends RecordPass {

  /** More calls on one key are not at work in one process at once. */
  private static final int MAX_AT_WORK = 1024;

  private final String keyArn;
  private final KeyUses.Newest newest;
  private final Deque<RecordDecoder.Row> calls = new ArrayDeque<>();

  LastUsePass(UUID stream, String keyArn, KeyUses.Newest newest) {
    super(stream);
    this.keyArn = keyArn;
    this.newest = newest;
  }

  @Override
  void row(RecordDecoder.Row row) {
    newest.begin(row.timeMillis());
    boolean isUse =
        row.keyArn().filter(keyArn::equals).isPresent() && Operation.isKeyUse(row.eventName());
    if (isUse && row.outcome() == UsageTally.Outcome.CALL) {
      add(row);
    } else if (isUse && row.outcome() == UsageTally.Outcome.FAILURE) {
      takeBack(row);
    }
  }

  private void add(RecordDecoder.Row row) {
    if (calls.size() == MAX_AT_WORK) {
      calls.removeFirst();
    }
    calls.addLast(row);
  }

  private void takeBack(RecordDecoder.Row failure) {
    for (Iterator<RecordDecoder.Row> call = calls.descendingIterator(); call.hasNext(); ) {
      if (call.next().isSameCall(failure)) {
        call.remove();
        return;
      }
    }
  }

  @Override
  void unreadable() {
    newest.unreadable();
  }

  /** Hands over what the stream shows. */
  @Override
  void finish() {
    if (!calls.isEmpty()) {
      newest.use(calls.getLast());
    }
  }
}
