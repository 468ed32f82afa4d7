// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.adapter.jpa;

import dev.strongroom.field.FieldEncryptor;
import jakarta.persistence.AttributeConverter;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A text attribute that its column holds encrypted. The column is text, in Base64: 4/3 of the
 * value's UTF-8 length and 244 characters more; null stays null.
 *
 * <pre>{@code
 * @Converter
 * class CardNumberConverter extends EncryptedStringConverter {
 *   CardNumberConverter() {
 *     super("alias/app", Map.of("column", "customer.card_number"));
 *   }
 * }
 *
 * @Convert(converter = CardNumberConverter.class)
 * @Column(length = 600)
 * private String cardNumber;
 * }</pre>
 *
 * <p>Equal values are different in the database, so that queries cannot compare them. A converter
 * does not know its row: a value can be moved to another row of the same column unnoticed. What
 * cannot be decrypted is a {@link dev.strongroom.kms.KmsException}, which JPA wraps. Thread-safe.
 */
public abstract class EncryptedStringConverter implements AttributeConverter<String, String> {
  private final Supplier<FieldEncryptor> fields;

  /**
   * Makes a converter that asks the installed provider for its key at first use.
   *
   * @param keyName an alias, with or without {@code alias/}, a key id or an ARN
   * @param context the encryption context; name the column in it
   */
  protected EncryptedStringConverter(String keyName, Map<String, String> context) {
    this.fields = new LazyFields(keyName, context)::get;
  }

  /** Makes a converter over an encryptor that the application opened, and closes. */
  protected EncryptedStringConverter(FieldEncryptor fields) {
    this.fields = () -> fields;
  }

  @Override
  public final @Nullable String convertToDatabaseColumn(@Nullable String attribute) {
    return attribute == null ? null : fields.get().encryptText(attribute);
  }

  @Override
  public final @Nullable String convertToEntityAttribute(@Nullable String column) {
    return column == null ? null : fields.get().decryptText(column);
  }
}
