// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.AuditQuery;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFeedTest {
  private static final String MAY_LOOK =
      """
      {"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": "cloudtrail:LookupEvents", "Resource": "*"}}""";

  private final KmsFixture fixture;
  private final Kms kms;
  private final Caller root;
  private final List<String> seen = new ArrayList<>();

  EventFeedTest(@TempDir Path home) {
    fixture = KmsFixture.in(home);
    kms = fixture.kms();
    root = fixture.root();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private void poll(EventFeed feed) {
    feed.poll(record -> seen.add(record.eventName()));
  }

  @Test
  void otherAccountsAreNotFollowed() {
    NewAccessKey access = kms.organizations().createAccount(root, "tests").rootAccessKey();
    Caller other = kms.authenticate(access.accessKeyId(), access.secret());
    try (EventFeed feed = kms.followEvents(other, AuditQuery.newest(1))) {
      kms.listKeys(root, null, 10);
      kms.listAliases(other, null, null, 10);

      poll(feed);
    }

    assertEquals(List.of("ListAliases"), seen);
  }

  @Test
  void whoeverLosesTheRightToLookFollowsNoMore() {
    Caller bob = fixture.user("bob");
    assertThrows(
        KmsException.AccessDenied.class, () -> kms.followEvents(bob, AuditQuery.newest(1)));
    kms.iam().putPolicy(root, IamKind.USER, "bob", "look", MAY_LOOK);
    try (EventFeed feed = kms.followEvents(bob, AuditQuery.newest(1))) {
      poll(feed);
      kms.iam().deletePolicy(root, IamKind.USER, "bob", "look");

      assertThrows(KmsException.AccessDenied.class, () -> poll(feed));
    }

    assertEquals(List.of(), seen);
  }
}
