// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.custody;

import dev.strongroom.hsm.DomainKey;
import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.transport.DomainKeyCarrier;
import dev.strongroom.hsm.transport.DomainKeyReceiver;
import dev.strongroom.hsm.transport.DomainKeyShipment;
import dev.strongroom.hsm.transport.TransportKeys;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Sha256;
import dev.strongroom.kms.key.Derivation;
import dev.strongroom.kms.key.Derivation.Label;
import dev.strongroom.kms.key.HsmErrors;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Gives a domain key to N custodians, of whom M bring it back into an HSM.
 *
 * <p>The secret that is parted is {@code wrapping key 32 | MAC key 32}. The domain key leaves its
 * HSM under a transport key that this JVM receives, wraps under the wrapping key and forgets; it
 * never has the domain key itself. What was altered is named before anything is done: each share is
 * held against the package, and the package against its MAC. Thread-safe.
 */
public final class Custody {
  private static final int KEY_BYTES = 32;
  private static final int MOST_CUSTODIANS = 32;

  private final DomainKeyCarrier hsm;
  private final SecureRandom random;

  public Custody(DomainKeyCarrier hsm, SecureRandom random) {
    this.hsm = hsm;
    this.random = random;
  }

  /** What there is to hand out: the package, and a sealed share for each custodian in turn. */
  public record Handout(CustodyPackage custodyPackage, List<KeyShare> shares) {
    public Handout {
      shares = List.copyOf(shares);
    }
  }

  /**
   * Takes a domain key out for custodians; it stays in the HSM.
   *
   * @param ids its versions
   * @param custodians RSA keys of 2048 bits or more, none twice
   * @param threshold how many shares bring it back, 2 or more
   * @throws KmsException.UnsupportedOperation if the HSM does not let it out
   */
  public Handout export(List<DomainKeyId> ids, List<PublicKey> custodians, int threshold) {
    requireCustodians(custodians, threshold);
    UUID set = new UUID(random.nextLong(), random.nextLong());
    byte[] secret = new byte[2 * KEY_BYTES];
    random.nextBytes(secret);
    byte[][] parts = Shamir.split(secret, custodians.size(), threshold, random);
    try {
      List<byte[]> commitments = new ArrayList<>();
      List<KeyShare> shares = new ArrayList<>();
      for (int i = 0; i < parts.length; i++) {
        commitments.add(commitment(set, i + 1, parts[i]));
        shares.add(KeyShare.seal(set, i + 1, threshold, parts[i], custodians.get(i)));
      }
      List<CustodyPackage.Version> versions = versions(ids, secret);
      byte[] body = new CustodyPackage(set, threshold, commitments, versions, new byte[0]).body();
      return new Handout(
          new CustodyPackage(set, threshold, commitments, versions, mac(secret, body)), shares);
    } finally {
      Arrays.fill(secret, (byte) 0);
      Arrays.stream(parts).forEach(part -> Arrays.fill(part, (byte) 0));
    }
  }

  private static void requireCustodians(List<PublicKey> custodians, int threshold) {
    custodians.forEach(KeyShare::requireCustodian);
    if (threshold < 2 || threshold > custodians.size() || custodians.size() > MOST_CUSTODIANS) {
      throw new KmsException.Validation(
          "Of 2 to "
              + MOST_CUSTODIANS
              + " custodians at least 2 bring the domain key back: not "
              + threshold
              + " of "
              + custodians.size()
              + ".");
    }
    if (Set.copyOf(custodians).size() < custodians.size()) {
      throw new KmsException.Validation(
          "Two custodians have the same key. Each has a key of their own, which nobody else has.");
    }
  }

  private List<CustodyPackage.Version> versions(List<DomainKeyId> ids, byte[] secret) {
    KeyPair receiver = TransportKeys.newReceiver();
    List<CustodyPackage.Version> versions = new ArrayList<>();
    try {
      for (DomainKeyId id : ids) {
        DomainKeyShipment shipment = hsm.export(id, List.of(receiver.getPublic().getEncoded()));
        byte[] transportKey = TransportKeys.unwrap(receiver.getPrivate(), shipment.transportKey(0));
        try {
          versions.add(
              new CustodyPackage.Version(
                  shipment.parcel(), wrap(Cipher.ENCRYPT_MODE, secret, transportKey)));
        } finally {
          Arrays.fill(transportKey, (byte) 0);
        }
      }
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    }
    return versions;
  }

