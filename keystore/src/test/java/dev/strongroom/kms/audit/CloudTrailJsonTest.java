// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.json.JsonException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CloudTrailJsonTest {
  private static final Instant TIME = Instant.parse("2026-01-01T12:00:00.999Z");

  @TempDir Path folder;

  @Test
  void eventHasCloudTrailsShape() {
    Map<String, @Nullable Object> event = new LinkedHashMap<>(event(Events.decrypt()));
    event.put("requestID", "r");
    event.put("eventID", "e");

    assertEquals(
        """
        {
            "eventVersion": "1.11",
            "userIdentity": {
                "type": "IAMUser",
                "principalId": "alice",
                "arn": "arn:aws:iam::111122223333:user/alice",
                "accountId": "111122223333",
                "accessKeyId": "AKIAALICE",
                "userName": "alice"
            },
            "eventTime": "2026-01-01T12:00:00Z",
            "eventSource": "kms.amazonaws.com",
            "eventName": "Decrypt",
            "awsRegion": "local",
            "sourceIPAddress": "h1.example",
            "userAgent": "strongroom/1",
            "requestParameters": {
                "keyId": "arn:aws:kms:local:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
                "encryptionAlgorithm": "SYMMETRIC_DEFAULT",
                "encryptionContext": {
                    "tenant": "a"
                }
            },
            "responseElements": null,
            "additionalEventData": {
                "keyMaterialId": "%s",
                "decidedBy": "key policy, statement 1 \\"Users\\""
            },
            "requestID": "r",
            "eventID": "e",
            "readOnly": true,
            "resources": [
                {
                    "accountId": "111122223333",
                    "type": "AWS::KMS::Key",
                    "ARN": "arn:aws:kms:local:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
                }
            ],
            "eventType": "AwsApiCall",
            "managementEvent": true,
            "recipientAccountId": "111122223333",
            "eventCategory": "Management"
        }"""
            .formatted(Events.MATERIAL),
        Json.writePretty(event));
  }

  @Test
  void refusalNamesTheErrorAndWhatWasAskedFor() {
    Map<String, @Nullable Object> event = event(Events.refused());

    assertEquals("AccessDeniedException", event.get("errorCode"));
    assertEquals("User: root is not authorized", event.get("errorMessage"));
    assertEquals(Map.of("keyId", "alias/app"), event.get("requestParameters"));
    assertFalse(event.containsKey("resources"));
    assertFalse(event.containsKey("additionalEventData"));
    assertEquals(
        "{\"type\":\"Root\",\"principalId\":\"111122223333\",\"arn\":\"arn:aws:iam::111122223333:root\","
            + "\"accountId\":\"111122223333\",\"accessKeyId\":\"AKIAROOT\"}",
        Json.write(event.get("userIdentity")));
  }

  @Test
  void reEncryptNamesBothKeys() {
    AuditEvent reEncrypt =
        new AuditEvent(
            "ReEncrypt",
            true,
            Events.ALICE,
            Events.KEY,
            null,
            EncryptionContext.EMPTY,
            Map.of("sourceKeyId", Events.KEY.text(), "destinationKeyId", Events.OTHER_KEY.text()),
            null,
            null,
            null,
            null);

    assertEquals(
        List.of(Events.KEY.text(), Events.OTHER_KEY.text()),
        ((List<?>) java.util.Objects.requireNonNull(event(reEncrypt).get("resources")))
            .stream().map(resource -> ((Map<?, ?>) resource).get("ARN")).toList());
  }

  @Test
  void eventIsOfTheAccountWhoseCallItWas() {
    Caller other = Caller.user(new Object(), "999999999999", "bob", "AKIABOB");
    AuditEvent listKeys =
        new AuditEvent(
            "ListKeys",
            true,
            other,
            null,
            null,
            EncryptionContext.EMPTY,
            Map.of(),
            null,
            null,
            null,
            null);

    assertEquals("999999999999", event(listKeys).get("recipientAccountId"));
  }

  @Test
  void eventOfTheKmsItselfIsAServiceEvent() {
    Map<String, @Nullable Object> event = event(Events.rotation());

    assertEquals("AwsServiceEvent", event.get("eventType"));
    assertEquals(
        Map.of("type", "AWSService", "invokedBy", "kms.amazonaws.com"), event.get("userIdentity"));
    assertNull(event.get("requestParameters"));
    assertEquals(Events.rotation().parameters(), event.get("serviceEventDetails"));
    assertEquals(false, event.get("readOnly"));
  }

  @Test
  void failedAuthenticationHasAnUnknownIdentity() {
    Map<String, @Nullable Object> event =
        event(
            new AuditEvent(
                "ListAliases",
                true,
                null,
                null,
                null,
                EncryptionContext.EMPTY,
                Map.of(),
                null,
                "UnrecognizedClientException",
                "The access key is not valid",
                null));

    assertEquals(Map.of("type", "Unknown"), event.get("userIdentity"));
    assertEquals("AwsApiCall", event.get("eventType"));
    assertNull(event.get("requestParameters"));
  }

  @Test
  void idsAreTheSameForTheSameRecordAndDifferForOthers() {
    try (Journal journal = journal()) {
      journal.record(Events.decrypt());
      journal.record(Events.decrypt());
      List<AuditRecord> first = journal.lookup(AuditQuery.newest(2));
      List<AuditRecord> again = journal.lookup(AuditQuery.newest(2));

      assertEquals(id(first.get(0), "eventID"), id(again.get(0), "eventID"));
      assertNotEquals(id(first.get(0), "eventID"), id(first.get(1), "eventID"));
      assertNotEquals(id(first.get(0), "eventID"), id(first.get(0), "requestID"));
      assertEquals(36, id(first.get(0), "eventID").length());
      assertEquals('8', id(first.get(0), "eventID").charAt(14));
    }
  }

  /** Whatever a caller can name, it stays inside its own quotes on its own line. */
  @Test
  void textsCannotForgeAnything() throws JsonException {
    String evil =
        "x\",\"readOnly\":false}\n{\"eventName\":\"Forged\r\u0000\u001b[2J\u009b\u2028\u202e\\\"";
    Caller mallory = Caller.user(new Object(), "111122223333", evil, evil);
    AuditEvent forged =
        new AuditEvent(
            evil,
            true,
            mallory,
            Events.KEY,
            evil,
            EncryptionContext.of(Map.of(evil, evil)),
            Map.of(evil, evil),
            evil,
            evil,
            evil,
            null);

    Map<String, @Nullable Object> event = event(forged);
    String line = Json.write(event);

    assertEquals(line, Json.write(Json.parse(line, 1_000_000)));
    assertEquals(event.keySet(), ((Map<?, ?>) parse(line)).keySet());
    assertEquals(true, ((Map<?, ?>) parse(line)).get("readOnly"));
    assertEquals(evil, ((Map<?, ?>) parse(line)).get("eventName"));
    assertEquals(1, line.lines().count());
    assertEquals(0, line.chars().filter(c -> c < ' ' || c >= 0x7f).count());
  }

  private static Object parse(String line) throws JsonException {
    return java.util.Objects.requireNonNull(Json.parse(line, 1_000_000));
  }

  private Map<String, @Nullable Object> event(AuditEvent event) {
    try (Journal journal = journal()) {
      journal.record(event);
      return CloudTrailJson.event(journal.lookup(AuditQuery.newest(1)).get(0), Events.PLACE);
    }
  }

  private static String id(AuditRecord record, String name) {
    return String.valueOf(CloudTrailJson.event(record, Events.PLACE).get(name));
  }

  private Journal journal() {
    return new Journal(
        JournalSettings.in(folder)
            .withProcess(Map.of("host", "h1.example", "agent", "strongroom/1")),
        Events.KEYS,
        new Register(),
        TestNotary.INSTANCE,
        Clock.fixed(TIME, ZoneOffset.UTC));
  }
}
