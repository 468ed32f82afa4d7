// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.hsm.transport.DomainKeyParcel;
import java.util.function.BiFunction;
import java.util.function.ToLongFunction;

/** Makes and tests the objects of a domain key; sweeps them away if that fails. */
final class DomainKeyCreation {
  private static final System.Logger LOG = System.getLogger(DomainKeyCreation.class.getName());

  private final DomainKeyId id;
  private final WrapPolicy policy;
  private final DomainObjects objects;
  private final DomainKeyCheck check;
  private final BiFunction<DomainObjects, Session, DomainObjects.Handles> maker;
  private boolean begun;

  private DomainKeyCreation(
      DomainKeyId id,
      WrapPolicy policy,
      TokenTraits traits,
      BiFunction<DomainObjects, Session, DomainObjects.Handles> maker) {
    this.id = id;
    this.policy = policy;
    this.objects = new DomainObjects(id);
    this.check = new DomainKeyCheck(objects, traits);
    this.maker = maker;
  }

  /** Returns one whose keys are born in the token. */
  static DomainKeyCreation birth(DomainKeyId id, WrapPolicy policy, TokenTraits traits) {
    return new DomainKeyCreation(
        id, policy, traits, (objects, session) -> objects.create(session, policy));
  }

  /** Returns one whose keys are unwrapped into the token. */
  static DomainKeyCreation receipt(
      DomainKeyParcel parcel, TokenTraits traits, ToLongFunction<Session> transportKey) {
    return new DomainKeyCreation(
        parcel.id(),
        parcel.policy(),
        traits,
        (objects, session) -> {
          long key = transportKey.applyAsLong(session);
          try {
            return objects.receive(session, parcel, traits, key);
          } finally {
            session.destroyObject(key);
          }
        });
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
      DomainKeyCheck.Result result = check.run(session, maker.apply(objects, session));
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
