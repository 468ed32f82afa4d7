// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static dev.strongroom.cli.Options.ENCRYPTION_CONTEXT;
import static dev.strongroom.cli.Options.GRANT_TOKENS;
import static dev.strongroom.cli.Options.KEY_ID;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.service.EncryptResult;
import dev.strongroom.kms.service.GenerateDataKeyPairResult;
import dev.strongroom.kms.service.GenerateDataKeyResult;
import dev.strongroom.kms.service.Kms;
import java.io.IOException;
import java.util.List;

/** {@code kms generate-data-key…}: keys for data outside, with a copy that only the KMS opens. */
final class DataKeyCommands {

  private static final Parameter KEY_SPEC =
      Parameter.optional("--key-spec", "AES_256|AES_128", "The length, or --number-of-bytes.");
  private static final Parameter NUMBER_OF_BYTES =
      Parameter.optional("--number-of-bytes", "<n>", "The length, 1 to 1024, or --key-spec.");
  private static final Parameter KEY_PAIR_SPEC =
      Parameter.required(
          "--key-pair-spec",
          "<spec>",
          "RSA_2048, RSA_3072, RSA_4096, ECC_NIST_P256, ECC_NIST_P384, ECC_NIST_P521,"
              + " ECC_SECG_P256K1 or ECC_NIST_EDWARDS25519.");

  /** AWS's names for the two usual lengths. */
  private enum DataKeyLength {
    AES_256(32),
    AES_128(16);

    private final int bytes;

    DataKeyLength(int bytes) {
      this.bytes = bytes;
    }
  }

  private DataKeyCommands() {}

  static List<Command> all() {
    List<Parameter> symmetric =
        List.of(KEY_ID, KEY_SPEC, NUMBER_OF_BYTES, ENCRYPTION_CONTEXT, GRANT_TOKENS);
    List<Parameter> pair = List.of(KEY_ID, KEY_PAIR_SPEC, ENCRYPTION_CONTEXT, GRANT_TOKENS);
    return List.of(
        new Command(
            "kms",
            "generate-data-key",
            "Makes a data key: in clear for use now, and encrypted for keeping beside the data.",
            """
            strongroom kms generate-data-key --key-id alias/payroll --key-spec AES_256 \\
                --encryption-context tenant=a""",
            symmetric,
            DataKeyCommands::generateDataKey),
        new Command(
            "kms",
            "generate-data-key-without-plaintext",
            "Makes a data key and gives only the encrypted copy, for somebody else to decrypt.",
            """
            strongroom kms generate-data-key-without-plaintext --key-id alias/payroll \\
                --key-spec AES_256 --encryption-context tenant=a""",
            symmetric,
            DataKeyCommands::generateDataKeyWithoutPlaintext),
        new Command(
            "kms",
            "generate-data-key-pair",
            "Makes a key pair for use outside; its private key comes in clear and encrypted.",
            """
            strongroom kms generate-data-key-pair --key-id alias/payroll \\
                --key-pair-spec ECC_NIST_P256""",
            pair,
            DataKeyCommands::generateDataKeyPair),
        new Command(
            "kms",
            "generate-data-key-pair-without-plaintext",
            "Makes a key pair and gives its private key only encrypted.",
            """
            strongroom kms generate-data-key-pair-without-plaintext --key-id alias/payroll \\
                --key-pair-spec ECC_NIST_P256""",
            pair,
            DataKeyCommands::generateDataKeyPairWithoutPlaintext));
  }

  private static Answer generateDataKey(Call call) throws IOException {
    KeyRef key = call.key("--key-id");
    int bytes = length(call);
    EncryptionContext context = call.context("--encryption-context");
    GenerateDataKeyResult result = call.kms().generateDataKey(call.caller(), key, bytes, context);
    return new Answer()
        .with("CiphertextBlob", result.ciphertextBlob())
        .with("Plaintext", result.plaintext())
        .with("KeyId", result.key().text())
        .with("KeyMaterialId", result.keyMaterialId());
  }

  private static Answer generateDataKeyWithoutPlaintext(Call call) throws IOException {
    KeyRef key = call.key("--key-id");
    int bytes = length(call);
    EncryptionContext context = call.context("--encryption-context");
    EncryptResult result =
        call.kms().generateDataKeyWithoutPlaintext(call.caller(), key, bytes, context);
    return new Answer()
        .with("CiphertextBlob", result.ciphertextBlob())
        .with("KeyId", result.key().text())
        .with("KeyMaterialId", result.keyMaterialId());
  }

  private static int length(Call call) {
    boolean hasSpec = call.arguments().has("--key-spec");
    if (hasSpec == call.arguments().has("--number-of-bytes")) {
      throw new UsageError(
          "give either --key-spec AES_256 (or AES_128) or --number-of-bytes 1 to 1024"
              + (hasSpec ? ", not both." : "."));
    }
    return hasSpec
        ? call.choice("--key-spec", DataKeyLength.class).bytes
        : call.number("--number-of-bytes", 0, 1, Kms.MAX_RANDOM_BYTES);
  }

  private static Answer generateDataKeyPair(Call call) throws IOException {
    KeyRef key = call.key("--key-id");
    CmkSpec spec = call.choice("--key-pair-spec", CmkSpec.class);
    EncryptionContext context = call.context("--encryption-context");
    GenerateDataKeyPairResult result =
        call.kms().generateDataKeyPair(call.caller(), key, spec, context);
    return new Answer()
        .with("PrivateKeyCiphertextBlob", result.privateKeyCiphertextBlob())
        .with("PrivateKeyPlaintext", result.privateKey())
        .with("PublicKey", result.publicKey())
        .with("KeyId", result.key().text())
        .with("KeyPairSpec", result.pairSpec().name())
        .with("KeyMaterialId", result.keyMaterialId());
  }

  private static Answer generateDataKeyPairWithoutPlaintext(Call call) throws IOException {
    KeyRef key = call.key("--key-id");
    CmkSpec spec = call.choice("--key-pair-spec", CmkSpec.class);
    EncryptionContext context = call.context("--encryption-context");
    GenerateDataKeyPairResult result =
        call.kms().generateDataKeyPairWithoutPlaintext(call.caller(), key, spec, context);
    return new Answer()
        .with("PrivateKeyCiphertextBlob", result.privateKeyCiphertextBlob())
        .with("PublicKey", result.publicKey())
        .with("KeyId", result.key().text())
        .with("KeyPairSpec", result.pairSpec().name())
        .with("KeyMaterialId", result.keyMaterialId());
  }
}
