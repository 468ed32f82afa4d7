// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.approval.ApprovalProposal;
import dev.strongroom.kms.approval.ApprovalRequest;
import dev.strongroom.kms.key.KmsKey;
import java.nio.file.Path;
import java.time.Duration;
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

  private KeyStorage storage;
  private KmsKey key;

  @BeforeEach
  void open(@TempDir Path folder) {
    storage = Samples.open(Samples.url(folder.resolve("store.db")));
    key = storage.save(List.of(Samples.key(KEY))).get(0);
    storage
        .approvals()
        .create(
            new ApprovalRequest(
                REQUEST,
                key.arn().text(),
                ApprovalProposal.disableKey(),
                "arn:aws:iam::000000000000:root",
                Samples.NOW,
                Samples.NOW.plus(Duration.ofHours(1)),
                Optional.empty(),
                List.of()));
  }

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void requestIsUsedUpTogetherWithTheChange() {
    storage.save(List.of(key.withDescription("new")), REQUEST, ApprovalTableTest::used);

    assertEquals("new", storage.findKey(KEY).orElseThrow().description());
    assertEquals(List.of(), storage.approvals().open(KEY, Samples.NOW));
    storage.verifyAll((done, total) -> {});
  }

  @Test
  void requestStaysOpenWhereTheKeyWasChangedMeanwhile() {
    storage.save(List.of(key.withDescription("of somebody else")));

    assertThrows(
        KmsException.Conflict.class,
        () -> storage.save(List.of(key.withDescription("new")), REQUEST, ApprovalTableTest::used));

    assertEquals(1, storage.approvals().open(KEY, Samples.NOW).size());
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
                REQUEST,
                request -> {
                  throw gone;
                }));
    assertThrows(
        KmsException.NotFound.class,
        () ->
            storage.save(
                List.of(key.withDescription("new")), new UUID(3, 3), ApprovalTableTest::used));

    assertEquals(key.description(), storage.findKey(KEY).orElseThrow().description());
  }

  private static ApprovalRequest used(ApprovalRequest request) {
    return request.usedAt(Samples.NOW);
  }
}
