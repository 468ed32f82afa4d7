// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

/**
 * The full name of an alias: {@code arn:aws:kms:<region>:<account>:alias/<name>}.
 *
 * @param place the region and account that the alias belongs to
 */
public record AliasArn(Place place, Alias alias) implements KeyRef {

  /**
   * @throws IllegalArgumentException if {@code text} is not the ARN of an alias
   */
  public static AliasArn parse(String text) {
    String[] parts = Place.split(text, Alias.PREFIX);
    return new AliasArn(new Place(parts[0], parts[1]), new Alias(Alias.PREFIX + parts[2]));
  }

  @Override
  public String text() {
    return place.arnPrefix() + alias.name();
  }

  @Override
  public String toString() {
    return text();
  }
}
