// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.DryRunModifier;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KeyType;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.request.ConditionKey;
import dev.strongroom.kms.crypto.CiphertextBlob;
import dev.strongroom.kms.crypto.RsaOaep;
import dev.strongroom.kms.crypto.RsaPkcs1;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.OpenKey;
import dev.strongroom.kms.key.backing.BackingKeys;
import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Encrypt, Decrypt and ReEncrypt. */
final class Encryption {
  private static final Map<EncryptionAlgorithm, Map<String, String>> PARAMETERS =
      new EnumMap<>(EncryptionAlgorithm.class);

  static {
    for (EncryptionAlgorithm algorithm : EncryptionAlgorithm.values()) {
      PARAMETERS.put(algorithm, Map.of("encryptionAlgorithm", algorithm.name()));
    }
  }

  private final Gate gate;
  private final NamedKeys names;
  private final BackingKeys backingKeys;
  private final SecureRandom random;

  Encryption(Gate gate, NamedKeys names, BackingKeys backingKeys, SecureRandom random) {
    this.gate = gate;
    this.names = names;
    this.backingKeys = backingKeys;
    this.random = random;
  }

  EncryptResult encrypt(
      Caller caller,
      KeyRef ref,
      EncryptionAlgorithm algorithm,
      byte[] plaintext,
      EncryptionContext context) {
    Call call = call(caller, Operation.ENCRYPT, algorithm, context);
    return gate.run(
        call,
        ref,
        KeyUsage.ENCRYPT_DECRYPT,
        key -> {
          requireLength(plaintext);
          requireFit(key, algorithm, context);
          return new EncryptResult(
              key.key().arn(),
              algorithm,
              key.current().materialId(),
              seal(key, algorithm, plaintext, context));
        });
  }

  DecryptResult decrypt(
      Caller caller,
      @Nullable KeyRef ref,
      EncryptionAlgorithm algorithm,
      byte[] ciphertext,
      EncryptionContext context) {
    Call call = call(caller, Operation.DECRYPT, algorithm, context);
    KeyRef named = named(call, ref, algorithm, ciphertext);
    return gate.run(
        onCiphertext(call, ref == null, algorithm, ciphertext),
        named,
        KeyUsage.ENCRYPT_DECRYPT,
        key -> {
          if (ignoresCiphertext(caller)) {
            requireOpenable(key, algorithm, context);
            throw new KmsException.DryRunOperation();
          }
          return open(key, algorithm, ciphertext, context);
        });
  }

  /** Returns the key to ask the gate for: the caller's, or the one that the blob names. */
  private KeyRef named(
      Call call, @Nullable KeyRef ref, EncryptionAlgorithm algorithm, byte[] ciphertext) {
    if (ignoresCiphertext(call.caller())) {
      return requireNamed(ref);
    }
    if (algorithm != EncryptionAlgorithm.SYMMETRIC_DEFAULT) {
      if (ref == null) {
        throw new KmsException.Validation(
            "Decrypting with " + algorithm + " needs the key: name it, RSA ciphertexts do not.");
      }
      return ref;
    }
    KeyId inBlob;
    try {
      inBlob = CiphertextBlob.parse(ciphertext).keyId();
    } catch (KmsException.InvalidCiphertext e) {
      throw gate.refused(call, e);
    }
    if (ref == null) {
      return inBlob;
    }
    // The caller's key is authorized first: what a blob says is told only to who may use that key.
    return ref;
  }

  private static boolean ignoresCiphertext(Caller caller) {
    return caller.isDryRun(DryRunModifier.IGNORE_CIPHERTEXT);
  }

  private static KeyRef requireNamed(@Nullable KeyRef ref) {
    if (ref == null) {
      throw new KmsException.Validation(
          "A dry run that ignores the ciphertext needs the key: name it.");
    }
    return ref;
  }

  /** RSA ciphertexts name nothing. */
  private static Call onCiphertext(
      Call call, boolean namesKey, EncryptionAlgorithm algorithm, byte[] ciphertext) {
    return algorithm == EncryptionAlgorithm.SYMMETRIC_DEFAULT && !ignoresCiphertext(call.caller())
        ? call.onCiphertext(CiphertextBlob.parse(ciphertext).materialPrefix(), namesKey)
        : call;
  }

