// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.adapter.jpa;

import dev.strongroom.field.FieldEncryptor;
import jakarta.persistence.AttributeConverter;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A binary attribute that its column holds encrypted. The column is binary, 181 bytes longer than
 * the value; null stays null.
 *
 * <pre>{@code
 * @Converter
 * class CardNumberConverter extends EncryptedBytesConverter {
 *   CardNumberConverter() {
 *     super("alias/app", Map.of("column", "customer.card_number"));
 *   }
 * }
 *
 * @Convert(converter = CardNumberConverter.class)
 * @Column(length = 1000)
 * private byte[] cardNumber;
 * }</pre>
 *
 * <p>Equal values are different in the database, so that queries cannot compare them. A converter
 * does not know its row: a value can be moved to another row of the same column unnoticed. What
 * cannot be decrypted is a {@link dev.strongroom.kms.KmsException}, which JPA wraps. Thread-safe.
 */
public abstract class EncryptedBytesConverter implements AttributeConverter<byte[], byte[]> {
  private final Supplier<FieldEncryptor> fields;

  /**
   * Makes a converter that asks the installed provider for its key at first use.
   *
   * @param keyName an alias, with or without {@code alias/}, a key id or an ARN
   * @param context the encryption context; name the column in it
   */
  protected EncryptedBytesConverter(String keyName, Map<String, String> context) {
    this.fields = new LazyFields(keyName, context)::get;
  }

  /** Makes a converter over an encryptor that the application opened, and closes. */
  protected EncryptedBytesConverter(FieldEncryptor fields) {
    this.fields = () -> fields;
  }

  @Override
  public final byte @Nullable [] convertToDatabaseColumn(byte @Nullable [] attribute) {
    return attribute == null ? null : fields.get().encrypt(attribute);
  }

  @Override
  public final byte @Nullable [] convertToEntityAttribute(byte @Nullable [] column) {
    return column == null ? null : fields.get().decrypt(column);
  }
}
