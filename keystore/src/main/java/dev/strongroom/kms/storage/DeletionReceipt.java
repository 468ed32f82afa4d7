// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.CanonicalEncoding;
import dev.strongroom.kms.key.KmsKey;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the trail says of the rows that went with a key: enough to recognise each of them in a copy
 * of the store, and no more. A record has no room for thousands of rows: of those the hash of their
 * hashes stands for all.
 */
final class DeletionReceipt {
  private static final int MAX_NAMED = 200;

  private DeletionReceipt() {}

  /**
   * Returns names and values.
   *
   * @param grants the rows of the key's grants, which are no part of {@code stored}
   */
  static Map<String, String> of(KmsKey key, Aggregate stored, List<Row> grants) {
    List<Row> rows = new ArrayList<>();
    rows.add(stored.root());
    stored.root().table().owned().forEach(table -> rows.addAll(stored.owned(table)));
    rows.addAll(grants);
    Map<String, String> receipt = new LinkedHashMap<>();
    receipt.put("keySpec", key.spec().name());
    receipt.put("origin", key.origin().name());
    key.deletionDate().ifPresent(date -> receipt.put("deletionDate", date.toString()));
    receipt.put("keyMaterials", String.valueOf(key.generations().size()));
    receipt.put(
        "keyMaterialIds",
        key.generations().stream()
            .limit(MAX_NAMED)
            .map(generation -> generation.materialId().text())
            .collect(Collectors.joining(" ")));
    key.storedObject()
        .ifPresent(
            object -> {
              receipt.put(DeletionStorage.CUSTOM_KEY_STORE, object.store());
              receipt.put(DeletionStorage.TOKEN_OBJECT, object.objectId());
            });
    receipt.put("rows", String.valueOf(rows.size()));
    receipt.put(
        "rowHashes",
        rows.stream()
            .limit(MAX_NAMED)
            .map(row -> row.table().sqlName() + ":" + Changes.hash(row))
            .collect(Collectors.joining(" ")));
    receipt.put("rowsHash", all(rows));
    return receipt;
  }

  private static String all(List<Row> rows) {
    CanonicalEncoding encoding = new CanonicalEncoding().add("strongroom/1/deletion");
    rows.forEach(row -> encoding.add(Changes.hash(row)));
    return HexFormat.of().formatHex(encoding.sha256());
  }
}