  ReEncryptResult reEncrypt(Caller caller, byte[] ciphertext, ReEncryptRequest request) {
    Map<String, String> parameters =
        Map.of(
            "sourceEncryptionAlgorithm",
            request.sourceAlgorithm().name(),
            "destinationEncryptionAlgorithm",
            request.destinationAlgorithm().name(),
            "destinationKeyId",
            request.destinationKey().text());
    Call asked = new Call(caller, Operation.RE_ENCRYPT_FROM, request.sourceContext(), parameters);
    Call wished =
        new Call(caller, Operation.RE_ENCRYPT_TO, request.destinationContext(), parameters);
    KeyRef sourceRef =
        named(asked, request.sourceKey().orElse(null), request.sourceAlgorithm(), ciphertext);
    gate.requireLive(asked);
    Call from = gate.presentingFor(asked, sourceRef, true);
    Call to = gate.presentingFor(wished, sourceRef, false);
    String same = String.valueOf(names.isSameKey(asked, sourceRef, request.destinationKey()));
    Gate.Admission source =
        gate.admit(
            onCiphertext(from, request.sourceKey().isEmpty(), request.sourceAlgorithm(), ciphertext)
                .with(ConditionKey.RE_ENCRYPT_ON_SAME_KEY, same),
            sourceRef,
            KeyUsage.ENCRYPT_DECRYPT);
    Gate.Admission destination =
        gate.admit(
            to.with(ConditionKey.RE_ENCRYPT_ON_SAME_KEY, same),
            request.destinationKey(),
            KeyUsage.ENCRYPT_DECRYPT);
    gate.record(source);
    try {
      gate.record(destination);
    } catch (KmsException e) {
      gate.failed(source, e); // as when a grant's uses are used up
      throw e;
    }
    return gate.work(
        destination,
        () ->
            gate.work(
                source,
                () ->
                    reEncrypt(
                        source.key(),
                        destination.key(),
                        ciphertext,
                        request,
                        ignoresCiphertext(caller))));
  }

  private ReEncryptResult reEncrypt(
      LiveKey source,
      LiveKey destination,
      byte[] ciphertext,
      ReEncryptRequest request,
      boolean ignoreCiphertext) {
    requireFit(destination, request.destinationAlgorithm(), request.destinationContext());
    if (ignoreCiphertext) {
      requireOpenable(source, request.sourceAlgorithm(), request.sourceContext());
      throw new KmsException.DryRunOperation();
    }
    DecryptResult opened =
        open(source, request.sourceAlgorithm(), ciphertext, request.sourceContext());
    try {
      byte[] blob =
          seal(
              destination,
              request.destinationAlgorithm(),
              opened.plaintext(),
              request.destinationContext());
      return new ReEncryptResult(
          source.key().arn(),
          request.sourceAlgorithm(),
          opened.keyMaterialId(),
          new EncryptResult(
              destination.key().arn(),
              request.destinationAlgorithm(),
              destination.current().materialId(),
              blob));
    } finally {
      opened.destroy();
    }
  }

  private byte[] seal(
      LiveKey key, EncryptionAlgorithm algorithm, byte[] plaintext, EncryptionContext context) {
    if (algorithm == EncryptionAlgorithm.SYMMETRIC_DEFAULT) {
      return seal(key, plaintext, context);
    }
    key.countUse(plaintext.length);
    if (!algorithm.isOaep()) {
      throw new KmsException.InvalidKeyUsage(
          algorithm + " decrypts only. Encrypt with RSAES_OAEP_SHA_256.");
    }
    return RsaOaep.encrypt(
        key.key().spec(), key.current().generation().publicKey(), algorithm, plaintext, random);
  }

  /** Returns the blob of a plaintext under a symmetric key's current generation. */
  static byte[] seal(LiveKey key, byte[] plaintext, EncryptionContext context) {
    key.countUse(plaintext.length);
    BlobKeys blobs = key.current().blobs();
    return key.key().subkeyCache()
        ? blobs.sealer().seal(plaintext, context)
        : blobs.sealer().sealOnce(plaintext, context);
  }

