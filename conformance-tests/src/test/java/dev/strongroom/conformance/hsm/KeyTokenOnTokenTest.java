// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.hsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.hsm.pkcs11.Pkcs11Hsm;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Place;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.crypto.SoftwareKeys;
import dev.strongroom.kms.key.DomainKeyring;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.key.backing.BackingKeys;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Key tokens of both levels, whose domain key is in SoftHSM2. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // open() runs first
final class KeyTokenOnTokenTest {
  private Hsm hsm;
  private BackingKeys backingKeys;

  @BeforeAll
  void open(@TempDir Path folder) {
    hsm = Pkcs11Hsm.open(SoftHsmToken.in(folder).select().uri(), Set.of());
    Clock clock = Clock.systemUTC();
    SecureRandom random = new SecureRandom();
    var record = DomainKeyring.create(hsm, UUID.randomUUID(), WrapPolicy.OPEN, clock);
    backingKeys =
        new BackingKeys(
            hsm, DomainKeyring.open(hsm, record), new SoftwareKeys(random), random, clock);
  }

  @AfterAll
  void close() {
    backingKeys.close();
    hsm.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"HSM", "SOFTWARE"})
  void everyFlippedBitIsRefusedInTheSameWords(ProtectionLevel level) {
    KmsKey key = hmacKey(level);
    byte[] mac = hmac(key);
    byte[] token = key.current().token();
    Set<String> words = new HashSet<>();

    for (int bit = 0; bit < 8 * token.length; bit++) {
      byte[] changed = token.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      var refusal =
          assertThrows(
              KmsException.StoreTampered.class,
              () -> backingKeys.open(key, with(changed, key.current())),
              "bit " + bit);
      words.add(String.valueOf(refusal.getMessage()));
    }

    assertEquals(1, words.size(), words.toString());
    assertArrayEquals(mac, hmac(key));
  }

  /** Opens the key for one HMAC and no longer: a key that is open is not opened again. */
  private byte[] hmac(KmsKey key) {
    byte[] mac = backingKeys.open(key, key.current()).hmac("SHA-256", new byte[] {1, 2, 3});
    backingKeys.forget(key.current().materialId());
    return mac;
  }

  private static Generation with(byte[] token, Generation generation) {
    return new Generation(
        generation.materialId(), token, generation.publicKey(), generation.creationDate());
  }

  private KmsKey hmacKey(ProtectionLevel level) {
    KeyId id = new KeyId(UUID.randomUUID());
    CmkSpec spec = CmkSpec.HMAC_256;
    KeyUsage usage = KeyUsage.GENERATE_VERIFY_MAC;
    Generation generation =
        backingKeys.create(new BackingKeys.Request(id, spec, usage, KeyOrigin.AWS_KMS, level));
    return new KmsKey(
        new KeyArn(new Place("local", "000000000000"), id),
        spec,
        usage,
        KeyState.ENABLED,
        KeyOrigin.AWS_KMS,
        level,
        true,
        false,
        "",
        Instant.EPOCH,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(generation),
        "{}",
        Optional.empty(),
        List.of(),
        Map.of(),
        List.of(),
        0);
  }
}
