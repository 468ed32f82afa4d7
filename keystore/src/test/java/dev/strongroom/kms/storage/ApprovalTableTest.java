// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Place;
import dev.strongroom.kms.approval.ApprovalProposal;
import dev.strongroom.kms.approval.ApprovalRequest;
import dev.strongroom.kms.key.KmsKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApprovalTableTest {
  private static final KeyId KEY = new KeyId(new UUID(1, 1));
  private static final UUID REQUEST = new UUID(2, 2);

  private static final ApprovalUse USE = new ApprovalUse(REQUEST, ApprovalTableTest::used);

  private KeyStorage storage;
  private KmsKey key;

  @BeforeEach
  void open(@TempDir Path folder) {
    storage = Samples.open(Samples.url(folder.resolve("store.db")));
    key = storage.save(List.of(Samples.key(KEY))).get(0);
    storage
        .approvals()
        .create(
            ApprovalRequest.onKey(
                REQUEST,
                key.arn(),
                ApprovalProposal.disableKey(),
                "arn:aws:iam::000000000000:root",
                Samples.NOW,
                Samples.NOW.plus(Duration.ofHours(1))));
  }

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void requestIsUsedUpTogetherWithTheChange() {
    storage.save(List.of(key.withDescription("new")), List.of(USE));

    assertEquals("new", storage.findKey(KEY).orElseThrow().description());
    assertEquals(
        List.of(), storage.approvals().open(Samples.ACCOUNT, Optional.of(KEY), Samples.NOW));
    storage.verifyAll((done, total) -> {});
  }

  @Test
  void requestStaysOpenWhereTheKeyWasChangedMeanwhile() {
    storage.save(List.of(key.withDescription("of somebody else")));

    assertThrows(
        KmsException.Conflict.class,
        () -> storage.save(List.of(key.withDescription("new")), List.of(USE)));

    assertEquals(
        1, storage.approvals().open(Samples.ACCOUNT, Optional.of(KEY), Samples.NOW).size());
    assertEquals("of somebody else", storage.findKey(KEY).orElseThrow().description());
  }

  @Test
  void keyStaysAsItIsWhereTheRequestCannotBeUsed() {
    KmsException.InvalidState gone = new KmsException.InvalidState("The request was used.");

    assertThrows(
        KmsException.InvalidState.class,
        () ->
            storage.save(
                List.of(key.withDescription("new")),
                List.of(
                    new ApprovalUse(
                        REQUEST,
                        request -> {
                          throw gone;
                        }))));
    assertThrows(
        KmsException.NotFound.class,
        () ->
            storage.save(
                List.of(key.withDescription("new")),
                List.of(new ApprovalUse(new UUID(3, 3), ApprovalTableTest::used))));

    assertEquals(key.description(), storage.findKey(KEY).orElseThrow().description());
  }

  @Test
  void requestsOfAnAccountAreLimitedAndThoseThatExpiredMakeRoom() {
    for (int i = 1; i < ApprovalStorage.OPEN_PER_ACCOUNT; i++) {
      storage.approvals().create(request(i, Samples.NOW));
    }

    assertThrows(
        KmsException.LimitExceeded.class,
        () -> storage.approvals().create(request(5000, Samples.NOW)));
    storage.approvals().create(request(5000, Samples.NOW.plus(Duration.ofHours(1))));

    assertEquals(Optional.empty(), storage.approvals().find(REQUEST));
    assertEquals(Optional.empty(), storage.approvals().find(new UUID(4, 1)));
    assertTrue(storage.approvals().find(new UUID(4, 5000)).isPresent());
    storage.verifyAll((done, total) -> {});
  }

  private static ApprovalRequest request(int number, Instant created) {
    KeyId about = new KeyId(new UUID(5, number / 50));
    return ApprovalRequest.onKey(
        new UUID(4, number),
        new KeyArn(new Place("local", Samples.ACCOUNT), about),
        ApprovalProposal.disableKey(),
        "arn:aws:iam::000000000000:root",
        created,
        created.plus(Duration.ofHours(1)));
  }

  @Test
  void ruleOfAnAccountThatSomebodyElseChangedIsNotReplaced() {
    ApprovalStorage approvals = storage.approvals();
    approvals.saveAccountRule(
        Samples.ACCOUNT, Optional.empty(), Optional.of("first"), Optional.empty());

    assertThrows(
        KmsException.Conflict.class,
        () ->
            approvals.saveAccountRule(
                Samples.ACCOUNT, Optional.empty(), Optional.of("second"), Optional.of(USE)));

    assertEquals(Optional.of("first"), approvals.accountRule(Samples.ACCOUNT));
    assertEquals(1, approvals.open(Samples.ACCOUNT, Optional.of(KEY), Samples.NOW).size());
    approvals.saveAccountRule(
        Samples.ACCOUNT, Optional.of("first"), Optional.empty(), Optional.of(USE));
    assertEquals(Optional.empty(), approvals.accountRule(Samples.ACCOUNT));
    assertEquals(List.of(), approvals.open(Samples.ACCOUNT, Optional.of(KEY), Samples.NOW));
    storage.verifyAll((done, total) -> {});
  }

  @Test
  void requestsThatWereStoredBeforeThereWereRulesOfAccountsAreRead() {
    String stored =
        storage
            .approvals()
            .find(REQUEST)
            .orElseThrow()
            .toJson()
            .replace("\"account\":\"000000000000\",", "");

    ApprovalRequest request = ApprovalRequest.parse(stored);

    assertFalse(stored.contains("\"account\""), stored);
    assertEquals(storage.approvals().find(REQUEST).orElseThrow(), request);
  }

  private static ApprovalRequest used(ApprovalRequest request) {
    return request.usedAt(Samples.NOW);
  }
}
