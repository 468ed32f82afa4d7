// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.EncryptionAlgorithm;

/** The parameters that several commands share, so that they read the same everywhere. */
final class Options {

  static final Parameter KEY_ID =
      Parameter.required(
          "--key-id",
          "<key>",
          "The KMS key: its id, an alias (alias/payroll), or the ARN of either.");

  static final Parameter KEY_MATERIAL_ID =
      Parameter.optional(
          "--key-material-id",
          "<id>",
          "Of a rotated key: this generation, as list-key-rotations names it.");

  static final Parameter ENCRYPTION_CONTEXT =
      Parameter.optional(
          "--encryption-context",
          "<pairs>",
          "Pairs that are bound to the ciphertext and recorded in clear: tenant=a,file=1, or JSON."
              + " Decrypting needs exactly the same.");

  static final Parameter ENCRYPTION_ALGORITHM = encryptionAlgorithm("--encryption-algorithm");

  static final Parameter CIPHERTEXT_BLOB =
      Parameter.required(
          "--ciphertext-blob",
          "<blob>",
          "What Encrypt or GenerateDataKey gave: fileb://FILE, - for standard input, or base64.");

  static final Parameter MESSAGE =
      Parameter.required(
          "--message",
          "<blob>",
          "Up to 4096 bytes: fileb://FILE, - for standard input, or base64.");

  static final Parameter LIMIT =
      Parameter.optional("--limit", "<n>", "One page of so many items, 1 to 1000.");

  static final Parameter MARKER =
      Parameter.optional("--marker", "<text>", "Where the page before ended: its NextMarker.");

  static final Parameter MAX_ITEMS =
      Parameter.optional("--max-items", "<n>", "So many items at most; all by default.");

  static final Parameter STARTING_TOKEN =
      Parameter.optional(
          "--starting-token", "<text>", "Where --max-items cut the list: its NextToken.");

  static final Parameter GRANT_TOKENS =
      Parameter.list(
          "--grant-tokens",
          "<token>",
          "Tokens of CreateGrant, 10 at most: for grants that were made a moment ago elsewhere.");

  private Options() {}

  static Parameter encryptionAlgorithm(String name) {
    return Parameter.optional(
        name,
        "<algorithm>",
        "SYMMETRIC_DEFAULT, or for RSA keys RSAES_OAEP_SHA_1 or RSAES_OAEP_SHA_256.");
  }

  static EncryptionAlgorithm algorithm(Call call, String option) {
    return call.choiceIfGiven(option, EncryptionAlgorithm.class)
        .orElse(EncryptionAlgorithm.SYMMETRIC_DEFAULT);
  }
}
