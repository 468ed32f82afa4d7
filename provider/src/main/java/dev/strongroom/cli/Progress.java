// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Shows on a terminal how far reading has come: bytes, rate and, where the length is known, the
 * time left. Drawn over itself a few times a second and erased at the end. Not thread-safe.
 */
final class Progress extends FilterInputStream {
  private static final long REDRAW_NANOS = 200_000_000;
  private static final int BAR = 24;
  private static final String ERASE_LINE = "\r\u001b[K";
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private final PrintStream err;
  private final OptionalLong total;
  private final LongSupplier nanoClock;
  private final long start;
  private long drawnAt;
  private long done;

  private Progress(InputStream in, PrintStream err, OptionalLong total, LongSupplier nanoClock) {
    super(in);
    this.err = err;
    this.total = total;
    this.nanoClock = nanoClock;
    this.start = nanoClock.getAsLong();
    this.drawnAt = start;
  }

  /** Returns {@code in}, watched. */
  static Progress of(InputStream in, PrintStream err, OptionalLong total, LongSupplier nanoClock) {
    return new Progress(in, err, total, nanoClock);
  }

  @Override
  public int read() throws IOException {
    int b = super.read();
    count(b < 0 ? 0 : 1);
    return b;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int n = super.read(target, offset, length);
    count(Math.max(0, n));
    return n;
  }

  private void count(int bytes) {
    done += bytes;
    long now = nanoClock.getAsLong();
    if (now - drawnAt >= REDRAW_NANOS) {
      drawnAt = now;
      err.print(ERASE_LINE + line(done, total, now - start));
      err.flush();
    }
  }

  /** Returns one state of the display. */
  static String line(long done, OptionalLong total, long nanos) {
    double perSecond = done / Math.max(1e-9, nanos / 1e9);
    String rate = size(perSecond) + "/s";
    if (total.isEmpty() || total.getAsLong() == 0) {
      return size((double) done) + "  " + rate;
    }
    double part = Math.min(1, (double) done / total.getAsLong());
    int filled = (int) (part * BAR);
    return String.format(
        Locale.ROOT,
        "[%s%s] %3d %%  %s of %s  %s  %s left",
        "#".repeat(filled),
        " ".repeat(BAR - filled),
        (int) (part * 100),
        size((double) done),
        size((double) total.getAsLong()),
        rate,
        time((total.getAsLong() - done) / Math.max(1, perSecond)));
  }

  private static String size(double bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
  }

  static String time(double seconds) {
    long s = Math.max(0, Math.round(seconds));
    if (s >= 3600) {
      return s / 3600 + " h " + s % 3600 / 60 + " min";
    }
    return s >= 60 ? s / 60 + " min " + s % 60 + " s" : s + " s";
  }

  @Override
  public void close() throws IOException {
    if (drawnAt != start) {
      err.print(ERASE_LINE);
      err.flush();
    }
    super.close();
  }
}
