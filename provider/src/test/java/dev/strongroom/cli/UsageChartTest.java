// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.audit.usage.UsageReport;
import dev.strongroom.kms.audit.usage.UsageSum;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class UsageChartTest {
  private static final LocalDate DAY = LocalDate.parse("2026-11-24");
  private static final String KEY = "arn:aws:kms:local:000000000000:key/1";

  @Test
  void longestBarIsThirtyCharactersAndTheRestInProportion() {
    String text =
        chart(
                sum("arn:aws:iam::000000000000:root", "Decrypt", 60, 0, 0),
                sum("arn:aws:iam::000000000000:user/batch", "Sign", 20, 1, 10))
            .text();

    assertEquals(
        """
        arn:aws:kms:local:000000000000:key/1
          2026-11-24  root        Decrypt  ############################## 60
          2026-11-24  user/batch  Sign     ##########xxxxx 20, 1 of them failed, 10 refused
        """,
        text);
  }

  @Test
  void whatIsRareIsSeenNextToWhatIsOften() {
    assertTrue(chart(sum("root", "Sign", 1_000_000_000_000L, 0, 1)).text().contains("#x "));
  }

  @Test
  void nothingIsSaidInWords() {
    assertEquals("No use of a key is on record for that time.\n", chart().text());
  }

  @Test
  void damageOfTheTrailIsToldBesides() {
    UsageChart chart = UsageChart.of(new UsageReport(List.of(), 3));

    assertTrue(chart.text().contains("cannot be read at 3 places"));
    assertTrue(UsageSvg.of(chart).contains("cannot be read at 3 places"));
  }

  @Test
  void textsOfTheTrailCannotMoveTheCursor() {
    String text = chart(sum("user/\u001b[2Jeve\n", "Sign\u202e", 1, 0, 0)).text();

    assertEquals(2, text.lines().count());
    assertFalse(text.matches("(?s).*[\\u001b\\u202e].*"));
  }

  @Test
  void textsOfTheTrailCannotBecomeMarkup() throws Exception {
    String svg =
        UsageSvg.of(chart(sum("user/<script>alert('&amp;')</script>\"\uffff\ud800", "S", 1, 0, 1)));

    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    assertEquals(0, document.getElementsByTagName("script").getLength());
    assertTrue(document.getDocumentElement().getTextContent().contains("<script>alert('&amp;')"));
    assertEquals(3, document.getElementsByTagName("rect").getLength()); // paper, calls, refusals
  }

  @Test
  void callersOfOtherAccountsAreToldApart() {
    String text =
        chart(
                sum("arn:aws:iam::000000000000:root", "Sign", 1, 0, 0),
                sum("arn:aws:iam::999999999999:root", "Sign", 1, 0, 0))
            .text();

    assertTrue(text.contains("  root               "), text);
    assertTrue(text.contains("  999999999999:root  "), text);
  }

  /** Arabic and Persian have digits of their own, which are no numbers of SVG. */
  @Test
  void pictureIsTheSameInEveryLanguage() {
    UsageChart chart = chart(sum("root", "Sign", 20, 0, 7));
    String picture = UsageSvg.of(chart);
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("fa"));
    try {
      assertEquals(picture, UsageSvg.of(chart));
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void longPictureIsCutAndSaysSo() {
    UsageSum[] sums =
        IntStream.range(0, 600)
            .mapToObj(i -> sum("user/" + i, "Sign", i, 0, 0))
            .toArray(UsageSum[]::new);

    assertTrue(UsageSvg.of(chart(sums)).contains("101 more lines are not shown"));
  }

  private static UsageChart chart(UsageSum... sums) {
    return UsageChart.of(new UsageReport(List.of(sums), 0));
  }

  private static UsageSum sum(
      String caller, String operation, long calls, long failures, long refusals) {
    return new UsageSum(DAY, KEY, caller, operation, calls, failures, refusals);
  }
}
