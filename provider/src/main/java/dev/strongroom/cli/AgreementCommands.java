// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static dev.strongroom.cli.Options.KEY_ID;

import dev.strongroom.kms.KeyAgreementAlgorithm;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.KeyRef;
import java.io.IOException;
import java.util.List;

/** {@code kms derive-shared-secret}. */
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
                    "The other's public key, a DER SubjectPublicKeyInfo on the same curve.")),
            AgreementCommands::deriveSharedSecret));
  }

  private static Answer deriveSharedSecret(Call call) throws IOException {
    KeyRef ref = call.key("--key-id");
    KeyAgreementAlgorithm algorithm =
        call.choice("--key-agreement-algorithm", KeyAgreementAlgorithm.class);
    byte[] publicKey = call.bytes("--public-key");
    byte[] secret = call.kms().deriveSharedSecret(call.caller(), ref, algorithm, publicKey);
    KeyMetadata key = call.kms().describeKey(call.caller(), ref);
    return new Answer()
        .with("KeyId", key.arn().text())
        .with("SharedSecret", secret)
        .with("KeyAgreementAlgorithm", algorithm.name())
        .with("KeyOrigin", key.origin().name());
  }
}
