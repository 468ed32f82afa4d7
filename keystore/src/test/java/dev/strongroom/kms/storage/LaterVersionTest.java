// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import static dev.strongroom.kms.storage.Samples.ACCOUNT;
import static dev.strongroom.kms.storage.Samples.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.KmsKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a later version wrote into the store, in the words that only that one knows. */
class LaterVersionTest {
  @Test
  void keyOfALaterVersionHidesNoOtherOne(@TempDir Path folder) {
    String url = Samples.url(folder.resolve("store.db"));
    try (KeyStorage storage = Samples.open(url)) {
      KmsKey readable = storage.save(List.of(key("alias/a"))).get(0);
      KmsKey later = key("alias/later");
      try (JdbcStore store = JdbcStore.open(url, Samples.CLOCK)) {
        TamperedStore.quiet(store)
            .write(
                Set.of(),
                false,
                (session, changes) -> {
                  changes.put(Optional.empty(), withSpec("QUANTUM_1", KeyRows.toRows(later)));
                  return true;
                });
      }

      List<KmsKey> listed = storage.loadAll(ACCOUNT);

      assertEquals(List.of(readable.keyId()), listed.stream().map(KmsKey::keyId).toList());
      assertThrows(KmsException.StoreTampered.class, () -> storage.findKey(later.keyId()));
      assertEquals(3, storage.verifyAll((done, total) -> {})); // with the domain
    }
  }

  private static Aggregate withSpec(String spec, Aggregate rows) {
    Object[] values = new Object[Table.CMK.columns().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i == Table.CMK.indexOf("spec") ? spec : rows.root().value(i);
    }
    List<Row> owned =
        Table.CMK.owned().stream().flatMap(table -> rows.owned(table).stream()).toList();
    return new Aggregate(Row.of(Table.CMK, values), owned);
  }
}
