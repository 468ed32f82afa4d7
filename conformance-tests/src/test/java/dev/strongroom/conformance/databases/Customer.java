// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.databases;

import dev.strongroom.adapter.jpa.EncryptedBytesConverter;
import dev.strongroom.adapter.jpa.EncryptedStringConverter;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Converter;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An entity with two encrypted attributes. */
@Entity
class Customer {
  @Id long id;

  @Convert(converter = CardNumberConverter.class)
  @Column(length = 600)
  @Nullable String cardNumber;

  @Convert(converter = PhotoConverter.class)
  @Column(length = 1000)
  byte @Nullable [] photo;

  /** Encrypts card numbers. */
  @Converter
  static class CardNumberConverter extends EncryptedStringConverter {
    CardNumberConverter() {
      super("alias/app", Map.of("column", "customer.card_number"));
    }
  }

  /** Encrypts photos. */
  @Converter
  static class PhotoConverter extends EncryptedBytesConverter {
    PhotoConverter() {
      super("alias/app", Map.of("column", "customer.photo"));
    }
  }
}
