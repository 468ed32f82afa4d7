// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

/**
 * The full name of a KMS key: {@code arn:aws:kms:<region>:<account>:key/<uuid>}.
 *
 * @param place the region and account that the key belongs to
 */
public record KeyArn(Place place, KeyId keyId) implements KeyRef {

  /**
   * @throws IllegalArgumentException if {@code text} is not the ARN of a key
   */
  public static KeyArn parse(String text) {
    String[] parts = Place.split(text, "key/");
    return new KeyArn(new Place(parts[0], parts[1]), KeyId.parse(parts[2]));
  }

  @Override
  public String text() {
    return place.arnPrefix() + "key/" + keyId.text();
  }

  @Override
  public String toString() {
    return text();
  }
}
