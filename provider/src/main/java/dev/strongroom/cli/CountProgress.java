// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows on a terminal how much of a number of things is done, at what rate and how long the rest
 * takes. Drawn over itself a few times a second and erased at the end. For one thread.
 */
final class CountProgress implements AutoCloseable {
  private static final long REDRAW_NANOS = 200_000_000;
  private static final int BAR = 24;
  private static final String ERASE_LINE = "\r\u001b[K";

  private final Terminal terminal;
  private final String things;
  private final LongSupplier nanoClock;
  private final long start;
  private long drawnAt;
  private long before = -1;

  private CountProgress(Terminal terminal, String things, LongSupplier nanoClock) {
    this.terminal = terminal;
    this.things = things;
    this.nanoClock = nanoClock;
    this.start = nanoClock.getAsLong();
    this.drawnAt = start;
  }

  /** Returns one that shows nothing where standard error is no terminal. */
  static CountProgress of(Terminal terminal, String things) {
    return new CountProgress(terminal, things, System::nanoTime);
  }

  /** Shows the state if the last one was shown a while ago. */
  void show(long done, long total) {
    before = before < 0 ? done : before; // what others did counts as done, not as fast
    long now = nanoClock.getAsLong();
    if (terminal.errIsTerminal() && now - drawnAt >= REDRAW_NANOS) {
      drawnAt = now;
      PrintStream err = terminal.err();
      err.print(ERASE_LINE + line(done, total, done - before, now - start) + " " + things);
      err.flush();
    }
  }

  /**
   * Returns one state of the display.
   *
   * @param own how many of {@code done} took {@code nanos}
   */
  static String line(long done, long total, long own, long nanos) {
    double part = total == 0 ? 1 : Math.min(1, (double) done / total);
    double perSecond = own / Math.max(1e-9, nanos / 1e9);
    int filled = (int) (part * BAR);
    String left = own == 0 ? "" : Progress.time(Math.max(0, total - done) / perSecond) + " left, ";
    return String.format(
        Locale.ROOT,
        "[%s%s] %3d %%  %s%.0f/s, %d of %d",
        "#".repeat(filled),
        " ".repeat(BAR - filled),
        (int) (part * 100),
        left,
        perSecond,
        done,
        total);
  }

  @Override
  public void close() {
    if (drawnAt != start) {
      terminal.err().print(ERASE_LINE);
      terminal.err().flush();
    }
  }
}
