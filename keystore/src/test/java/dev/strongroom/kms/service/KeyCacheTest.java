// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.hsm.embedded.EmbeddedHsm;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.grant.Grant;
import dev.strongroom.kms.authz.grant.GrantConstraint;
import dev.strongroom.kms.crypto.RandomBytes;
import dev.strongroom.kms.crypto.SoftwareKeys;
import dev.strongroom.kms.key.DomainKeyring;
import dev.strongroom.kms.key.backing.BackingKeys;
import dev.strongroom.kms.metrics.SubkeyCounters;
import dev.strongroom.kms.storage.KeyStorage;
import dev.strongroom.kms.storage.Samples;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cache of one process over a store that another process writes, which it does not hear of. */
class KeyCacheTest {
  private static final KeyId KEY = new KeyId(new UUID(1, 1));
  private static final String GRANT_ID = "0123456789abcdef".repeat(4);

  private final EmbeddedHsm hsm = EmbeddedHsm.inMemory();
  private KeyStorage storage;
  private KeyCache keys;

  @BeforeEach
  void open(@TempDir Path folder) {
    storage = Samples.open(Samples.url(folder.resolve("store.db")));
    storage.save(List.of(Samples.key(KEY)));
    SecureRandom random = new SecureRandom();
    DomainKeyring domain =
        DomainKeyring.open(
            hsm, DomainKeyring.create(hsm, new UUID(2, 2), WrapPolicy.OPEN, Samples.CLOCK));
    keys =
        new KeyCache(
            storage,
            new BackingKeys(hsm, domain, new SoftwareKeys(random), random, Samples.CLOCK),
            RandomBytes.singly(random::nextBytes),
            "local",
            new SubkeyCounters(),
            Samples.CLOCK,
            store -> true,
            new UseCounts((key, material, messages, bytes) -> true));
  }

  @AfterEach
  void close() {
    storage.close();
    hsm.close();
  }

  @Test
  void lookingAnewKeepsWhatDidNotChange() {
    LiveKey known = keys.find(KEY).orElseThrow();

    LiveKey now = keys.findNow(KEY).orElseThrow();

    assertSame(known, now);
    assertSame(known, keys.find(KEY).orElseThrow());
  }

  @Test
  void lookingAnewFindsAChangedKey() {
    LiveKey known = keys.find(KEY).orElseThrow();
    storage.save(List.of(known.key().withState(KeyState.DISABLED)));

    assertEquals(KeyState.DISABLED, keys.findNow(KEY).orElseThrow().key().state());
    assertEquals(KeyState.DISABLED, keys.find(KEY).orElseThrow().key().state());
  }

  @Test
  void lookingAnewFindsANewGrant() {
    assertEquals(0, keys.find(KEY).orElseThrow().grants().ofGrantee(grant().grantee()).size());
    storage.grants().create(List.of(grant()), Samples.NOW);

    assertNotNull(keys.findNow(KEY).orElseThrow().grants().find(GRANT_ID));
  }

  @Test
  void lookingAnewFindsNothingOfADeletedKey() {
    KeyId other = new KeyId(new UUID(3, 3));

    assertEquals(Optional.empty(), keys.findNow(other));
  }

  private static Grant grant() {
    return new Grant(
        GRANT_ID,
        KEY,
        Samples.ACCOUNT,
        "arn:aws:iam::" + Samples.ACCOUNT + ":user/batch",
        Optional.empty(),
        Set.of(Operation.SIGN),
        GrantConstraint.NONE,
        "",
        Samples.NOW,
        Optional.empty(),
        OptionalLong.empty());
  }
}
