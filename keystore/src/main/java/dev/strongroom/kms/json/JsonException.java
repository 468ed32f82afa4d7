// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.json;

import java.util.Objects;

/** A text is not the JSON that was asked for; the message begins with the line and column. */
public final class JsonException extends Exception {
  private static final long serialVersionUID = 1;

  JsonException(JsonPosition at, String message) {
    super(at.sentenceStart() + ": " + message);
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
