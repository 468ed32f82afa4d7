// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.KmsException.AccessDenied;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the trail shows each account. */
class AccountTrailTest extends AccountScene {
  AccountTrailTest(@TempDir Path home) {
    super(home);
  }

  @Test
  void trailShowsEachAccountItsOwnCallsAndThoseOnItsKeys() {
    letUse(bob.arn(), "kms:Encrypt");
    encrypt(ours, key);
    encrypt(bob, key);
    assertThrows(AccessDenied.class, () -> kms.describeKey(bob, key));
    assertThrows(
        KmsException.UnrecognizedClient.class,
        () -> kms.authenticate("AKIANOBODY2222222222", "wrong".toCharArray()));

    List<AuditRecord> seenByThem = kms.lookupEvents(theirs, AuditQuery.newest(1000));
    assertTrue(
        seenByThem.stream().allMatch(record -> isBy(record, theirs.accountId())),
        () -> seenByThem.toString());
    AuditRecord use = only(seenByThem, "Encrypt");
    assertEquals(Optional.of(key.text()), use.keyArn());
    assertEquals(Optional.empty(), use.decidedBy());
    assertEquals(Optional.empty(), only(seenByThem, "DescribeKey").keyArn());

    List<AuditRecord> seenByUs = kms.lookupEvents(ours, AuditQuery.newest(1000));
    assertTrue(
        seenByUs.stream()
            .filter(record -> isBy(record, theirs.accountId()))
            .allMatch(record -> record.keyArn().equals(Optional.of(key.text()))));
    assertEquals(
        2, seenByUs.stream().filter(record -> record.eventName().equals("Encrypt")).count());
    assertTrue(seenByUs.stream().anyMatch(record -> record.eventName().equals("Authenticate")));
    assertThrows(AccessDenied.class, () -> kms.validateLogs(theirs));
    assertThrows(AccessDenied.class, () -> kms.proveEvent(theirs, use.eventId()));
  }

  private static boolean isBy(AuditRecord record, String account) {
    return record.callerArn().filter(arn -> arn.contains("::" + account + ":")).isPresent();
  }
}
