// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static dev.strongroom.cli.Options.CIPHERTEXT_BLOB;
import static dev.strongroom.cli.Options.ENCRYPTION_ALGORITHM;
import static dev.strongroom.cli.Options.ENCRYPTION_CONTEXT;
import static dev.strongroom.cli.Options.GRANT_TOKENS;
import static dev.strongroom.cli.Options.KEY_ID;

import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.service.DecryptResult;
import dev.strongroom.kms.service.EncryptResult;
import dev.strongroom.kms.service.Kms;
import dev.strongroom.kms.service.ReEncryptRequest;
import dev.strongroom.kms.service.ReEncryptResult;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code kms …}: encrypting up to 4096 bytes under a KMS key, and random bytes. */
final class EncryptionCommands {

  private EncryptionCommands() {}

  static List<Command> all() {
    return List.of(
        new Command(
            "kms",
            "encrypt",
            "Encrypts up to 4096 bytes under a KMS key.",
            """
            strongroom kms encrypt --key-id alias/payroll --plaintext fileb://secret.txt \\
                --encryption-context tenant=a --query CiphertextBlob --output text \\
                | base64 -d > secret.blob""",
            List.of(
                KEY_ID,
                Parameter.required(
                    "--plaintext",
                    "<blob>",
                    "fileb://FILE, - for standard input, or base64 (which other users of this"
                        + " machine can see)."),
                ENCRYPTION_CONTEXT,
                ENCRYPTION_ALGORITHM,
                GRANT_TOKENS),
            EncryptionCommands::encrypt),
        new Command(
            "kms",
            "decrypt",
            "Decrypts what Encrypt or GenerateDataKey gave.",
            """
            strongroom kms decrypt --ciphertext-blob fileb://secret.blob \\
                --encryption-context tenant=a --query Plaintext --output text | base64 -d""",
            List.of(
                CIPHERTEXT_BLOB,
                Parameter.optional(
                    "--key-id",
                    "<key>",
                    "The key that it must be encrypted under; needed for RSA keys. Without it,"
                        + " compare the KeyId of the answer."),
                ENCRYPTION_CONTEXT,
                ENCRYPTION_ALGORITHM,
                GRANT_TOKENS),
            EncryptionCommands::decrypt),
        new Command(
            "kms",
            "re-encrypt",
            "Decrypts and encrypts under another key; the plaintext stays inside the KMS.",
            """
            strongroom kms re-encrypt --ciphertext-blob fileb://secret.blob \\
                --source-encryption-context tenant=a \\
                --destination-key-id alias/archive --destination-encryption-context tenant=a""",
            List.of(
                CIPHERTEXT_BLOB,
                Parameter.optional(
                    "--source-key-id", "<key>", "The key that it is encrypted under."),
                Parameter.optional(
                    "--source-encryption-context", "<pairs>", "The context of the ciphertext."),
                Options.encryptionAlgorithm("--source-encryption-algorithm"),
                Parameter.required("--destination-key-id", "<key>", "The key to encrypt under."),
                Parameter.optional(
                    "--destination-encryption-context", "<pairs>", "The context from now on."),
                Options.encryptionAlgorithm("--destination-encryption-algorithm"),
                GRANT_TOKENS),
            EncryptionCommands::reEncrypt),
        new Command(
            "kms",
            "generate-random",
            "Gives random bytes from the HSM.",
            "strongroom kms generate-random --number-of-bytes 32 --output text",
            List.of(
                Parameter.required("--number-of-bytes", "<n>", "1 to 1024."),
                Parameter.optional(
                    CustomKeyStoreCommands.ID,
                    "<id>",
                    "The custom key store whose token gives them.")),
            EncryptionCommands::generateRandom));
  }

  private static Answer encrypt(Call call) throws IOException {
    KeyRef key = call.key("--key-id");
    EncryptionAlgorithm algorithm = Options.algorithm(call, "--encryption-algorithm");
    EncryptionContext context = call.context("--encryption-context");
    byte[] plaintext = call.bytes("--plaintext");
    EncryptResult result = call.kms().encrypt(call.caller(), key, algorithm, plaintext, context);
    return new Answer()
        .with("CiphertextBlob", result.ciphertextBlob())
        .with("KeyId", result.key().text())
        .with("EncryptionAlgorithm", result.algorithm().name());
  }

  private static Answer decrypt(Call call) throws IOException {
    Optional<KeyRef> key = call.keyIfGiven("--key-id");
    EncryptionAlgorithm algorithm = Options.algorithm(call, "--encryption-algorithm");
    EncryptionContext context = call.context("--encryption-context");
    byte[] blob = call.bytes("--ciphertext-blob");
    DecryptResult result =
        call.kms().decrypt(call.caller(), key.orElse(null), algorithm, blob, context);
    return new Answer()
        .with("KeyId", result.key().text())
        .with("Plaintext", result.plaintext())
        .with("EncryptionAlgorithm", result.algorithm().name())
        .with("KeyMaterialId", result.keyMaterialId());
  }

  private static Answer reEncrypt(Call call) throws IOException {
    ReEncryptRequest request =
        new ReEncryptRequest(
            call.keyIfGiven("--source-key-id"),
            Options.algorithm(call, "--source-encryption-algorithm"),
            call.context("--source-encryption-context"),
            call.key("--destination-key-id"),
            Options.algorithm(call, "--destination-encryption-algorithm"),
            call.context("--destination-encryption-context"));
    byte[] blob = call.bytes("--ciphertext-blob");
    ReEncryptResult result = call.kms().reEncrypt(call.caller(), blob, request);
    return new Answer()
        .with("CiphertextBlob", result.ciphertextBlob())
        .with("SourceKeyId", result.sourceKey().text())
        .with("KeyId", result.key().text())
        .with("SourceEncryptionAlgorithm", result.sourceAlgorithm().name())
        .with("DestinationEncryptionAlgorithm", result.algorithm().name())
        .with("SourceKeyMaterialId", result.sourceKeyMaterialId())
        .with("DestinationKeyMaterialId", result.keyMaterialId());
  }

  private static Answer generateRandom(Call call) {
    int bytes = call.number("--number-of-bytes", 0, 1, Kms.MAX_RANDOM_BYTES);
    Optional<String> store = call.arguments().find(CustomKeyStoreCommands.ID);
    return new Answer()
        .with(
            "Plaintext",
            store.isEmpty()
                ? call.kms().generateRandom(call.caller(), bytes)
                : call.kms().generateRandom(call.caller(), bytes, store.get()));
  }
}
