// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.crypto.envelope.EnvelopeLimits;
import dev.strongroom.kms.crypto.envelope.EnvelopeOptions;
import dev.strongroom.kms.crypto.envelope.EnvelopeRandomAccess;
import dev.strongroom.kms.crypto.envelope.EnvelopeReader;
import dev.strongroom.kms.crypto.envelope.EnvelopeStreams;
import dev.strongroom.kms.crypto.envelope.EnvelopeWriter;
import dev.strongroom.kms.crypto.envelope.MessageHeader;
import dev.strongroom.kms.crypto.envelope.frame.FrameWorkers;
import dev.strongroom.kms.crypto.envelope.keyring.EncryptedDataKey;
import dev.strongroom.kms.crypto.envelope.keyring.Keyring;
import dev.strongroom.kms.crypto.envelope.keyring.MessageKeys;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Envelope messages under KMS keys: data of any length, in the AWS Encryption SDK's format 2.
 *
 * <p>A message costs one GenerateDataKey, and one Encrypt for each further KMS key; reading it
 * costs one Decrypt. The copy of the data key has the provider id {@code strongroom}, the key's ARN
 * as provider info and a ciphertext blob. Thread-safe.
 */
public final class Envelopes {

  /** The provider id of our copies of data keys. */
  public static final String PROVIDER_ID = "strongroom";

  /**
   * Who can read a message.
   *
   * @param key the KMS key that makes the data key
   * @param moreKeys further KMS keys; the caller needs kms:Encrypt on them
   * @param keyrings recipients without a KMS: break-glass keys
   */
  public record Recipients(KeyRef key, List<KeyRef> moreKeys, List<Keyring> keyrings) {
    public Recipients {
      moreKeys = List.copyOf(moreKeys);
      keyrings = List.copyOf(keyrings);
    }

    /** Returns one recipient. */
    public static Recipients of(KeyRef key) {
      return new Recipients(key, List.of(), List.of());
    }
  }

  /**
   * What a reader has and expects.
   *
   * @param key only copies of the data key under this KMS key are tried, matched by key id; empty:
   *     those of every KMS key
   * @param context the pairs that the message must have, all and no others; empty optional: any
   * @param keyrings tried after the KMS keys
   */
  public record Expectations(
      Optional<KeyRef> key, Optional<EncryptionContext> context, List<Keyring> keyrings) {
    public Expectations {
      keyrings = List.copyOf(keyrings);
    }

    /** Returns: any KMS key, any context. */
    public static Expectations none() {
      return new Expectations(Optional.empty(), Optional.empty(), List.of());
    }
  }

  private static final String RESERVED = "aws-crypto-";

  private final Kms kms;
  private final FrameWorkers workers;

  /** {@code workers} stay the caller's to close. */
  Envelopes(Kms kms, FrameWorkers workers) {
    this.kms = kms;
    this.workers = workers;
  }

  /** Begins a message, fed piece by piece. The caller closes the writer. */
  public EnvelopeWriter writer(Caller caller, Recipients recipients, EnvelopeOptions options) {
    return EnvelopeWriter.begin(workers, source(caller, recipients), options);
  }

  /** Begins to read a message, fed piece by piece. The caller closes the reader. */
  public EnvelopeReader reader(Caller caller, Expectations expectations) {
    return EnvelopeReader.begin(workers, opener(caller, expectations), EnvelopeLimits.DEFAULT);
  }

  /** Encrypts all that {@code in} has; closes neither stream. */
  public MessageHeader encrypt(
      Caller caller,
      Recipients recipients,
      EnvelopeOptions options,
      InputStream in,
      OutputStream out)
      throws IOException {
    return streams().encrypt(in, out, source(caller, recipients), options);
  }

  /**
   * Decrypts one message, which {@code in} has to end with; closes neither stream. What {@code out}
   * got must not be used if this fails.
   */
  public MessageHeader decrypt(
      Caller caller, Expectations expectations, InputStream in, OutputStream out)
      throws IOException {
    return streams().decrypt(in, out, opener(caller, expectations));
  }

  /**
   * Decrypts one message with the keyrings that are expected alone: for the day when there is no
   * KMS. Nothing is authorized or recorded. Streams as in {@link #decrypt}.
   *
   * @throws IllegalArgumentException if a KMS key is expected, too
   */
  public static MessageHeader decryptWithoutKms(
      Expectations expectations, InputStream in, OutputStream out) throws IOException {
    if (expectations.key().isPresent()) {
      throw new IllegalArgumentException("A KMS key can only be used with its KMS.");
    }
    MessageKeys.Opener keyrings = Keyring.opener(expectations.keyrings());
    try (FrameWorkers workers = FrameWorkers.create()) {
      return new EnvelopeStreams(workers, EnvelopeLimits.DEFAULT)
          .decrypt(
              in,
              out,
              (copies, context) -> {
                requireContext(expectations, context);
                return keyrings.open(copies, context);
              });
    }
  }

  /**
   * Opens a message whose parts are to be read at random; see {@link EnvelopeRandomAccess#open}.
   */
  public EnvelopeRandomAccess randomAccess(
      Caller caller, Expectations expectations, SeekableByteChannel message) throws IOException {
    return EnvelopeRandomAccess.open(message, opener(caller, expectations), EnvelopeLimits.DEFAULT);
  }

  private EnvelopeStreams streams() {
    return new EnvelopeStreams(workers, EnvelopeLimits.DEFAULT);
  }

  private MessageKeys.Source source(Caller caller, Recipients recipients) {
    return context -> {
      GenerateDataKeyResult made =
          kms.generateDataKey(caller, recipients.key(), MessageKeys.DATA_KEY_BYTES, context);
      try {
        List<EncryptedDataKey> copies = new ArrayList<>();
        copies.add(copy(made.key().text(), made.ciphertextBlob()));
        for (KeyRef key : recipients.moreKeys()) {
          EncryptResult encrypted =
              kms.encrypt(
                  caller, key, EncryptionAlgorithm.SYMMETRIC_DEFAULT, made.plaintext(), context);
          copies.add(copy(encrypted.key().text(), encrypted.ciphertextBlob()));
        }
        for (Keyring keyring : recipients.keyrings()) {
          copies.add(keyring.wrap(made.plaintext(), context));
        }
        return MessageKeys.owning(made.plaintext().clone(), copies);
      } finally {
        made.destroy();
      }
    };
  }

  private static EncryptedDataKey copy(String arn, byte[] blob) {
    return EncryptedDataKey.owning(PROVIDER_ID, arn.getBytes(StandardCharsets.UTF_8), blob);
  }

  private MessageKeys.Opener opener(Caller caller, Expectations expectations) {
    Optional<KeyId> only = expectations.key().map(key -> keyId(caller, key));
    return (copies, context) -> {
      requireContext(expectations, context);
      return new DataKeySearch(kms, caller, only, expectations.keyrings()).find(copies, context);
    };
  }

  private KeyId keyId(Caller caller, KeyRef key) {
    return key instanceof KeyId id ? id : kms.describeKey(caller, key).keyId();
  }

  private static void requireContext(Expectations expectations, EncryptionContext context) {
    Optional<EncryptionContext> expected = expectations.context();
    if (expected.isEmpty()) {
      return;
    }
    long ours =
        context.pairs().keySet().stream().filter(name -> !name.startsWith(RESERVED)).count();
    boolean same = context.containsAll(expected.get()) && ours == expected.get().pairs().size();
    if (!same) {
      throw new KmsException.InvalidCiphertext();
    }
  }
}