  /**
   * Brings the versions of a domain key into the HSM that it lacks; all of them, or none.
   *
   * @param shares opened ones; left open
   * @param isRight is asked of each that arrived
   * @return the versions that were brought; empty if all were there
   * @throws KmsException.Validation naming the share that was altered, is of another set or there
   *     twice, and if there are too few
   */
  public List<DomainKeyId> restore(
      CustodyPackage custodyPackage, List<KeyShare> shares, Predicate<DomainKey> isRight) {
    byte[] secret = secret(custodyPackage, shares);
    List<DomainKeyReceiver> receivers = new ArrayList<>();
    boolean done = false;
    try {
      requireGenuine(custodyPackage, secret);
      List<DomainKeyId> brought = new ArrayList<>();
      for (CustodyPackage.Version version : custodyPackage.versions()) {
        DomainKeyId id = version.parcel().id();
        List<DomainKeyReceiver> lacking = hsm.openReceivers(id);
        receivers.addAll(lacking);
        bring(version, secret, lacking, isRight);
        if (!lacking.isEmpty()) {
          brought.add(id);
        }
      }
      done = true;
      return brought;
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    } finally {
      Arrays.fill(secret, (byte) 0);
      if (!done) {
        receivers.forEach(DomainKeyReceiver::discard);
      }
      receivers.forEach(DomainKeyReceiver::close);
    }
  }

  private static byte[] secret(CustodyPackage custodyPackage, List<KeyShare> shares) {
    Set<Integer> indices = new TreeSet<>();
    for (KeyShare share : shares) {
      require(
          share.set().equals(custodyPackage.set()),
          "The "
              + share
              + " does not belong to this package, which is set "
              + custodyPackage.set());
      require(!share.isSealed(), "The " + share + " is sealed; 'cloudhsm open-share' opens it");
      require(indices.add(share.index()), "The " + share + " is there twice");
      boolean isWhole =
          share.index() <= custodyPackage.shares()
              && MessageDigest.isEqual(
                  commitment(share.set(), share.index(), share.bytes()),
                  custodyPackage.commitment(share.index()));
      require(isWhole, "The " + share + " was altered, or the package was");
    }
    require(
        shares.size() >= custodyPackage.threshold(),
        "Too few custodians: "
            + shares.size()
            + " shares of the "
            + custodyPackage.threshold()
            + " that it takes");
    List<KeyShare> enough = shares.subList(0, custodyPackage.threshold());
    return Shamir.combine(
        enough.stream().mapToInt(KeyShare::index).toArray(),
        enough.stream().map(KeyShare::bytes).toList());
  }

  private static void require(boolean holds, String wrong) {
    if (!holds) {
      throw new KmsException.Validation(wrong + ". Nothing was done.");
    }
  }

  private static void requireGenuine(CustodyPackage custodyPackage, byte[] secret) {
    require(
        MessageDigest.isEqual(mac(secret, custodyPackage.body()), custodyPackage.mac()),
        "The package was altered; take another copy of it");
  }

  private static void bring(
      CustodyPackage.Version version,
      byte[] secret,
      List<DomainKeyReceiver> receivers,
      Predicate<DomainKey> isRight) {
    byte[] transportKey = wrap(Cipher.DECRYPT_MODE, secret, version.transportKey());
    try {
      for (DomainKeyReceiver receiver : receivers) {
        byte[] wrapped = TransportKeys.wrap(receiver.publicKey(), transportKey);
        if (!isRight.test(receiver.receive(version.parcel(), wrapped))) {
          throw HsmException.OtherKey.of(version.parcel().id());
        }
      }
    } finally {
      Arrays.fill(transportKey, (byte) 0);
    }
  }

  private static byte[] commitment(UUID set, int index, byte[] share) {
    return Sha256.of(
        ByteBuffer.allocate(17 + share.length)
            .putLong(set.getMostSignificantBits())
            .putLong(set.getLeastSignificantBits())
            .put((byte) index)
            .put(share)
            .array());
  }

  private static byte[] mac(byte[] secret, byte[] body) {
    byte[] key = Arrays.copyOfRange(secret, KEY_BYTES, 2 * KEY_BYTES);
    try {
      return Derivation.derive(data -> hmac(key, data), Label.CUSTODY, Sha256.of(body));
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private static byte[] hmac(byte[] key, byte[] data) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256", "SunJCE");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(data);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("SunJCE has HmacSHA256", e);
    }
  }

  private static byte[] wrap(int mode, byte[] secret, byte[] input) {
    try {
      Cipher cipher = Cipher.getInstance("AES/KWP/NoPadding", "SunJCE");
      cipher.init(mode, new SecretKeySpec(secret, 0, KEY_BYTES, "AES"));
      return cipher.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new KmsException.Validation("The package was altered; take another copy of it.");
    }
  }
}
