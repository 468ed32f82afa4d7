// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrintersTest {

  private static Answer keys() {
    Answer first = new Answer().with("KeyId", "1").with("KeyArn", "a:1");
    Answer second = new Answer().with("KeyId", "2").with("KeyArn", "a:2");
    return new Answer().with("Keys", List.of(first, second)).with("Truncated", false);
  }

  @Test
  void jsonHasFourSpacesAndTheOrderOfTheAnswer() throws IOException {
    assertEquals(
        """
        {
            "Keys": [
                {
                    "KeyId": "1",
                    "KeyArn": "a:1"
                },
                {
                    "KeyId": "2",
                    "KeyArn": "a:2"
                }
            ],
            "Truncated": false
        }
        """,
        print(keys()));
  }

  @Test
  void emptyListsAndObjectsStayOnTheirLine() throws IOException {
    Answer answer = new Answer().with("Keys", List.of()).with("Tags", Answer.none());

    assertEquals("{\n    \"Keys\": [],\n    \"Tags\": {}\n}\n", print(answer));
  }

  @Test
  void bytesAreBase64() throws IOException {
    assertEquals(
        "{\n    \"Blob\": \"AP/+\"\n}\n",
        print(new Answer().with("Blob", new byte[] {0, (byte) 0xff, (byte) 0xfe})));
  }

  @Test
  void otherAlphabetsAreNotEscapedAndQuotesAre() throws IOException {
    assertEquals(
        "{\n    \"Description\": \"Schlüssel \\\"鍵\\\"\"\n}\n",
        print(new Answer().with("Description", "Schlüssel \"鍵\"")));
  }

  @Test
  void timesAreIsoWithMicrosecondsUnlessWhole() {
    assertEquals(
        "2026-11-24T01:02:03.000045+00:00",
        Scalars.text(Instant.parse("2026-11-24T01:02:03.000045678Z")));
    assertEquals(
        "2026-11-24T01:02:03+00:00", Scalars.text(Instant.parse("2026-11-24T01:02:03.000000999Z")));
  }

  @Test
  void textIsLinesOfTabsWithNamesOfInnerObjects() throws IOException {
    assertEquals("False\nKEYS\ta:1\t1\nKEYS\ta:2\t2\n", print(keys(), "--output", "text"));
  }

  @Test
  void textOfObjectsWithDifferentMembersHasTheSameColumns() throws IOException {
    Answer one = new Answer().with("A", "1").with("B", "2");
    Answer two = new Answer().with("A", "3");

    assertEquals(
        "XS\t1\t2\nXS\t3\t\n",
        print(new Answer().with("Xs", List.of(one, two)), "--output", "text"));
  }

  @Test
  void queriedMemberIsPrintedAlone() throws IOException {
    assertEquals(
        "AQI=\n",
        print(
            new Answer().with("CiphertextBlob", new byte[] {1, 2}),
            "--output",
            "text",
            "--query",
            "CiphertextBlob"));
  }

  @Test
  void queryWalksIntoListsAndObjects() throws IOException {
    assertEquals("1\t2\n", print(keys(), "--output", "text", "--query", "Keys[].KeyId"));
    assertEquals("\"a:2\"\n", print(keys(), "--query", "Keys[1].KeyArn"));
    assertEquals("[\n    \"1\",\n    \"2\"\n]\n", print(keys(), "--query", "Keys[*].KeyId"));
  }

  @Test
  void queryOfNothingPrintsNull() throws IOException {
    assertEquals("null\n", print(keys(), "--query", "Nothing.Here"));
    assertEquals("None\n", print(keys(), "--output", "text", "--query", "Keys[7]"));
  }

  @Test
  void answerWithoutMembersPrintsNothing() throws IOException {
    assertEquals("", print(Answer.none()));
  }

  @Test
  void wipedAnswerHoldsZeros() {
    byte[] plaintext = {1, 2, 3};
    char[] secret = {'a'};
    new Answer()
        .with("List", List.of(new Answer().with("Plaintext", plaintext)))
        .with("SecretAccessKey", secret)
        .wipe();

    assertArrayEquals(new byte[3], plaintext);
    assertArrayEquals(new char[1], secret);
  }

  private static String print(Answer answer, String... options) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Map<String, String> values = new java.util.HashMap<>();
    for (int i = 0; i < options.length; i += 2) {
      values.put(options[i], options[i + 1]);
    }
    Printer.of(new Arguments(values), out).print(answer);
    return out.toString(StandardCharsets.UTF_8);
  }
}
