// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static dev.strongroom.cli.Options.KEY_ID;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.ExpirationModel;
import dev.strongroom.kms.ImportType;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.WrappingAlgorithm;
import dev.strongroom.kms.service.DeleteImportedKeyMaterialRequest;
import dev.strongroom.kms.service.GetParametersForImportResult;
import dev.strongroom.kms.service.ImportKeyMaterialRequest;
import dev.strongroom.kms.service.ImportedMaterialResult;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code kms …}: key material that was made elsewhere. */
final class ImportCommands {
  private static final String VALID_TO = "--valid-to";
  private static final String MODEL = "--expiration-model";
  private static final String UNDO = "--undo-window-in-days";
  private static final Parameter MATERIAL_ID =
      Parameter.optional(
          "--key-material-id", "<id>", "Which material, by its id; that which is current.");

  private ImportCommands() {}

  static List<Command> all() {
    return List.of(
        new Command(
            "kms",
            "get-parameters-for-import",
            "Makes a public key for 24 hours, to wrap the material of a key of origin EXTERNAL.",
            """
            strongroom kms get-parameters-for-import --key-id alias/byok \\
                --wrapping-algorithm RSA_AES_KEY_WRAP_SHA_256 --wrapping-key-spec RSA_3072\
            """,
            List.of(
                KEY_ID,
                Parameter.required(
                    "--wrapping-algorithm",
                    "<algorithm>",
                    "RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256, RSA_AES_KEY_WRAP_SHA_1 or"
                        + " RSA_AES_KEY_WRAP_SHA_256; RSA keys are too long for OAEP alone."),
                Parameter.required(
                    "--wrapping-key-spec",
                    "RSA_2048|RSA_3072|RSA_4096",
                    "The length of the public key.")),
            ImportCommands::parameters),
        new Command(
            "kms",
            "import-key-material",
            "Brings wrapped key material: the first, the same again, or new for a rotation.",
            """
            strongroom kms import-key-material --key-id alias/byok --import-token fileb://token \\
                --encrypted-key-material fileb://wrapped \\
                --expiration-model KEY_MATERIAL_DOES_NOT_EXPIRE\
            """,
            List.of(
                KEY_ID,
                Parameter.required(
                    "--import-token", "<blob>", "As get-parameters-for-import gave it."),
                Parameter.required(
                    "--encrypted-key-material",
                    "<blob>",
                    "The wrapped secret, or private key in PKCS#8."),
                Parameter.optional(
                    MODEL,
                    Choices.label(ExpirationModel.class),
                    "KEY_MATERIAL_EXPIRES, which needs --valid-to, unless said otherwise."),
                Parameter.optional(
                    VALID_TO, "<time>", "Until when it is usable: 365 days at most."),
                Parameter.optional(
                    "--import-type",
                    Choices.label(ImportType.class),
                    "NEW_KEY_MATERIAL for a key that had none, else EXISTING_KEY_MATERIAL."),
                Parameter.optional("--key-material-description", "<text>", "Up to 256 characters."),
                Parameter.optional(
                    MATERIAL_ID.name(), "<id>", "Takes only the material of that id.")),
            ImportCommands::bring),
        new Command(
            "kms",
            "delete-imported-key-material",
            "Destroys imported material, which can be imported again; the key waits for it.",
            "strongroom kms delete-imported-key-material --key-id alias/byok --undo-window-in-days 7",
            List.of(
                KEY_ID,
                MATERIAL_ID,
                Parameter.optional(
                    UNDO,
                    "<n>",
                    "How long it can be restored, unusable: 1 to 30 (not in AWS); 0, at once.")),
            ImportCommands::delete),
        new Command(
            "kms",
            "restore-imported-key-material",
            "Makes deleted material usable again within its undo window (not in AWS).",
            "strongroom kms restore-imported-key-material --key-id alias/byok",
            List.of(KEY_ID, MATERIAL_ID),
            ImportCommands::restore));
  }

  private static Answer parameters(Call call) {
    KeyRef key = call.key(KEY_ID.name());
    WrappingAlgorithm algorithm = call.choice("--wrapping-algorithm", WrappingAlgorithm.class);
    CmkSpec spec = call.choice("--wrapping-key-spec", CmkSpec.class);
    GetParametersForImportResult result =
        call.kms().getParametersForImport(call.caller(), key, algorithm, spec);
    return new Answer()
        .with("KeyId", result.key().text())
        .with("ImportToken", result.importToken())
        .with("PublicKey", result.publicKey())
        .with("ParametersValidTo", result.validTo());
  }

  private static Answer bring(Call call) throws IOException {
    ImportKeyMaterialRequest request =
        ImportKeyMaterialRequest.of(
            call.key(KEY_ID.name()),
            call.bytes("--import-token"),
            call.bytes("--encrypted-key-material"));
    Optional<Instant> end = end(call);
    if (end.isPresent()) {
      request = request.expiring(end.get());
    }
    Optional<ImportType> type = call.choiceIfGiven("--import-type", ImportType.class);
    if (type.isPresent()) {
      request = request.withType(type.get());
    }
    Optional<String> id = call.arguments().find(MATERIAL_ID.name());
    if (id.isPresent()) {
      request = request.withKeyMaterialId(id.get());
    }
    request = request.withDescription(call.textIfGiven("--key-material-description").orElse(""));
    return answer(call.kms().importKeyMaterial(call.caller(), request));
  }

  /** AWS's default expires, so that nobody forgets to say when. */
  private static Optional<Instant> end(Call call) {
    Optional<Instant> end = Times.parse(call, VALID_TO);
    ExpirationModel model =
        call.choiceIfGiven(MODEL, ExpirationModel.class)
            .orElse(ExpirationModel.KEY_MATERIAL_EXPIRES);
    if (end.isPresent() != (model == ExpirationModel.KEY_MATERIAL_EXPIRES)) {
      throw new UsageError(
          "say --valid-to, until when the material is usable, or --expiration-model"
              + " KEY_MATERIAL_DOES_NOT_EXPIRE"
              + (end.isPresent() ? ", not both." : "."));
    }
    return end;
  }

  private static Answer delete(Call call) {
    int days = call.number(UNDO, 0, 0, 30);
    DeleteImportedKeyMaterialRequest request =
        new DeleteImportedKeyMaterialRequest(
            call.key(KEY_ID.name()), call.arguments().find(MATERIAL_ID.name()), days);
    return answer(call.kms().deleteImportedKeyMaterial(call.caller(), request));
  }

  private static Answer restore(Call call) {
    KeyRef key = call.key(KEY_ID.name());
    return answer(
        call.kms()
            .restoreImportedKeyMaterial(
                call.caller(), key, call.arguments().find(MATERIAL_ID.name())));
  }

  private static Answer answer(ImportedMaterialResult result) {
    return new Answer()
        .with("KeyId", result.arn().text())
        .withIfPresent(
            "KeyMaterialId", Optional.of(result.keyMaterialId()).filter(id -> !id.isEmpty()))
        .withIfPresent("DestructionDate", result.destructionDate());
  }
}