  private DecryptResult open(
      LiveKey key, EncryptionAlgorithm algorithm, byte[] ciphertext, EncryptionContext context) {
    requireOpenable(key, algorithm, context);
    if (algorithm != EncryptionAlgorithm.SYMMETRIC_DEFAULT) {
      return openRsa(key, algorithm, ciphertext);
    }
    CiphertextBlob blob = CiphertextBlob.parse(ciphertext);
    if (!blob.keyId().equals(key.key().keyId())) {
      throw new KmsException.IncorrectKey(
          "The ciphertext was not made with "
              + key.key().arn()
              + ". Name the key that it was made with, or none.");
    }
    LiveKey.GenerationKeys generation = key.generation(blob.materialPrefix());
    byte[] plaintext =
        key.key().subkeyCache()
            ? generation.blobs().opener().open(blob, context)
            : generation.blobs().opener().openOnce(blob, context);
    return new DecryptResult(key.key().arn(), algorithm, generation.materialId(), plaintext);
  }

  private static void requireOpenable(
      LiveKey key, EncryptionAlgorithm algorithm, EncryptionContext context) {
    requireFit(key, algorithm, context);
    requirePkcs1Allowed(key, algorithm);
  }

  private static void requirePkcs1Allowed(LiveKey key, EncryptionAlgorithm algorithm) {
    if (algorithm == EncryptionAlgorithm.RSAES_PKCS1_V1_5 && !key.key().pkcs1Decryption()) {
      throw new KmsException.InvalidKeyUsage(
          key.key().arn()
              + " does not decrypt RSAES-PKCS1-v1_5, a padding that invites attacks. Use OAEP; where"
              + " others cannot, an administrator allows it for the key with 'kms"
              + " update-pkcs1-decryption --key-id "
              + key.key().keyId()
              + " --allow'.");
    }
  }

  /**
   * A ciphertext names no generation: the newest is tried first. Which of them failed, and how, is
   * not told. Padding of PKCS #1 v1.5 that does not fit is no failure, so that nothing but the
   * current generation can be tried; such keys do not rotate.
   */
  private DecryptResult openRsa(LiveKey key, EncryptionAlgorithm algorithm, byte[] ciphertext) {
    if (!algorithm.isOaep()) {
      OpenKey opened = backingKeys.open(key.key(), key.key().current());
      byte[] plaintext = RsaPkcs1.decrypt(opened, key.key().spec(), ciphertext);
      return new DecryptResult(key.key().arn(), algorithm, key.current().materialId(), plaintext);
    }
    KmsException.InvalidCiphertext refused = new KmsException.InvalidCiphertext();
    for (Generation generation : key.key().newestFirst()) {
      try {
        byte[] plaintext = backingKeys.open(key.key(), generation).decrypt(algorithm, ciphertext);
        return new DecryptResult(
            key.key().arn(), algorithm, generation.materialId().text(), plaintext);
      } catch (KmsException.InvalidCiphertext e) {
        refused = e;
      }
    }
    throw refused;
  }

  private static void requireLength(byte[] plaintext) {
    if (plaintext.length == 0 || plaintext.length > Kms.MAX_MESSAGE_BYTES) {
      throw new KmsException.Validation(
          "The plaintext has "
              + plaintext.length
              + " bytes; Encrypt takes 1 to 4096. Use encrypt-file, or a data key, for more.");
    }
  }

  private static void requireFit(
      LiveKey key, EncryptionAlgorithm algorithm, EncryptionContext context) {
    if (!algorithm.fits(key.key().spec())) {
      throw new KmsException.InvalidKeyUsage(
          "A key of spec "
              + key.key().spec()
              + " has no "
              + algorithm
              + ". It has: "
              + EncryptionAlgorithm.namedFor(key.key().spec())
              + ".");
    }
    if (key.key().spec().type() != KeyType.SYMMETRIC && !context.isEmpty()) {
      throw new KmsException.Validation(
          "RSA has no encryption context. Leave it out, or use a key of spec SYMMETRIC_DEFAULT.");
    }
  }

  private static Call call(
      Caller caller,
      Operation operation,
      EncryptionAlgorithm algorithm,
      EncryptionContext context) {
    Map<String, String> parameters = PARAMETERS.getOrDefault(algorithm, Map.of());
    return new Call(caller, operation, context, parameters);
  }
}
