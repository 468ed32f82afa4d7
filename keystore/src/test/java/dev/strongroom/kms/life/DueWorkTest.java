// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.life;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The loop of all that falls due. */
class DueWorkTest {
  private final DueWork work =
      new DueWork(System.getLogger(DueWorkTest.class.getName()), "Keys of this test");
  private final List<KeyId> keys =
      List.of(KeyId.random(), KeyId.random(), KeyId.random(), KeyId.random());

  @Test
  void alteredAndContestedKeysDoNotKeepTheOthers() {
    List<KeyId> done = new ArrayList<>();

    int count =
        work.each(
            keys,
            key -> {
              if (key.equals(keys.get(0))) {
                throw new KmsException.StoreTampered("altered");
              }
              if (key.equals(keys.get(1))) {
                throw new KmsException.Conflict("changed meanwhile");
              }
              done.add(key);
              return key.equals(keys.get(3));
            });

    assertEquals(keys.subList(2, 4), done);
    assertEquals(1, count);
  }

  @Test
  void keysThatNothingCanBeDoneAboutEndTheLook() {
    List<KeyId> tried = new ArrayList<>();
    DueWork.Step step =
        key -> {
          tried.add(key);
          throw new KmsException.StoreUnavailable("away", null);
        };

    assertThrows(KmsException.StoreUnavailable.class, () -> work.each(keys, step));

    assertEquals(keys.subList(0, 1), tried);
  }

  @Test
  void lookThatFailsIsLeftToTheNext() {
    assertDoesNotThrow(
        () ->
            work.look(
                () -> {
                  throw new KmsException.StoreUnavailable("away", null);
                }));
    assertDoesNotThrow(
        () ->
            work.look(
                () -> {
                  throw new IllegalStateException("closed");
                }));
  }
}
