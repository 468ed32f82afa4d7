// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.DomainRecord;
import dev.strongroom.kms.key.KmsKey;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What the store has of its domain key, and the way from one version of it to the next: {@link
 * #activate}, {@link #pass} until nothing is left, {@link #retire}. Whoever is interrupted goes on
 * with another pass; all that is read and written meanwhile is good. Otherwise as {@link
 * KeyStorage}.
 */
public interface DomainStorage {

  /**
   * Writes the record with another version. From then on everything is written under that one.
   *
   * @param sealing makes the MACs of the new version
   * @param use a request for approvals that this takes
   * @throws KmsException.Conflict if another process did the same meanwhile
   */
  void activate(DomainRecord wanted, RowAuthenticator sealing, Optional<ApprovalUse> use);

  /** How far the rows are: those under the active version, of all that are to be. */
  record Amounts(long done, long total) {}

  Amounts amounts();

  /**
   * Begins to go through all rows once.
   *
   * @param rewrap returns a key with its tokens under the active version, or the key itself; called
   *     outside of transactions
   */
  Pass pass(UnaryOperator<KmsKey> rewrap);

  /** One way through all rows, in batches; for one thread. */
  interface Pass {

    /**
     * Brings up to {@code limit} rows and what they own to the active version, in one transaction.
     * Rows that somebody changes at that moment are left to the next pass.
     *
     * @return how many were not there yet; -1 at the end
     */
    int next(int limit);
  }

  /**
   * Writes the record with older versions retired, unless rows under them are left, or tokens that
   * could be wrapped again.
   *
   * @return whether that was so: otherwise another pass is needed
   */
  boolean retire(DomainRecord wanted);

  /**
   * Keeps others from doing the same, in all processes that use this store, until it is closed or
   * the process ends; empty where somebody else does.
   *
   * @throws KmsException.StoreUnavailable if the file for that cannot be written
   */
  Optional<Turn> turn();

  /** Whose turn it is; closing it lets others. */
  interface Turn extends AutoCloseable {
    @Override
    void close();
  }
}
