// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import static dev.strongroom.kms.storage.Samples.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.KmsException.StoreTampered;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A process that cannot hear what others change must not go on with what it remembers. */
class ChangeWatchTest extends TamperedStore {

  /** Such a row stands before all that others change: whoever cannot read it hears of nothing. */
  @Test
  void keyIdThatCannotBeReadMakesARunningStorageRefuse() throws Exception {
    try (KeyStorage storage = Samples.open(Samples.url(file))) {
      storage.verifyAll((done, total) -> {});
      storage.requireReachable();

      Vandal.on(
          file,
          "CREATE TEMP TABLE copy AS SELECT * FROM cmk WHERE key_id = '" + B + "'",
          "UPDATE copy SET key_id = 'none', revision = 1000000",
          "INSERT INTO cmk SELECT * FROM copy");

      awaitRefusal(storage);
      assertThrows(StoreTampered.class, storage::requireReachable);
      assertThrows(StoreTampered.class, () -> storage.findKey(A));
    }
  }

  @ParameterizedTest
  @MethodSource
  void changesThatCannotBeReadAreAnOutageUntilTheyCan(Throwable failure) throws Exception {
    FailingRows rows = new FailingRows();
    try (KeyStorage storage = Samples.open(Samples.url(file), rows);
        KeyStorage other = Samples.open(Samples.url(file))) {
      storage.requireReachable();

      rows.failure.set(failure);
      other.save(List.of(Samples.key()));
      assertSays("no MAC today", Outages.await(storage));

      rows.failure.set(null);
      Outages.awaitEnd(storage);
      assertEquals(other.revision(), storage.head().revision());
    }
  }

  static List<Throwable> changesThatCannotBeReadAreAnOutageUntilTheyCan() {
    return List.of(
        new KmsException.HsmUnavailable("There is no MAC today.", null),
        new IllegalStateException("There is no MAC today."),
        new OutOfMemoryError("There is no MAC today."));
  }

  /** An HSM that is away at times. */
  private static final class FailingRows implements RowAuthenticator {
    final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final RowAuthenticator rows = Samples.authenticator();

    @Override
    public int currentVersion() {
      return rows.currentVersion();
    }

    @Override
    public byte[] mac(int domainVersion, byte[] hash) {
      Throwable thrown = failure.get();
      if (thrown instanceof Error error) {
        throw error;
      }
      if (thrown != null) {
        throw (RuntimeException) thrown;
      }
      return rows.mac(domainVersion, hash);
    }
  }
}
