// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static dev.strongroom.cli.Options.GRANT_TOKENS;
import static dev.strongroom.cli.Options.KEY_ID;

import dev.strongroom.kms.KeyAgreementAlgorithm;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyRef;
import java.io.IOException;
import java.util.List;

/** {@code kms derive-shared-secret}, {@code decapsulate}. */
final class AgreementCommands {

  private AgreementCommands() {}

  static List<Command> all() {
    return List.of(
        new Command(
            "kms",
            "derive-shared-secret",
            "Derives the secret that a key shares with the owner of another key.",
            """
            strongroom kms derive-shared-secret --key-id alias/exchange \\
                --key-agreement-algorithm ECDH --public-key fileb://partner.der\
            """,
            List.of(
                KEY_ID,
                Parameter.required(
                    "--key-agreement-algorithm",
                    Choices.label(KeyAgreementAlgorithm.class),
                    "The one of the key's spec: ECDH, or X25519 for such a key (not in AWS)."),
                Parameter.required(
                    "--public-key",
                    "<blob>",
                    "The other's public key, a DER SubjectPublicKeyInfo on the same curve."),
                GRANT_TOKENS),
            AgreementCommands::deriveSharedSecret),
        new Command(
            "kms",
            "decapsulate",
            "Opens a secret that was encapsulated with the public key (not in AWS).",
            """
            strongroom kms decapsulate --key-id alias/inbox --ciphertext-blob fileb://secret.kem \\
                --query SharedSecret --output text\
            """,
            List.of(
                KEY_ID,
                Parameter.required(
                    "--ciphertext-blob",
                    "<blob>",
                    "What was encapsulated: 768 bytes for ML_KEM_512, 1088 for ML_KEM_768, 1568 for"
                        + " ML_KEM_1024."),
                GRANT_TOKENS),
            AgreementCommands::decapsulate));
  }

  private static Answer decapsulate(Call call) throws IOException {
    KeyRef key = call.key("--key-id");
    byte[] encapsulation = call.bytes("--ciphertext-blob");
    byte[] secret = call.kms().decapsulate(call.caller(), key, encapsulation);
    return new Answer().with("KeyId", Shapes.arn(call.place(), key)).with("SharedSecret", secret);
  }

  private static Answer deriveSharedSecret(Call call) throws IOException {
    KeyRef ref = call.key("--key-id");
    KeyAgreementAlgorithm algorithm =
        call.choice("--key-agreement-algorithm", KeyAgreementAlgorithm.class);
    byte[] publicKey = call.bytes("--public-key");
    byte[] secret = call.kms().deriveSharedSecret(call.caller(), ref, algorithm, publicKey);
    return new Answer()
        .with("KeyId", Shapes.arn(call.place(), ref))
        .with("SharedSecret", secret)
        .with("KeyAgreementAlgorithm", algorithm.name())
        .with("KeyOrigin", KeyOrigin.AWS_KMS.name());
  }
}
