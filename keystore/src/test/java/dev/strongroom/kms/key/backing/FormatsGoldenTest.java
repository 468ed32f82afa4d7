// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key.backing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.kms.CanonicalEncoding;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.crypto.BlobOpener;
import dev.strongroom.kms.crypto.CiphertextBlob;
import dev.strongroom.kms.crypto.SoftwareKeys;
import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.json.JsonException;
import dev.strongroom.kms.key.Derivation;
import dev.strongroom.kms.key.DomainKeyring;
import dev.strongroom.kms.key.DomainRecord;
import dev.strongroom.kms.key.KeyMaterial;
import dev.strongroom.kms.key.KeyMaterialId;
import dev.strongroom.kms.key.KeyToken;
import dev.strongroom.kms.key.OpenKey;
import dev.strongroom.kms.metrics.SubkeyCounters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Yesterday's bytes are still ours: docs/vectors.json, which docs/vectors.py made from the
 * description of the formats without any of our code.
 */
class FormatsGoldenTest {
  private static final Path VECTORS = Path.of("..", "docs", "vectors.json");

  private Map<?, ?> vectors = Map.of();

  @BeforeEach
  void read() throws IOException, JsonException {
    Object parsed = Json.parse(Files.readString(VECTORS), 1 << 20);
    vectors = parsed instanceof Map<?, ?> map ? map : Map.of();
  }

  private Map<?, ?> section(String name) {
    return map(vectors, name);
  }

  private static Map<?, ?> map(Map<?, ?> parent, String name) {
    return parent.get(name) instanceof Map<?, ?> map ? map : Map.of();
  }

  private static byte[] hex(Map<?, ?> section, String name) {
    return HexFormat.of().parseHex(String.valueOf(section.get(name)));
  }

  private static EncryptionContext context(Map<?, ?> pairs) {
    Map<String, String> copied = new LinkedHashMap<>();
    pairs.forEach((key, value) -> copied.put(String.valueOf(key), String.valueOf(value)));
    return EncryptionContext.of(copied);
  }

  @Test
  void fieldsAreEncodedAsPublished() {
    byte[] encoded =
        new CanonicalEncoding()
            .add("leaf")
            .add(new byte[] {1, 2})
            .add(-1)
            .add((String) null)
            .toBytes();

    assertArrayEquals(hex(section("enc"), "encoded"), encoded);
  }

  @Test
  void contextsAreSerializedAsPublished() {
    Map<?, ?> section = section("context");

    assertArrayEquals(hex(section, "aad"), context(map(section, "pairs")).toAad());
  }

  @Test
  void thePublishedBlobOpens() {
    Map<?, ?> section = section("blob");
    SoftwareKeys keys = new SoftwareKeys(new SecureRandom());
    OpenKey backingKey =
        keys.open(CmkSpec.SYMMETRIC_DEFAULT, KeyMaterial.owning(hex(section, "backingKey")));
    CiphertextBlob blob = CiphertextBlob.parse(hex(section, "blob"));

    byte[] plaintext =
        new BlobOpener(() -> backingKey, System::nanoTime, new SubkeyCounters())
            .open(blob, context(map(section, "context")));

    assertArrayEquals(hex(section, "plaintext"), plaintext);
    assertEquals(section.get("keyId"), blob.keyId().text());
  }

  @Test
  void thePublishedKeyTokenOpens() {
    Map<?, ?> section = section("token");
    UUID domainId = UUID.fromString(String.valueOf(section.get("domainId")));
    FixedDomainHsm hsm =
        new FixedDomainHsm(new DomainKeyId(domainId, 1), String.valueOf(section.get("kdf")));
    DomainRecord made = DomainKeyring.create(hsm, domainId, hsm.wrapPolicy(), Clock.systemUTC());
    DomainKeyring keyring = DomainKeyring.open(hsm, new DomainRecord(domainId, made.versions()));
    TokenSealer sealer = new TokenSealer(keyring, new SecureRandom());
    TokenBinding binding =
        new TokenBinding(
            KeyId.parse(String.valueOf(section.get("keyId"))),
            new KeyMaterialId(hex(section, "keyMaterialId")),
            ProtectionLevel.SOFTWARE,
            CmkSpec.SYMMETRIC_DEFAULT,
            KeyUsage.ENCRYPT_DECRYPT,
            KeyOrigin.AWS_KMS,
            new byte[0]);

    KeyToken token = sealer.check(binding, hex(section, "token"));

    byte[] opened = sealer.unseal(binding, token).use(byte[]::clone);
    assertArrayEquals(hex(section, "backingKey"), opened);
  }

  @Test
  void theMacOfThePublishedRowIsOurs() {
    Map<?, ?> section = section("row");
    byte[] hash =
        new CanonicalEncoding()
            .add("alias")
            .add(String.valueOf(section.get("account")))
            .add(String.valueOf(section.get("name")))
            .add(7)
            .add(String.valueOf(section.get("keyId")))
            .add(1)
            .add(2)
            .sha256();
    FixedDomainHsm hsm =
        new FixedDomainHsm(
            new DomainKeyId(UUID.randomUUID(), 1), String.valueOf(section.get("kdf")));

    byte[] mac = Derivation.derive(hsm::hmac, Derivation.Label.ROW, hash);

    assertArrayEquals(hex(section, "hash"), hash);
    assertArrayEquals(hex(section, "mac"), mac);
  }
}
