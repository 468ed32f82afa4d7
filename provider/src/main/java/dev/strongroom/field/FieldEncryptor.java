// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.field;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.strongroom.keystore.KmsSecretKey;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Encrypts values one by one, such as the fields of a record, under a symmetric CMK and an
 * encryption context, without a KMS call for each: a data key serves many values, within {@link
 * FieldLimits}.
 *
 * <pre>{@code
 * FieldEncryptor customers = FieldEncryptor.of(cmk).within(Map.of("table", "customer"));
 * byte[] stored = customers.encrypt(cardNumber);
 * byte[] cardNumber = customers.decrypt(stored);
 * }</pre>
 *
 * <p>Every message carries its data key, encrypted, and opens wherever the CMK is; it is 181 bytes
 * longer than its value. Decrypting the first message of a data key is a recorded Decrypt, making a
 * data key a recorded GenerateDataKey; what happens between is not on record, and a right that was
 * withdrawn ends after {@link FieldLimits#maxAge()} at the latest. Equal values give different
 * messages: what is encrypted cannot be searched.
 *
 * <p>Whoever may call GenerateDataKey under the CMK and the context can make messages. A message is
 * bound to its context, but not to its place: to keep a value from being moved to another row, bind
 * it to the row's key with {@link #encrypt(byte[], byte[])}.
 *
 * <p>All methods may throw a {@link KmsException}, and an {@link IllegalStateException} after
 * closing. Thread-safe; arrays given are left intact, arrays returned belong to the receiver.
 */
public final class FieldEncryptor implements AutoCloseable {

  /** The longest value, in bytes: larger data is for {@code Cipher} {@code KmsEnvelope}. */
  public static final int MAX_VALUE_BYTES = 1 << 24;

  private static final byte[] NOTHING = {};

  private final FieldKeys keys;
  private final EncryptionContext context;
  private final byte[] contextAad;

  private FieldEncryptor(FieldKeys keys, EncryptionContext context) {
    this.keys = keys;
    this.context = context;
    this.contextAad = FieldMessage.contextAad(context);
  }

  /** Returns an encryptor with the default limits and an empty encryption context. */
  public static FieldEncryptor of(KmsSecretKey cmk) {
    return of(cmk, FieldLimits.DEFAULT);
  }

  /**
   * Returns an encryptor with an empty encryption context.
   *
   * @param cmk of spec SYMMETRIC_DEFAULT; who holds the encryptor acts as the caller of this handle
   * @throws IllegalArgumentException if the key is of another spec
   */
  public static FieldEncryptor of(KmsSecretKey cmk, FieldLimits limits) {
    return of(cmk, limits, System::nanoTime);
  }

  static FieldEncryptor of(KmsSecretKey cmk, FieldLimits limits, LongSupplier nanoTime) {
    if (cmk.metadata().usage() != KeyUsage.ENCRYPT_DECRYPT) {
      throw new IllegalArgumentException(
          "Fields are encrypted under a key of spec SYMMETRIC_DEFAULT, and "
              + cmk.arn()
              + " is of spec "
              + cmk.metadata().spec()
              + ".");
    }
    return new FieldEncryptor(new FieldKeys(cmk, limits, nanoTime), EncryptionContext.EMPTY);
  }

  /**
   * Returns an encryptor for another encryption context, instead of this one's; it shares this
   * one's data keys, and is closed with it.
   *
   * <p>Each context has its data key: name tables, columns or tenants in it, not rows.
   */
  public FieldEncryptor within(Map<String, String> pairs) {
    return new FieldEncryptor(keys, EncryptionContext.of(pairs));
  }

  /**
   * Encrypts.
   *
   * @param value 0 to {@value #MAX_VALUE_BYTES} bytes, and no more than {@link
   *     FieldLimits#maxBytes()}
   * @throws IllegalArgumentException if it is longer
   */
  public byte[] encrypt(byte[] value) {
    return encrypt(value, NOTHING);
  }

  /**
   * Encrypts a value that opens only together with {@code boundTo}, which is not secret and not
   * part of the message: the primary key of its row, for example.
   *
   * @throws IllegalArgumentException if the value is too long
   */
  public byte[] encrypt(byte[] value, byte[] boundTo) {
    long most = Math.min(MAX_VALUE_BYTES, keys.limits().maxBytes());
    if (value.length > most) {
      throw new IllegalArgumentException(
          "A field has "
              + value.length
              + " bytes; it may have "
              + most
              + ". Encrypt it with the Cipher KmsEnvelope.");
    }
    return keys.seal(context, value, new Binding(contextAad, boundTo));
  }

  /**
   * Decrypts what {@link #encrypt(byte[])} returned under the same CMK and context.
   *
   * @throws KmsException.InvalidCiphertext for every cryptographic failure
   */
  public byte[] decrypt(byte[] message) {
    return decrypt(message, NOTHING);
  }

  /**
   * Decrypts what {@link #encrypt(byte[], byte[])} returned under the same CMK and context.
   *
   * @throws KmsException.InvalidCiphertext for every cryptographic failure
   */
  public byte[] decrypt(byte[] message, byte[] boundTo) {
    return keys.open(context, FieldMessage.parse(message), new Binding(contextAad, boundTo));
  }

  /**
   * Encrypts text, and returns a message in Base64: one line of ASCII, with padding.
   *
   * @throws IllegalArgumentException if the text holds half of a surrogate pair, or is too long
   */
  public String encryptText(String text) {
    byte[] value = utf8(text);
    try {
      return Base64.getEncoder().encodeToString(encrypt(value));
    } finally {
      Arrays.fill(value, (byte) 0);
    }
  }

  private static byte[] utf8(String text) {
    ByteBuffer encoded = ByteBuffer.allocate(Math.multiplyExact(3, text.length()));
    try {
      if (UTF_8.newEncoder().encode(CharBuffer.wrap(text), encoded, true).isError()) {
        throw new IllegalArgumentException(
            "The text has half of a surrogate pair, which has no UTF-8 form.");
      }
      return Arrays.copyOf(encoded.array(), encoded.position());
    } finally {
      Arrays.fill(encoded.array(), (byte) 0);
    }
  }

  /**
   * Decrypts what {@link #encryptText} returned.
   *
   * @throws KmsException.InvalidCiphertext for every failure
   */
  public String decryptText(String message) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(message);
    } catch (IllegalArgumentException e) {
      throw new KmsException.InvalidCiphertext();
    }
    byte[] value = decrypt(bytes);
    try {
      return new String(value, UTF_8);
    } finally {
      Arrays.fill(value, (byte) 0);
    }
  }

  /** Wipes the data keys, also those of encryptors that came of this one. */
  @Override
  public void close() {
    keys.close();
  }

  /** Returns how many data keys are in clear. */
  int keysInClear() {
    return keys.size();
  }

  @Override
  public String toString() {
    return "FieldEncryptor[" + context.pairs().keySet() + "]";
  }
}
