// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.ExpirationModel;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KeyType;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.WrappingAlgorithm;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.ImportedMaterial;
import dev.strongroom.kms.key.KeyMaterial;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.key.backing.BackingKeys;
import dev.strongroom.kms.life.MaterialSweep;
import dev.strongroom.kms.life.PassedTime;
import dev.strongroom.kms.material.WrappingKeys;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * GetParametersForImport, ImportKeyMaterial, DeleteImportedKeyMaterial and
 * RestoreImportedKeyMaterial. What has expired or can no longer be restored is destroyed by {@link
 * MaterialSweep}.
 */
final class KeyImports {

  /** The parameters that policies can ask about. */
  static final String EXPIRATION_MODEL = "expirationModel";

  static final String VALID_TO = "validTo";
  static final String WRAPPING_ALGORITHM = "wrappingAlgorithm";
  static final String WRAPPING_KEY_SPEC = "wrappingKeySpec";
  static final String KEY_MATERIAL_ID = "keyMaterialId";

  private static final Duration LONGEST_VALIDITY = Duration.ofDays(365);
  private static final int MAX_DESCRIPTION = 256;
  private static final int MAX_WRAPPED_BYTES = 6144;

  private final Gate gate;
  private final KeyAdministration keys;
  private final BackingKeys backingKeys;
  private final WrappingKeys wrappingKeys;
  private final MaterialSweep sweep;
  private final PassedTime time;
  private final Clock clock;

  KeyImports(
      Gate gate,
      KeyAdministration keys,
      BackingKeys backingKeys,
      WrappingKeys wrappingKeys,
      MaterialSweep sweep,
      PassedTime time,
      Clock clock) {
    this.gate = gate;
    this.keys = keys;
    this.backingKeys = backingKeys;
    this.wrappingKeys = wrappingKeys;
    this.sweep = sweep;
    this.time = time;
    this.clock = clock;
  }

  GetParametersForImportResult parameters(
      Caller caller, KeyRef ref, WrappingAlgorithm algorithm, CmkSpec wrappingSpec) {
    if (wrappingSpec.type() != KeyType.RSA) {
      throw new KmsException.Validation(
          "A wrapping key has the spec RSA_2048, RSA_3072 or RSA_4096, and not "
              + wrappingSpec
              + ".");
    }
    Map<String, String> parameters =
        Map.of(WRAPPING_ALGORITHM, algorithm.name(), WRAPPING_KEY_SPEC, wrappingSpec.name());
    return gate.run(
        Call.of(caller, Operation.GET_PARAMETERS_FOR_IMPORT, parameters),
        ref,
        null,
        live -> {
          requireImportable(live.key());
          WrappingKeys.Issued issued =
              wrappingKeys.issue(
                  new WrappingKeys.Purpose(
                      live.key().keyId(), caller.accountId(), algorithm, wrappingSpec));
          return new GetParametersForImportResult(
              live.key().arn(), issued.publicKey(), issued.token(), issued.validTo());
        });
  }

  private static void requireImportable(KmsKey key) {
    if (key.origin() != KeyOrigin.EXTERNAL) {
      throw new KmsException.UnsupportedOperation(
          key.arn()
              + " origin is "
              + key.origin()
              + " which is not valid for this operation: its material was made here. Make a key for"
              + " material of yours with 'kms create-key --origin EXTERNAL'.");
    }
  }

  ImportedMaterialResult bring(Caller caller, ImportKeyMaterialRequest request) {
    requireSound(request);
    return keys.change(
            Call.of(caller, Operation.IMPORT_KEY_MATERIAL, parameters(request)),
            request.key(),
            live -> new Brought(live.key(), unwrapped(caller, live.key(), request)),
            (key, brought) -> ImportRules.merged(key, brought.generation(), request))
        .result();
  }

  /** What somebody brings to a key. */
  private record Brought(KmsKey key, Generation generation) {
    ImportedMaterialResult result() {
      return new ImportedMaterialResult(
          key.arn(), generation.materialId().text(), Optional.empty());
    }
  }

