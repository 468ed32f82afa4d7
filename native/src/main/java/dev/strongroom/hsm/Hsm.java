// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm;

import java.util.Optional;
import java.util.function.Predicate;

/**
 * A hardware security module, or what stands in for one, as far as a key-management system needs
 * it.
 *
 * <p>Thread-safe: any number of threads may call at once; an implementation that has fewer sessions
 * than callers makes the callers wait, up to a deadline.
 */
public interface Hsm extends AutoCloseable {

  /** Returns what this HSM is and what it can do; answered without a call into the device. */
  HsmInfo info();

  /**
   * Makes the three objects of one version of a domain key, tests them and returns them.
   *
   * <p>A fault in the middle leaves no object behind; a kill may leave some of the three. An
   * incomplete set of that name, which nothing can ever have been wrapped under, is replaced.
   *
   * @throws HsmException.AlreadyExists if all objects of that name exist
   * @throws HsmException.Unsupported if this HSM cannot keep what {@code policy} promises
   */
  DomainKey createDomainKey(DomainKeyId id, WrapPolicy policy);

  /**
   * Returns the domain key version named, or empty if none of its three objects exists.
   *
   * @throws HsmException.Untrustworthy if the objects exist but their attributes are not those that
   *     {@link #createDomainKey} gives them, or if one of the three is missing or there twice
   */
  Optional<DomainKey> findDomainKey(DomainKeyId id);

  /**
   * Returns the domain key version named, if it is the right one. Where several tokens have it,
   * each of them is asked, and asked again when it was away, before it gets calls.
   *
   * @param isRight tells whether a token's is the one that is meant; throws HsmException only
   * @throws HsmException.OtherKey if there is one and it is another
   */
  default Optional<DomainKey> findDomainKey(DomainKeyId id, Predicate<DomainKey> isRight) {
    Optional<DomainKey> found = findDomainKey(id);
    if (found.isPresent() && !isRight.test(found.get())) {
      throw HsmException.OtherKey.of(id);
    }
    return found;
  }

  /** Destroys all objects of the version named; does nothing where there are none. */
  void destroyDomainKey(DomainKeyId id);

  /**
   * Returns {@code length} random bytes from the HSM's own generator; the caller owns the array.
   *
   * @param length 1 to 65,536
   */
  byte[] random(int length);

  /** Ends all sessions; every {@link BackingKey} opened through this HSM becomes unusable. */
  @Override
  void close();
}
