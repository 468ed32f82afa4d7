// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KeyNames;
import dev.strongroom.keystore.KmsSecretKey;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.crypto.envelope.EnvelopeOptions;
import dev.strongroom.kms.crypto.envelope.keyring.Keyring;
import java.security.spec.AlgorithmParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a {@code Cipher} {@code KmsEnvelope} writes, or expects.
 *
 * <p>Encrypting: the encryption context, which everybody can read in the message, the format, and
 * who else can open it. Decrypting: the context that the message must have, all pairs and no
 * others, and keyrings to open it with where the KMS key does not; the rest is not looked at.
 */
public final class EnvelopeSpec implements AlgorithmParameterSpec {
  private final EnvelopeOptions options;
  private final List<KeyRef> moreKeys;
  private final List<Keyring> keyrings;

  private EnvelopeSpec(EnvelopeOptions options, List<KeyRef> moreKeys, List<Keyring> keyrings) {
    this.options = options;
    this.moreKeys = List.copyOf(moreKeys);
    this.keyrings = List.copyOf(keyrings);
  }

  /**
   * Returns a spec for an unsigned message with this encryption context.
   *
   * @throws IllegalArgumentException if the pairs are no encryption context, or a name in them
   *     begins with {@code aws-crypto-}, which the format keeps for itself
   */
  public static EnvelopeSpec of(Map<String, String> context) {
    return new EnvelopeSpec(
        EnvelopeOptions.of(EncryptionContext.of(context)), List.of(), List.of());
  }

  /** Returns this spec for a message that is also signed, with a key pair of its own. */
  public EnvelopeSpec signed() {
    return new EnvelopeSpec(options.signed(), moreKeys, keyrings);
  }

  /**
   * Returns this spec for frames of another length than 64 KiB.
   *
   * @param bytes of plaintext in each frame, 1 to 16 MiB
   */
  public EnvelopeSpec withFrameLength(int bytes) {
    return new EnvelopeSpec(options.withFrameLength(bytes), moreKeys, keyrings);
  }

  /** Returns this spec for a message that this key opens, too; a key of the same KMS. */
  public EnvelopeSpec withRecipient(KmsSecretKey cmk) {
    return withRecipient(cmk.arn());
  }

  /**
   * Returns this spec for a message that this key opens, too.
   *
   * @param cmk an alias, with or without {@code alias/}, a key id or an ARN, of the same KMS
   */
  public EnvelopeSpec withRecipient(String cmk) {
    return withRecipient(KeyNames.parse(cmk));
  }

  private EnvelopeSpec withRecipient(KeyRef key) {
    List<KeyRef> keys = new ArrayList<>(moreKeys);
    keys.add(key);
    return new EnvelopeSpec(options, keys, keyrings);
  }

  /** Returns this spec for a message that a key without a KMS opens, too: a break-glass key. */
  public EnvelopeSpec withRecipient(Keyring keyring) {
    List<Keyring> rings = new ArrayList<>(keyrings);
    rings.add(keyring);
    return new EnvelopeSpec(options, moreKeys, rings);
  }

  EnvelopeOptions options() {
    return options;
  }

  List<KeyRef> moreKeys() {
    return moreKeys;
  }

  List<Keyring> keyrings() {
    return keyrings;
  }
}
