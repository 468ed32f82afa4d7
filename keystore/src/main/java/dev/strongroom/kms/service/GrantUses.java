// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.authz.Decision;
import dev.strongroom.kms.authz.grant.Grant;
import dev.strongroom.kms.storage.GrantStorage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Counts the uses of grants that can be used a number of times, over all processes together.
 *
 * <p>Uses are taken out of the store before they are made, a few at a time while many are left and
 * one at a time in the end. So a grant is never used more often than it says. Uses that a process
 * has taken and not made go back when it closes, and at the latest {@value #KEPT_ROUNDS} rounds of
 * {@link Keeper} after the last one; those of a process that was killed are lost. Until they are
 * back, other processes may find the grant used up early. A call that the grant let through counts,
 * also where its work then fails. Thread-safe.
 */
final class GrantUses {
  private static final Logger LOGGER = System.getLogger(GrantUses.class.getName());

  /** The most that are taken at a time; the store gives fewer where fewer are left. */
  private static final long BLOCK = 64;

  private static final int KEPT_ROUNDS = 2;

  private final GrantStorage storage;
  private final ConcurrentMap<String, Block> blocks = new ConcurrentHashMap<>();

  /** Uses that this process has taken and not made. Guarded by itself. */
  private static final class Block {
    private final Grant grant;
    private long left;
    private int idleRounds;
    private boolean isGone;

    Block(Grant grant) {
      this.grant = grant;
    }
  }

  GrantUses(GrantStorage storage) {
    this.storage = storage;
  }

  /**
   * Takes the use that a decision rests on, if it does.
   *
   * @param dryRun whether it is only looked whether there is one
   * @param again decides anew, given the ids of the grants whose uses are up
   * @return the decision, or what is decided without the grants that are used up
   */
  Decision take(Decision decision, boolean dryRun, Function<Set<String>, Decision> again) {
    Grant grant = counted(decision);
    Set<String> exhausted = new HashSet<>();
    Decision current = decision;
    while (grant != null && !(dryRun ? hasUse(grant) : take(grant))) {
      exhausted.add(grant.id());
      current = again.apply(exhausted);
      grant = counted(current);
    }
    return current;
  }

  /** Returns whether a decision rests on a grant that counts its uses. */
  static boolean isCounted(Decision decision) {
    return counted(decision) != null;
  }

  private static @Nullable Grant counted(Decision decision) {
    if (decision instanceof Decision.Allowed allowed && allowed.by().grant().isPresent()) {
      Grant grant = allowed.by().grant().get();
      return grant.maxUses().isPresent() ? grant : null;
    }
    return null;
  }

  private boolean take(Grant grant) {
    Optional<Boolean> taken;
    do {
      taken = takeFrom(blocks.computeIfAbsent(grant.id(), any -> new Block(grant)));
    } while (taken.isEmpty());
    return taken.get();
  }

  private boolean hasUse(Grant grant) {
    Block block = blocks.get(grant.id());
    if (block != null) {
      synchronized (block) {
        if (block.left > 0) {
          return true;
        }
      }
    }
    return storage.usesLeft(grant) > 0;
  }

  /** Returns whether there was a use to take; empty where the block was given back meanwhile. */
  private Optional<Boolean> takeFrom(Block block) {
    synchronized (block) {
      if (block.isGone) {
        return Optional.empty();
      }
      if (block.left == 0) {
        block.left = storage.reserveUses(block.grant, BLOCK);
      }
      if (block.left == 0) {
        return Optional.of(false);
      }
      block.left--;
      block.idleRounds = 0;
      return Optional.of(true);
    }
  }

  /** Gives back what was not made for a while. Called now and then; never fails. */
  void returnIdle() {
    for (Block block : blocks.values()) {
      synchronized (block) {
        if (++block.idleRounds >= KEPT_ROUNDS) {
          giveBack(block);
        }
      }
    }
  }

  /** Gives everything back. */
  void close() {
    for (Block block : blocks.values()) {
      synchronized (block) {
        giveBack(block);
      }
    }
  }

  /** The block's lock is held: whoever waits for it must not fill it again, out of our sight. */
  private void giveBack(Block block) {
    block.isGone = true;
    blocks.remove(block.grant.id(), block);
    if (block.left == 0) {
      return;
    }
    try {
      storage.returnUses(block.grant, block.left);
    } catch (KmsException e) {
      // They stay taken: lost at the worst, and never made twice.
      LOGGER.log(
          Level.WARNING,
          "Uses of " + block.grant.label() + " could not be given back: " + e.getMessage());
    }
    block.left = 0;
  }
}
