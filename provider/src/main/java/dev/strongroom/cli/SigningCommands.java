// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static dev.strongroom.cli.Options.GRANT_TOKENS;
import static dev.strongroom.cli.Options.KEY_ID;
import static dev.strongroom.cli.Options.KEY_MATERIAL_ID;
import static dev.strongroom.cli.Options.MESSAGE;

import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.MacAlgorithm;
import dev.strongroom.kms.MessageType;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.service.JsonWebKeySet;
import dev.strongroom.kms.service.SignRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code kms sign}, {@code verify}, {@code get-key-set}, {@code generate-mac}, {@code verify-mac}.
 */
final class SigningCommands {

  private static final Parameter MESSAGE_TYPE =
      Parameter.optional(
          "--message-type",
          Choices.label(MessageType.class),
          "RAW (default): the KMS hashes the message; DIGEST: it is a hash already; EXTERNAL_MU: it"
              + " is the 64 bytes that ML-DSA makes of message and public key.");
  private static final Parameter SIGNING_ALGORITHM =
      Parameter.required(
          "--signing-algorithm",
          "<algorithm>",
          "One of those that describe-key names: ECDSA_SHA_256, RSASSA_PSS_SHA_256, …");
  private static final Parameter MAC_ALGORITHM =
      Parameter.required(
          "--mac-algorithm",
          "<algorithm>",
          "The one of the key's spec: HMAC_SHA_224, HMAC_SHA_256, HMAC_SHA_384, HMAC_SHA_512.");

  private SigningCommands() {}

  static List<Command> all() {
    return List.of(
        new Command(
            "kms",
            "sign",
            "Signs up to 4096 bytes, or the hash of more.",
            """
            openssl dgst -sha256 -binary release.tar > release.sha256
            strongroom kms sign --key-id alias/release --message fileb://release.sha256 \\
                --message-type DIGEST --signing-algorithm ECDSA_SHA_256 \\
                --query Signature --output text | base64 -d > release.sig\
            """,
            List.of(
                KEY_ID, MESSAGE, MESSAGE_TYPE, SIGNING_ALGORITHM, KEY_MATERIAL_ID, GRANT_TOKENS),
            SigningCommands::sign),
        new Command(
            "kms",
            "verify",
            "Checks a signature; fails with KMSInvalidSignatureException if it does not fit.",
            """
            strongroom kms verify --key-id alias/release --message fileb://release.sha256 \\
                --message-type DIGEST --signing-algorithm ECDSA_SHA_256 \\
                --signature fileb://release.sig\
            """,
            List.of(
                KEY_ID,
                MESSAGE,
                MESSAGE_TYPE,
                SIGNING_ALGORITHM,
                Parameter.required("--signature", "<blob>", "What Sign gave."),
                KEY_MATERIAL_ID,
                GRANT_TOKENS),
            SigningCommands::verify),
        new Command(
            "kms",
            "get-key-set",
            "Shows the public keys of all generations of a key that signs, as a JWKS (RFC 7517).",
            "strongroom kms get-key-set --key-id alias/tokens > jwks.json",
            List.of(
                KEY_ID,
                Parameter.optional(
                    "--signing-algorithm",
                    "<algorithm>",
                    "Which the keys name as their alg; RSA keys name none without."),
                GRANT_TOKENS),
            SigningCommands::keySet),
        new Command(
            "kms",
            "generate-mac",
            "Makes an HMAC of up to 4096 bytes.",
            """
            strongroom kms generate-mac --key-id alias/tokens --message fileb://token.txt \\
                --mac-algorithm HMAC_SHA_256 --query Mac --output text\
            """,
            List.of(KEY_ID, MESSAGE, MAC_ALGORITHM, GRANT_TOKENS),
            SigningCommands::generateMac),
        new Command(
            "kms",
            "verify-mac",
            "Checks an HMAC; fails with KMSInvalidMacException if it does not fit.",
            """
            strongroom kms verify-mac --key-id alias/tokens --message fileb://token.txt \\
                --mac-algorithm HMAC_SHA_256 --mac fileb://token.mac\
            """,
            List.of(
                KEY_ID,
                MESSAGE,
                MAC_ALGORITHM,
                Parameter.required("--mac", "<blob>", "What GenerateMac gave."),
                GRANT_TOKENS),
            SigningCommands::verifyMac));
  }

  private static Answer keySet(Call call) {
    JsonWebKeySet set =
        call.kms()
            .getKeySet(
                call.caller(),
                call.key("--key-id"),
                call.choiceIfGiven("--signing-algorithm", SigningAlgorithm.class));
    List<Answer> keys = new ArrayList<>();
    for (Map<String, Object> members : set.keys()) {
      Answer key = new Answer();
      members.forEach(key::with);
      keys.add(key);
    }
    return new Answer().with("keys", keys);
  }

  private static Answer sign(Call call) throws IOException {
    KeyRef key = call.key("--key-id");
    SignRequest request = request(call);
    byte[] signature = call.kms().sign(call.caller(), key, request);
    return new Answer()
        .with("KeyId", Shapes.arn(call.place(), key))
        .with("Signature", signature)
        .with("SigningAlgorithm", request.algorithm().name());
  }

  private static Answer verify(Call call) throws IOException {
    KeyRef key = call.key("--key-id");
    SignRequest request = request(call);
    byte[] signature = call.bytes("--signature");
    call.kms().verify(call.caller(), key, request, signature);
    return new Answer()
        .with("KeyId", Shapes.arn(call.place(), key))
        .with("SignatureValid", true)
        .with("SigningAlgorithm", request.algorithm().name());
  }

  private static SignRequest request(Call call) throws IOException {
    SigningAlgorithm algorithm = call.choice("--signing-algorithm", SigningAlgorithm.class);
    MessageType type =
        call.choiceIfGiven("--message-type", MessageType.class).orElse(MessageType.RAW);
    byte[] message = call.bytes("--message");
    SignRequest request =
        switch (type) {
          case RAW -> SignRequest.raw(algorithm, message);
          case DIGEST -> SignRequest.digest(algorithm, message);
          case EXTERNAL_MU -> SignRequest.externalMu(algorithm, message);
        };
    return call.arguments()
        .find(KEY_MATERIAL_ID.name())
        .map(request::withKeyMaterialId)
        .orElse(request);
  }

  private static Answer generateMac(Call call) throws IOException {
    KeyRef key = call.key("--key-id");
    MacAlgorithm algorithm = call.choice("--mac-algorithm", MacAlgorithm.class);
    byte[] message = call.bytes("--message");
    byte[] mac = call.kms().generateMac(call.caller(), key, algorithm, message);
    return new Answer()
        .with("Mac", mac)
        .with("MacAlgorithm", algorithm.name())
        .with("KeyId", Shapes.arn(call.place(), key));
  }

  private static Answer verifyMac(Call call) throws IOException {
    KeyRef key = call.key("--key-id");
    MacAlgorithm algorithm = call.choice("--mac-algorithm", MacAlgorithm.class);
    byte[] message = call.bytes("--message");
    byte[] mac = call.bytes("--mac");
    call.kms().verifyMac(call.caller(), key, algorithm, message, mac);
    return new Answer()
        .with("KeyId", Shapes.arn(call.place(), key))
        .with("MacValid", true)
        .with("MacAlgorithm", algorithm.name());
  }
}
