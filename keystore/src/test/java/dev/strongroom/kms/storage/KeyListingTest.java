// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import static dev.strongroom.kms.storage.Samples.ACCOUNT;
import static dev.strongroom.kms.storage.Samples.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.key.KmsKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of keys and aliases, and what reading them costs. */
class KeyListingTest {
  private HmacRows authenticator;
  private KeyStorage storage;

  @BeforeEach
  void open(@TempDir Path temporary) {
    authenticator = new HmacRows(Samples.DOMAIN_ID.toString());
    storage = Samples.open(Samples.url(temporary.resolve("store.db")), authenticator);
  }

  @AfterEach
  void close() {
    storage.close();
  }

  private KmsKey save(KmsKey key) {
    return storage.save(List.of(key)).get(0);
  }

  @Test
  void keysAreListedInPages() {
    List<KeyId> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(save(key()).keyId());
    }
    ids.sort(Comparator.comparing(KeyId::text));

    List<KeyId> first = storage.listKeys(ACCOUNT, Optional.empty(), 3);
    List<KeyId> second = storage.listKeys(ACCOUNT, Optional.of(first.get(2)), 3);

    assertEquals(ids.subList(0, 3), first);
    assertEquals(ids.subList(3, 5), second);
    assertEquals(List.of(), storage.listKeys("111111111111", Optional.empty(), 3));
  }

  @Test
  void aliasesAreListedInPages() {
    KmsKey one = save(key("alias/c", "alias/a"));
    KmsKey two = save(key("alias/b"));

    List<KeyStorage.AliasRow> first = storage.listAliases(ACCOUNT, Optional.empty(), 2);
    List<KeyStorage.AliasRow> second =
        storage.listAliases(ACCOUNT, Optional.of(new Alias("alias/b")), 2);

    assertEquals(
        List.of(one.keyId(), two.keyId()), first.stream().map(row -> row.keyId()).toList());
    assertEquals(
        List.of(
            new KeyStorage.AliasRow(
                new Alias("alias/c"), one.keyId(), Samples.NOW, Samples.NOW.plusNanos(1))),
        second);
  }

  @Test
  void listedKeysShowAllButPolicyAndTokens() {
    KmsKey saved = save(key("alias/a"));

    KmsKey listed = storage.loadAll(ACCOUNT).get(0);

    assertEquals(saved.aliases(), listed.aliases());
    assertEquals(2, listed.certificateChain().size());
    assertEquals(saved.current().materialId(), listed.current().materialId());
    assertEquals("", listed.policy());
    assertEquals(0, listed.current().token().length);
    assertEquals(List.of(), storage.loadAll("111111111111"));
  }

  @Test
  void listedKeyCannotBeSavedAndLoseItsTokens() {
    save(key());
    KmsKey listed = storage.loadAll(ACCOUNT).get(0);

    assertThrows(IllegalArgumentException.class, () -> save(listed.withPolicy("{}")));
  }

  @Test
  void listingManyKeysTakesOneMac() {
    for (int i = 0; i < 20; i++) {
      save(key());
    }
    storage.verifyAll((done, total) -> {});
    int before = authenticator.calls();

    assertEquals(20, storage.loadAll(ACCOUNT).size());

    assertTrue(authenticator.calls() - before <= 1);
  }

  @Test
  void readingAKeyTakesOneMac() {
    KmsKey saved = save(key("alias/a", "alias/b"));
    storage.verifyAll((done, total) -> {});
    int before = authenticator.calls();

    storage.findKey(saved.keyId());

    assertEquals(1, authenticator.calls() - before);
  }

  @Test
  void scanReadsMoreThanOnePage() {
    List<KmsKey> keys = new ArrayList<>();
    for (int i = 0; i < 1201; i++) {
      keys.add(key("alias/" + i));
    }
    storage.save(keys);

    assertEquals(1202, storage.verifyAll((done, total) -> {}));
    assertEquals(1201, storage.loadAll(ACCOUNT).size());
  }

  @Test
  void progressEndsAtTheTotal() {
    save(key());
    save(key());
    List<String> told = new ArrayList<>();

    storage.verifyAll((done, total) -> told.add(done + "/" + total));

    assertEquals(List.of("1/3", "2/3", "3/3"), told);
  }
}
