// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import static dev.strongroom.kms.storage.Samples.NOW;
import static dev.strongroom.kms.storage.Samples.grant;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.authz.grant.Grant;
import dev.strongroom.kms.authz.grant.GrantConstraint;
import dev.strongroom.kms.authz.grant.GrantSet;
import dev.strongroom.kms.key.KmsKey;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrantTableTest {
  private static final KeyId A = new KeyId(new UUID(1, 1));
  private static final KeyId B = new KeyId(new UUID(2, 2));

  private Path file;
  private KeyStorage storage;
  private GrantStorage grants;

  @BeforeEach
  void open(@TempDir Path folder) {
    file = folder.resolve("store.db");
    storage = Samples.open(Samples.url(file));
    grants = storage.grants();
    storage.save(List.of(Samples.key(A), Samples.key(B)));
  }

  @AfterEach
  void close() {
    storage.close();
  }

  private GrantSet read(KeyId key) {
    return grants.findKey(key, KeyGrants.UNKNOWN).orElseThrow().grants().set();
  }

  private List<Grant> create(int from, int to) {
    return grants.create(IntStream.range(from, to).mapToObj(i -> grant(A, i)).toList(), NOW);
  }

  @Test
  void grantIsReadAsItWasMade() {
    Grant full = grant(A, 1);
    Grant plain = plain(2, "");

    grants.create(List.of(full, plain), NOW);

    assertEquals(full, read(A).find(full.id()));
    assertEquals(plain, read(A).find(plain.id()));
    assertEquals(0, read(B).size());
  }

  private static Grant plain(int number, String name) {
    Grant full = grant(A, number);
    return new Grant(
        full.id(),
        A,
        full.issuingAccount(),
        "arn:aws:iam::" + Samples.ACCOUNT + ":user/same",
        Optional.empty(),
        full.operations(),
        GrantConstraint.NONE,
        name,
        NOW,
        Optional.empty(),
        OptionalLong.empty());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 63, 64, 65, 66, 300})
  void setStaysTrueWhileGrantsComeAndGoOneByOne(int most) {
    KeyGrants known = KeyGrants.UNKNOWN;
    for (int i = 0; i < most; i++) {
      create(i, i + 1);
      known = refreshed(known, i + 1);
    }
    for (int i = 0; i < most; i++) {
      assertTrue(grants.end(A, grant(A, i).id()).isPresent());
      assertNull(read(A).find(grant(A, i).id()));
      known = refreshed(known, most - i - 1);
    }
    storage.verifyAll((done, total) -> {});
  }

  private KeyGrants refreshed(KeyGrants known, int size) {
    KeyGrants now = grants.findKey(A, known).orElseThrow().grants();
    assertEquals(size, now.set().size());
    assertEquals(size, read(A).size());
    return now;
  }

  @Test
  void keyThatDidNotChangeReadsNoGrantAgain() {
    create(0, 200);
    KeyGrants known = grants.findKey(A, KeyGrants.UNKNOWN).orElseThrow().grants();

    storage.save(List.of(storage.findKey(A).orElseThrow().withDescription("other")));

    assertSame(known, grants.findKey(A, known).orElseThrow().grants());
    assertEquals(200, known.set().size());
  }

  @Test
  void sameNameAndContentIsTheSameGrant() {
    Grant first = grants.create(List.of(plain(1, "nightly")), NOW).get(0);

    Grant again = grants.create(List.of(plain(2, "nightly")), NOW.plusSeconds(1)).get(0);
    Grant other = grants.create(List.of(plain(3, "daily")), NOW).get(0);
    Grant nameless = grants.create(List.of(plain(4, "")), NOW).get(0);
    Grant namelessAgain = grants.create(List.of(plain(5, "")), NOW).get(0);

    assertEquals(first, again);
    assertFalse(other.id().equals(first.id()));
    assertFalse(nameless.id().equals(namelessAgain.id()));
    assertEquals(4, read(A).size());
  }

  @Test
  void unknownKeyAndUnknownGrantAreTold() {
    KeyId unknown = new KeyId(new UUID(7, 7));

    assertThrows(KmsException.NotFound.class, () -> grants.create(List.of(grant(unknown, 1)), NOW));
    assertTrue(grants.end(A, grant(A, 1).id()).isEmpty());
  }

  @Test
  void grantIsNotMadeWhereTheKeyAsItIsForbidsIt() {
    KmsKey key = storage.findKey(A).orElseThrow();
    storage.save(List.of(key.withApprovalRule(Optional.of("new"))));
    KmsException forbidden = new KmsException.Conflict("another rule");

    KmsException thrown =
        assertThrows(
            KmsException.Conflict.class,
            () ->
                grants.create(
                    List.of(grant(A, 1)),
                    NOW,
                    now -> {
                      assertEquals(Optional.of("new"), now.approvalRule());
                      throw forbidden;
                    },
                    Optional.empty()));

    assertSame(forbidden, thrown);
    assertEquals(0, read(A).size());
  }

  @Test
  void listsComeInPagesByIdAndByGrantee() {
    create(0, 7);
    grants.create(List.of(grant(B, 100)), NOW);
    List<String> all = new ArrayList<>();

    List<Grant> page = grants.list(A, Optional.empty(), "", 3);
    while (!page.isEmpty()) {
      page.forEach(grant -> all.add(grant.id()));
      page = grants.list(A, Optional.empty(), all.get(all.size() - 1), 3);
    }

    assertEquals(IntStream.range(0, 7).mapToObj(i -> grant(A, i).id()).sorted().toList(), all);
    assertEquals(List.of(grant(A, 5)), grants.list(A, Optional.of(grant(A, 5).grantee()), "", 10));
  }

  @Test
  void retirableGrantsOfAllKeysComeInPages() {
    create(0, 3);
    grants.create(List.of(grant(B, 100), grant(B, 101)), NOW);
    String retiring = grant(A, 0).retiring().orElseThrow();

    List<Grant> first = grants.listRetirable(retiring, Optional.empty(), 4);
    Grant last = first.get(3);
    List<Grant> second =
        grants.listRetirable(
            retiring, Optional.of(new GrantStorage.Position(last.keyId(), last.id())), 4);

    assertEquals(4, first.size());
    assertEquals(1, second.size());
    assertEquals(5, Stream.concat(first.stream(), second.stream()).distinct().count());
  }

  @Test
  void usesAreTakenAndReturnedAndNeverMoreThanThereAre() {
    Grant grant = create(1, 2).get(0);

    for (int i = 0; i < 10; i++) {
      assertEquals(1, grants.reserveUses(grant, 100));
    }
    assertEquals(0, grants.reserveUses(grant, 1));
    grants.returnUses(grant, 2);
    assertEquals(1, grants.reserveUses(grant, 5));
    assertEquals(1, grants.reserveUses(grant, 5));
    assertEquals(0, grants.reserveUses(grant, 5));
    assertTrue(grants.end(A, grant.id()).isPresent());
    grants.returnUses(grant, 1);
    assertEquals(0, grants.reserveUses(grant, 1));
    storage.verifyAll((done, total) -> {});
  }

  @Test
  void useOfAGrantDoesNotTellOfItsKey() {
    Grant grant = create(1, 2).get(0);
    List<KeyId> told = new ArrayList<>();
    storage.onChange((keys, identities) -> told.addAll(keys));

    grants.reserveUses(grant, 1);
    grants.returnUses(grant, 1);
    create(2, 3);

    assertEquals(List.of(A), told);
  }

  @Test
  void grantThatExpiredLongAgoGoesWhenTheNextIsMade() {
    create(0, 3);

    Instant late = NOW.plusSeconds(3600).plus(Duration.ofDays(1));
    grants.create(List.of(plain(10, "")), late);
    assertEquals(4, read(A).size());
    grants.create(List.of(plain(11, "")), late.plusSeconds(1));
    assertEquals(2, read(A).size());
    storage.verifyAll((done, total) -> {});
  }

  @Test
  void oldGrantPutBackAfterItWasRevokedIsFound() throws SQLException {
    create(0, 2);
    Vandal.on(file, "CREATE TABLE kept AS SELECT * FROM key_grant");
    grants.end(A, grant(A, 1).id());

    Vandal.on(file, "INSERT OR IGNORE INTO key_grant SELECT * FROM kept");

    assertThrows(KmsException.StoreTampered.class, () -> read(A));
  }

  @Test
  void grantOfAKeyThatHasNoneIsFoundByTheScan() throws SQLException {
    create(0, 1);

    Vandal.on(
        file,
        "INSERT INTO key_grant SELECT '"
            + B
            + "', grant_id, issuing_account, grantee, retiring, operations, constraint_kind,"
            + " context, name, creation_date, expiry, max_uses, revision, mac_version, mac FROM"
            + " key_grant");

    assertEquals(0, read(B).size());
    assertThrows(KmsException.StoreTampered.class, () -> storage.verifyAll((done, total) -> {}));
  }

  @Test
  void fiftyThousandAreTheMost() {
    List<Grant> many =
        IntStream.range(0, GrantStorage.MAX_PER_KEY).mapToObj(i -> plain(i, "")).toList();
    grants.create(many, NOW);

    long start = System.nanoTime();
    KeyGrants known = grants.findKey(A, KeyGrants.UNKNOWN).orElseThrow().grants();
    long loaded = System.nanoTime();
    assertEquals(GrantStorage.MAX_PER_KEY, known.set().size());
    assertThrows(
        KmsException.LimitExceeded.class, () -> grants.create(List.of(plain(60_000, "")), NOW));
    grants.end(A, many.get(0).id());
    grants.create(List.of(plain(60_001, "")), NOW);

    long changed = System.nanoTime();
    KeyGrants now = grants.findKey(A, known).orElseThrow().grants();
    long refreshed = System.nanoTime();

    assertNull(now.set().find(many.get(0).id()));
    assertEquals(GrantStorage.MAX_PER_KEY, now.set().size());
    System.out.println(
        "figure: key with 50,000 grants loaded in "
            + (loaded - start) / 1_000_000
            + " ms, two changes of them in "
            + (refreshed - changed) / 1000
            + " us");
  }

  @Test
  void expiredGrantsMakeRoom() {
    Grant last = grant(A, 0);
    List<Grant> many =
        new ArrayList<>(
            IntStream.range(1, GrantStorage.MAX_PER_KEY).mapToObj(i -> plain(i, "")).toList());
    many.add(last);
    grants.create(many, NOW);

    grants.create(List.of(plain(60_000, "")), last.expiry().orElseThrow());

    GrantSet now = read(A);
    assertNull(now.find(last.id()));
    assertEquals(GrantStorage.MAX_PER_KEY, now.size());
  }
}
