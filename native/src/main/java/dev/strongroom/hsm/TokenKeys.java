// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm;

import java.util.Optional;

/**
 * Keys that live in a token for good, and nowhere else: secrets of {@link
 * BackingKeySpec#SECRET_256}, sensitive and not extractable, found by an id that the caller gives
 * them. The token needs neither key wrap nor a domain key.
 *
 * <p>Thread-safe, as {@link Hsm}. Arrays given are left intact, arrays returned belong to the
 * caller.
 */
public interface TokenKeys extends AutoCloseable {

  /** Returns what this token is and what it can do; answered without a call into the device. */
  HsmInfo info();

  /**
   * Makes a key in the token, tests it and returns it. A fault in the middle leaves nothing behind.
   *
   * @param id 1 to 32 bytes (CKA_ID)
   * @param label for people who look into the token
   * @throws HsmException.AlreadyExists if there is an object of that id
   * @throws HsmException.Full if the token has no room for it
   * @throws HsmException.Untrustworthy if the token made it with other attributes than were asked
   *     for
   */
  BackingKey create(byte[] id, String label);

  /**
   * Returns the key of that id; closing it leaves it in the token. After a loss of the token it
   * says {@link HsmException.Gone} and has to be found again: what is in the slot then may be
   * another token.
   *
   * @throws HsmException.Untrustworthy if there are two, or its attributes are not those that
   *     {@link #create} gives it
   */
  Optional<BackingKey> find(byte[] id);

  /** Destroys the objects of that id; returns whether there was one. */
  boolean destroy(byte[] id);

  /**
   * Returns random bytes from the token's own generator.
   *
   * @param length 1 to 65,536
   */
  byte[] random(int length);

  /** Ends all sessions; every {@link BackingKey} from here becomes unusable. */
  @Override
  void close();
}