  private void requireSound(ImportKeyMaterialRequest request) {
    if (request.description().length() > MAX_DESCRIPTION) {
      throw new KmsException.Validation(
          "The description of key material has "
              + request.description().length()
              + " characters; at most 256 are allowed.");
    }
    if (request.encryptedKeyMaterial().length > MAX_WRAPPED_BYTES) {
      throw new KmsException.Validation(
          "The encrypted key material has "
              + request.encryptedKeyMaterial().length
              + " bytes; at most 6144 are allowed.");
    }
    Instant now = clock.instant();
    Optional<Instant> end = request.validTo();
    if (end.isPresent()
        && (!end.get().isAfter(now) || end.get().isAfter(now.plus(LONGEST_VALIDITY)))) {
      throw new KmsException.Validation(
          "Key material expires within 365 days from now, and not on " + end.get() + ".");
    }
  }

  private static Map<String, String> parameters(ImportKeyMaterialRequest request) {
    Map<String, String> parameters = new TreeMap<>();
    parameters.put(
        EXPIRATION_MODEL,
        (request.validTo().isPresent()
                ? ExpirationModel.KEY_MATERIAL_EXPIRES
                : ExpirationModel.KEY_MATERIAL_DOES_NOT_EXPIRE)
            .name());
    request.validTo().ifPresent(end -> parameters.put(VALID_TO, end.toString()));
    request.type().ifPresent(type -> parameters.put("importType", type.name()));
    request.keyMaterialId().ifPresent(id -> parameters.put(KEY_MATERIAL_ID, id));
    if (!request.description().isEmpty()) {
      parameters.put("keyMaterialDescription", request.description());
    }
    return parameters;
  }

  private Generation unwrapped(Caller caller, KmsKey key, ImportKeyMaterialRequest request) {
    requireImportable(key);
    if (request.validTo().isPresent() && !caller.isDryRun()) {
      time.begin(); // before that nobody may have looked how time passes
    }
    try (KeyMaterial material =
        wrappingKeys.unwrap(
            key.keyId(),
            caller.accountId(),
            request.importToken(),
            request.encryptedKeyMaterial())) {
      BackingKeys.Request wanted =
          new BackingKeys.Request(
              key.keyId(), key.spec(), key.usage(), key.origin(), ProtectionLevel.SOFTWARE);
      Generation adopted = backingKeys.adopt(wanted, material);
      return adopted.with(
          new ImportedMaterial(
              ImportedMaterial.Presence.IMPORTED,
              false,
              request.validTo().map(end -> end.truncatedTo(ChronoUnit.MILLIS)),
              Optional.empty(),
              request.description()));
    }
  }

  ImportedMaterialResult delete(Caller caller, DeleteImportedKeyMaterialRequest request) {
    return keys.change(
        Call.of(caller, Operation.DELETE_IMPORTED_KEY_MATERIAL, request.parameters()),
        request.key(),
        live -> deletion(caller, live.key(), request),
        ImportRules::withoutMaterial,
        deleted -> {
          if (deleted.destructionDate().isEmpty()) {
            sweep.scrubSoon();
          }
        });
  }

  private ImportedMaterialResult deletion(
      Caller caller, KmsKey key, DeleteImportedKeyMaterialRequest request) {
    requireImportable(key);
    Optional<Generation> target = ImportRules.target(key, request.keyMaterialId());
    return new ImportedMaterialResult(
        key.arn(),
        target.map(generation -> generation.materialId().text()).orElse(""),
        Optional.of(request.undoWindowInDays())
            .filter(days -> days > 0 && target.isPresent())
            .map(days -> end(caller, days)));
  }

  /**
   * Counts from the later of clock and time that passed: a clock that is behind shortens nothing.
   */
  private Instant end(Caller caller, int days) {
    Instant now = clock.instant();
    Instant begun = caller.isDryRun() ? now : time.begin();
    Instant from = begun.isAfter(now) ? begun : now;
    return from.plus(Duration.ofDays(days)).truncatedTo(ChronoUnit.MILLIS);
  }

  ImportedMaterialResult restore(Caller caller, KeyRef ref, Optional<String> keyMaterialId) {
    Map<String, String> parameters =
        keyMaterialId.map(id -> Map.of(KEY_MATERIAL_ID, id)).orElse(Map.of());
    return keys.change(
        Call.of(caller, Operation.RESTORE_IMPORTED_KEY_MATERIAL, parameters),
        ref,
        live -> {
          requireImportable(live.key());
          Generation target =
              ImportRules.target(live.key(), keyMaterialId).orElseThrow(live.key()::neverImported);
          return new ImportedMaterialResult(
              live.key().arn(), target.materialId().text(), Optional.empty());
        },
        (key, result) -> ImportRules.restored(key, result.keyMaterialId(), clock.instant()));
  }
}
