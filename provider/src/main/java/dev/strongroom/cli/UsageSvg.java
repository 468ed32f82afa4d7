// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.util.List;
import java.util.Locale;

/**
 * A chart as SVG 1.1: one file that needs no other, without scripts, and that browsers, mail
 * programs and reports show.
 */
final class UsageSvg {

  /** Longer pictures are looked at by nobody; the JSON has all. */
  private static final int MAX_LINES = 500;

  private static final int LINE = 18;
  private static final int CHARACTER = 8;
  private static final int MARGIN = 12;
  private static final int BAR = 300;

  private UsageSvg() {}

  static String of(UsageChart chart) {
    List<UsageChart.Line> lines =
        chart.lines().subList(0, Math.min(MAX_LINES, chart.lines().size()));
    int left = chart.lines().size() - lines.size();
    int labels = lines.stream().mapToInt(line -> line.label().length()).max().orElse(0);
    int bars = MARGIN + (labels + 2) * CHARACTER;
    int rows = lines.size() + chart.notes().size() + (left > 0 ? 1 : 0) + 1;
    StringBuilder svg = new StringBuilder();
    begin(svg, bars + BAR + 40 * CHARACTER, MARGIN * 2 + rows * LINE);

    int y = MARGIN + LINE;
    text(svg, MARGIN, y, "Uses of keys by day (UTC): calls in blue, refused ones in red");
    for (UsageChart.Line line : lines) {
      y += LINE;
      line(svg, chart, line, bars, y);
    }
    for (String note : chart.notes()) {
      y += LINE;
      text(svg, MARGIN, y, note);
    }
    if (left > 0) {
      text(
          svg,
          MARGIN,
          y + LINE,
          left + " more lines are not shown; the JSON of this command has them");
    }
    return svg.append("</svg>\n").toString();
  }

  private static void begin(StringBuilder svg, int width, int height) {
    svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"")
        .append(width)
        .append("\" height=\"")
        .append(height)
        .append("\" font-family=\"monospace\" font-size=\"13\" xml:space=\"preserve\">\n")
        .append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
  }

  private static void line(
      StringBuilder svg, UsageChart chart, UsageChart.Line line, int bars, int y) {
    text(svg, line.isHeading() ? MARGIN : MARGIN + 2 * CHARACTER, y, line.label());
    if (line.isHeading()) {
      return;
    }
    int calls = chart.length(line.calls(), BAR);
    int refusals = chart.length(line.refusals(), BAR);
    bar(svg, bars, y, calls, "#1f6fb2");
    bar(svg, bars + calls, y, refusals, "#c0392b");
    text(svg, bars + calls + refusals + CHARACTER, y, line.figures());
  }

  private static void bar(StringBuilder svg, int x, int y, int width, String colour) {
    if (width > 0) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"12\" fill=\"%s\"/>\n",
              x,
              y - 11,
              width,
              colour));
    }
  }

  private static void text(StringBuilder svg, int x, int y, String text) {
    svg.append(
        String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\">%s</text>\n", x, y, escaped(text)));
  }

  /**
   * Texts come out of the trail: what a user's name looks like must not become markup. The chart
   * has left out what is no character of XML.
   */
  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
