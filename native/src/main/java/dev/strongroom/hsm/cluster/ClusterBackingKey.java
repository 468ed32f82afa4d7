// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.cluster;

import dev.strongroom.hsm.BackingKey;
import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.DomainKey;
import dev.strongroom.hsm.HashAlgorithm;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.SignatureScheme;
import org.jspecify.annotations.Nullable;

/** A backing key that is opened at each member that is asked for it. */
final class ClusterBackingKey implements BackingKey {
  private static final int ATTEMPTS = 3;

  private final ClusterDomainKey domain;
  private final BackingKeySpec spec;
  private final byte[] body;
  private final Copies<BackingKey> copies;
  private volatile boolean closed;

  ClusterBackingKey(ClusterDomainKey domain, BackingKeySpec spec, byte[] body) {
    this.domain = domain;
    this.spec = spec;
    this.body = body.clone();
    this.copies = new Copies<>(domain.all().members());
  }

  /** Opens it at one member, which tells an altered body. */
  void open() {
    run((copy, none, nothing) -> copy, this, this);
  }

  @Override
  public BackingKeySpec spec() {
    return spec;
  }

  @Override
  public byte[] hmac(HashAlgorithm hash, byte[] data) {
    return run(BackingKey::hmac, hash, data);
  }

  @Override
  public byte[] sign(SignatureScheme scheme, byte[] input) {
    return run(BackingKey::sign, scheme, input);
  }

  @Override
  public byte[] decryptOaep(HashAlgorithm hash, HashAlgorithm mgfHash, byte[] ciphertext) {
    return hash == mgfHash
        ? run((copy, both, input) -> copy.decryptOaep(both, both, input), hash, ciphertext)
        : run((copy, other, input) -> copy.decryptOaep(hash, other, input), mgfHash, ciphertext);
  }

  @Override
  public byte[] decryptRaw(byte[] ciphertext) {
    return run((copy, input, none) -> copy.decryptRaw(input), ciphertext, this);
  }

  @Override
  public byte[] agree(byte[] point) {
    return run((copy, input, none) -> copy.agree(input), point, this);
  }

  private <A, B, T> T run(Copies.Work<BackingKey, A, B, T> work, A first, B second) {
    T done = around(work, first, second);
    if (done == null) {
      domain.restoreAny();
      done = around(work, first, second);
    }
    if (done == null) {
      throw domain.noneServes();
    }
    return done;
  }

  private <A, B, T> @Nullable T around(Copies.Work<BackingKey, A, B, T> work, A first, B second) {
    int members = copies.members();
    int start = Copies.start(members);
    for (int i = 0; i < members; i++) {
      int member = start + i < members ? start + i : start + i - members;
      DomainKey wrapping = domain.all().get(member);
      if (wrapping == null) {
        continue;
      }
      try {
        return at(member, wrapping, work, first, second);
      } catch (HsmException e) {
        Copies.requireFault(e);
        domain.failed(member, e);
      }
    }
    return null;
  }

  /** Opens the key where it is not, and again where the member has lost it. */
  private <A, B, T> T at(
      int member, DomainKey wrapping, Copies.Work<BackingKey, A, B, T> work, A first, B second) {
    HsmException.Gone gone = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      BackingKey copy = copies.get(member);
      try {
        return work.at(copy == null ? opened(member, wrapping) : copy, first, second);
      } catch (HsmException.Gone e) {
        if (closed) {
          throw e;
        }
        gone = e;
        forget(member, copy);
      }
    }
    throw new HsmException.Unavailable("A member loses its keys again and again.", gone);
  }

  private BackingKey opened(int member, DomainKey wrapping) {
    BackingKey opened = wrapping.unwrap(spec, body);
    if (!copies.offer(member, opened)) {
      opened.close();
      BackingKey other = copies.get(member);
      return other == null ? opened : other; // a closed key says Gone, and is opened anew
    }
    if (closed) {
      forget(member, opened);
    }
    return opened;
  }

  private void forget(int member, @Nullable BackingKey copy) {
    if (copy != null && copies.remove(member, copy)) {
      copy.close();
    }
  }

  @Override
  public void close() {
    closed = true;
    for (int member = 0; member < copies.members(); member++) {
      forget(member, copies.get(member));
    }
  }
}
