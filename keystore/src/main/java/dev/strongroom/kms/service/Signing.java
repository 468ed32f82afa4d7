// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.MacAlgorithm;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.crypto.Digests;
import dev.strongroom.kms.crypto.MlDsa;
import dev.strongroom.kms.crypto.SignatureKeys;
import dev.strongroom.kms.crypto.Verifier;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.key.backing.BackingKeys;
import java.security.MessageDigest;
import java.util.Map;

/**
 * Sign, Verify, GenerateMac and VerifyMac. Of a key that was rotated the newest generation signs,
 * and all of them verify, the newest first.
 */
final class Signing {
  private final Gate gate;
  private final BackingKeys backingKeys;

  Signing(Gate gate, BackingKeys backingKeys) {
    this.gate = gate;
    this.backingKeys = backingKeys;
  }

  byte[] sign(Caller caller, KeyRef ref, SignRequest request) {
    NamedMaterial material = NamedMaterial.of(request.keyMaterialId());
    return gate.run(
        material.in(call(caller, Operation.SIGN, request)),
        ref,
        KeyUsage.SIGN_VERIFY,
        live -> {
          KmsKey key = live.key();
          Generation signing = material.one(key);
          byte[] input = input(key, signing, request);
          if (signing == key.current()) {
            live.countUse(request.message().length);
          }
          return backingKeys.open(key, signing).sign(request.algorithm(), input);
        });
  }

  void verify(Caller caller, KeyRef ref, SignRequest request, byte[] signature) {
    NamedMaterial material = NamedMaterial.of(request.keyMaterialId());
    gate.run(
        material.in(call(caller, Operation.VERIFY, request)),
        ref,
        KeyUsage.SIGN_VERIFY,
        live -> {
          KmsKey key = live.key();
          for (Generation generation : material.all(key)) {
            if (verifies(key, generation, request, signature)) {
              return true;
            }
          }
          throw new KmsException.InvalidSignature();
        });
  }

  private static boolean verifies(
      KmsKey key, Generation generation, SignRequest request, byte[] signature) {
    byte[] input = input(key, generation, request);
    return Verifier.verify(
        key.spec(), generation.publicKey(), request.algorithm(), input, signature);
  }

  private static Call call(Caller caller, Operation operation, SignRequest request) {
    return Call.of(
        caller,
        operation,
        Map.of(
            "signingAlgorithm",
            request.algorithm().name(),
            "messageType",
            request.messageType().name()));
  }

  /** Returns what the key signs: the hash, for Ed25519 the message itself, for ML-DSA its μ. */
  private static byte[] input(KmsKey key, Generation generation, SignRequest request) {
    SigningAlgorithm algorithm = request.algorithm();
    byte[] message = request.message();
    if (!algorithm.fits(key.spec())) {
      throw new KmsException.InvalidKeyUsage(
          "A key of spec "
              + key.spec()
              + " does not sign with "
              + algorithm
              + ". It has: "
              + SigningAlgorithm.namedFor(key.spec())
              + ".");
    }
    return switch (request.messageType()) {
      case DIGEST -> requireDigest(algorithm, message);
      case EXTERNAL_MU -> requireMu(algorithm, message);
      case RAW -> {
        requireLength(message);
        yield SignatureKeys.input(algorithm, generation.publicKey(), message);
      }
    };
  }

  private static byte[] requireMu(SigningAlgorithm algorithm, byte[] mu) {
    if (algorithm != SigningAlgorithm.ML_DSA_SHAKE_256) {
      throw new KmsException.Validation(
          "EXTERNAL_MU is for ML_DSA_SHAKE_256. With "
              + algorithm
              + " use --message-type RAW or DIGEST.");
    }
    if (mu.length != MlDsa.MU_BYTES) {
      throw new KmsException.Validation(
          "The message has " + mu.length + " bytes; as EXTERNAL_MU it must have 64.");
    }
    return mu;
  }

  private static byte[] requireDigest(SigningAlgorithm algorithm, byte[] digest) {
    if (algorithm.hash().isEmpty()) {
      throw new KmsException.Validation(
          algorithm + " signs messages, not their hashes. Use --message-type RAW.");
    }
    int expected = Digests.length(algorithm.hash());
    if (digest.length != expected) {
      throw new KmsException.Validation(
          "The digest has "
              + digest.length
              + " bytes; "
              + algorithm
              + " needs the "
              + expected
              + " of "
              + algorithm.hash()
              + ".");
    }
    return digest;
  }

  private static void requireLength(byte[] message) {
    if (message.length > Kms.MAX_MESSAGE_BYTES) {
      throw new KmsException.Validation(
          "The message has "
              + message.length
              + " bytes; at most 4096 are taken. Hash it and use --message-type DIGEST.");
    }
  }

  byte[] generateMac(Caller caller, KeyRef ref, MacAlgorithm algorithm, byte[] message) {
    return gate.run(
        macCall(caller, Operation.GENERATE_MAC, algorithm),
        ref,
        KeyUsage.GENERATE_VERIFY_MAC,
        live -> {
          requireFit(live.key(), algorithm, message);
          live.countUse(message.length);
          return mac(live.key(), live.key().current(), message);
        });
  }

  void verifyMac(
      Caller caller, KeyRef ref, MacAlgorithm algorithm, byte[] message, byte[] claimed) {
    gate.run(
        macCall(caller, Operation.VERIFY_MAC, algorithm),
        ref,
        KeyUsage.GENERATE_VERIFY_MAC,
        live -> {
          requireFit(live.key(), algorithm, message);
          for (Generation generation : live.key().newestFirst()) {
            if (MessageDigest.isEqual(mac(live.key(), generation, message), claimed)) {
              return true;
            }
          }
          throw new KmsException.InvalidMac();
        });
  }

  private static Call macCall(Caller caller, Operation operation, MacAlgorithm algorithm) {
    return Call.of(caller, operation, Map.of("macAlgorithm", algorithm.name()));
  }

  private static void requireFit(KmsKey key, MacAlgorithm algorithm, byte[] message) {
    if (!algorithm.fits(key.spec())) {
      throw new KmsException.InvalidKeyUsage(
          "A key of spec "
              + key.spec()
              + " has the algorithm "
              + MacAlgorithm.of(key.spec())
              + ", not "
              + algorithm
              + ".");
    }
    requireLength(message);
  }

  private byte[] mac(KmsKey key, Generation generation, byte[] message) {
    return backingKeys.open(key, generation).hmac("SHA-" + key.spec().bits(), message);
  }
}
