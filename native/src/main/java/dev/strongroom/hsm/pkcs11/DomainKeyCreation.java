// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.WrapPolicy;

/** Makes and tests the objects of a domain key; sweeps them away if that fails. */
final class DomainKeyCreation {
  private static final System.Logger LOG = System.getLogger(DomainKeyCreation.class.getName());

  private final DomainKeyId id;
  private final WrapPolicy policy;
  private final DomainObjects objects;
  private final DomainKeyCheck check;
  private boolean begun;

  DomainKeyCreation(DomainKeyId id, WrapPolicy policy, TokenTraits traits) {
    this.id = id;
    this.policy = policy;
    this.objects = new DomainObjects(id);
    this.check = new DomainKeyCheck(objects, traits);
  }

  /**
   * Begins by sweeping what an interrupted creation left: without all of its objects a domain key
   * can neither be used now nor have been used before. Runs again after a lost session.
   */
  DomainKeyCheck.Result run(Session session) {
    session.requireAlive();
    if (!begun && objects.areAllThere(session)) {
      throw new HsmException.AlreadyExists("Domain key " + id + " is on the token already.");
    }
    objects.destroy(session);
    begun = true;
    boolean done = false;
    try {
      DomainKeyCheck.Result result = check.run(session, objects.create(session, policy));
      if (result.policy() != policy) {
        throw new HsmException.Untrustworthy(
            "The token made domain key " + id + " with wrap policy " + result.policy() + ".");
      }
      done = true;
      return result;
    } finally {
      if (!done) {
        sweep(session);
      }
    }
  }

  private void sweep(Session session) {
    try {
      objects.destroy(session);
    } catch (Pkcs11Exception e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "Domain key {0} was not finished, and its objects could not be destroyed: {1}",
          id,
          e.getMessage());
    }
  }
}
