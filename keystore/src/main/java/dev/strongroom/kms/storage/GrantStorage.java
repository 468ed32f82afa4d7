// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.authz.grant.Grant;
import dev.strongroom.kms.key.KmsKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where grants rest. A grant never changes: it is made, and it ends. Otherwise as {@link
 * KeyStorage}, whose listeners hear of the keys whose grants changed.
 */
public interface GrantStorage {

  /** How many grants a key may have; AWS's limit. */
  int MAX_PER_KEY = 50_000;

  /** A key with its grants, both of the same moment. */
  record KeyWithGrants(KmsKey key, KeyGrants grants) {}

  /**
   * Returns a key with its grants.
   *
   * @param known what an earlier call returned, or {@link KeyGrants#UNKNOWN}
   */
  Optional<KeyWithGrants> findKey(KeyId key, KeyGrants known);

  /**
   * Makes grants of one key, in one transaction. In the place of one that has a name, the grant is
   * returned that has the same name and says the same, where there is such a one already. Grants
   * that expired more than a day ago may be removed.
   *
   * @param grants at least one, with new ids
   * @throws KmsException.NotFound if there is no such key
   * @throws KmsException.LimitExceeded if it would have more than {@value #MAX_PER_KEY}
   */
  default List<Grant> create(List<Grant> grants, Instant now) {
    return create(grants, now, key -> {}, Optional.empty());
  }

  /**
   * Does the same and uses up a request for approvals.
   *
   * @param check is given the key as it is, and throws where no grant of it is to be made
   * @throws KmsException.NotFound if there is no such request
   */
  List<Grant> create(
      List<Grant> grants, Instant now, Consumer<KmsKey> check, Optional<ApprovalUse> use);

  /** Returns the refusal to make one more. */
  static KmsException tooMany(String keyId, long grants) {
    return new KmsException.LimitExceeded(
        "The key "
            + keyId
            + " has "
            + grants
            + " grants, and a key can have 50000. Retire or revoke some first: 'kms list-grants'"
            + " shows them.");
  }

  /** Ends a grant and returns it; empty where there is none of that id. */
  Optional<Grant> end(KeyId key, String grantId);

  /**
   * Returns up to {@code limit} grants of a key in the order of their ids.
   *
   * @param grantee only those of this principal; empty: of all
   * @param after the id where the page before ended; empty for the first page
   */
  List<Grant> list(KeyId key, Optional<String> grantee, String after, int limit);

  /**
   * Returns up to {@code limit} grants, of any key, that name this principal as the one that may
   * retire them, in the order of their keys and ids.
   *
   * @param after where the page before ended
   */
  List<Grant> listRetirable(String retiring, Optional<Position> after, int limit);

  /** A place in a list of grants of several keys. */
  record Position(KeyId key, String grantId) {}

  /**
   * Takes uses out of a grant that counts them; durable when this returns. Whoever took them may
   * use them or return them; those of a process that is killed are lost. At most a 64th of what is
   * left is given, or one.
   *
   * @param wanted at least 1
   * @return how many were taken, at most {@code wanted}; 0 where none is left or the grant has
   *     ended
   */
  long reserveUses(Grant grant, long wanted);

  /** Returns how many uses nobody has taken yet; 0 where the grant has ended. */
  long usesLeft(Grant grant);

  /** Gives back uses that were taken and not made. */
  void returnUses(Grant grant, long unused);
}
