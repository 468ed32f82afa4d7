// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.MacAlgorithm;
import dev.strongroom.kms.audit.Verification;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A KMS with keys and what they made, which has to open whatever happens to the domain key. */
final class DomainKeyScene {
  private static final EncryptionAlgorithm ALGORITHM = EncryptionAlgorithm.SYMMETRIC_DEFAULT;
  private static final byte[] MESSAGE = "the same".getBytes(StandardCharsets.UTF_8);

  private final Map<KeyId, byte[]> blobs = new LinkedHashMap<>();
  private final Map<KeyId, byte[]> macs = new LinkedHashMap<>();

  /** Makes keys of two kinds, the symmetric ones with two generations, and uses each. */
  void make(Kms kms, Caller caller, int count) {
    for (int i = 0; i < count; i++) {
      KeyId symmetric =
          kms.createKey(caller, CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT)).keyId();
      blobs.put(
          symmetric,
          kms.encrypt(caller, symmetric, ALGORITHM, MESSAGE, EncryptionContext.EMPTY)
              .ciphertextBlob());
      kms.rotateKeyOnDemand(caller, symmetric);
      KeyId mac = kms.createKey(caller, CreateKeyRequest.of(CmkSpec.HMAC_256)).keyId();
      macs.put(mac, kms.generateMac(caller, mac, MacAlgorithm.HMAC_SHA_256, MESSAGE));
    }
  }

  /** Makes sure that all that was made opens and verifies, and that store and trail are whole. */
  void assertWhole(Kms kms, Caller caller) {
    blobs.forEach(
        (key, blob) ->
            assertArrayEquals(
                MESSAGE,
                kms.decrypt(caller, key, ALGORITHM, blob, EncryptionContext.EMPTY).plaintext()));
    macs.forEach(
        (key, mac) ->
            assertDoesNotThrow(
                () -> kms.verifyMac(caller, key, MacAlgorithm.HMAC_SHA_256, MESSAGE, mac)));
    assertEquals(
        List.of(),
        kms.deepHealth().findings().stream()
            .filter(finding -> !finding.part().equals("domain key"))
            .filter(finding -> finding.severity().compareTo(Health.Severity.WARNING) >= 0)
            .map(Health.Finding::sentence)
            .toList());
    for (Verification stream : kms.validateLogs(caller)) {
      assertEquals(List.of(), stream.findings());
    }
  }

  /** Returns under how many versions of the domain key rows of a store are, head and all. */
  static List<Long> versionsIn(Path home) throws SQLException {
    List<Long> versions = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + home.resolve("store.db"));
        Statement statement = connection.createStatement()) {
      StringBuilder union = new StringBuilder("SELECT mac_version FROM head");
      try (ResultSet tables =
          statement.executeQuery(
              "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%mac_version%'")) {
        while (tables.next()) {
          union.append(" UNION SELECT mac_version FROM ").append(tables.getString(1));
        }
      }
      try (ResultSet found = statement.executeQuery(union + " ORDER BY 1")) {
        while (found.next()) {
          versions.add(found.getLong(1));
        }
      }
    }
    return versions;
  }
}
