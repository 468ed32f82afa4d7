// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.MultiRegion;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.Place;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.authz.KeyPolicy;
import dev.strongroom.kms.authz.request.KeyFacts;
import dev.strongroom.kms.cloudhsm.CustomKeyStores;
import dev.strongroom.kms.cloudhsm.DomainKeyCluster;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.KeyMaterial;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.key.backing.BackingKeys;
import dev.strongroom.kms.storage.KeyStorage;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** CreateKey: makes keys of every origin. */
final class KeyCreation {

  /** The parameters that say that a key is to be in several regions, and what it is in this one. */
  static final String MULTI_REGION = "multiRegion";

  static final String MULTI_REGION_TYPE = "multiRegionKeyType";

  /** The parameter that says that a key begins disabled. */
  static final String DISABLED = "disabled";

  private final Gate gate;
  private final PolicyChecks checks;
  private final KeyCache keys;
  private final KeyStorage storage;
  private final BackingKeys backingKeys;
  private final CustomKeyStores stores;
  private final DomainKeyCluster cluster;
  private final String region;
  private final boolean importAllowed;
  private final Clock clock;

  KeyCreation(
      Gate gate,
      PolicyChecks checks,
      KeyCache keys,
      KeyStorage storage,
      BackingKeys backingKeys,
      CustomKeyStores stores,
      DomainKeyCluster cluster,
      String region,
      boolean importAllowed,
      Clock clock) {
    this.gate = gate;
    this.checks = checks;
    this.keys = keys;
    this.storage = storage;
    this.backingKeys = backingKeys;
    this.stores = stores;
    this.cluster = cluster;
    this.region = region;
    this.importAllowed = importAllowed;
    this.clock = clock;
  }

  KeyMetadata create(Caller caller, CreateKeyRequest request) {
    if (request.multiRegion()) {
      return createPrimary(caller, request);
    }
    if (request.origin() == KeyOrigin.EXTERNAL) {
      requireSoftware(request);
      requireImportable(request.spec());
      return create(
          caller,
          request,
          KeyOrigin.EXTERNAL,
          ProtectionLevel.SOFTWARE,
          backing -> Optional.empty());
    }
    if (request.origin() == KeyOrigin.AWS_CLOUDHSM) {
      return createInStore(caller, request);
    }
    ProtectionLevel level = request.protectionLevel().orElse(backingKeys.defaultLevel());
    requireNoStore(request, level);
    return create(
        caller,
        request,
        KeyOrigin.AWS_KMS,
        level,
        backing -> Optional.of(backingKeys.create(backing)));
  }

  /** Returns whether policies would let the caller make that key, whatever belongs to it. */
  boolean wouldAdmit(Caller caller, CreateKeyRequest request) {
    return gate.wouldAdmit(
        call(caller.inEarnest(), keyId(request), usage(request), request.origin(), request));
  }

  /** Its material is to leave this KMS, wrapped for that of another region. */
  private KeyMetadata createPrimary(Caller caller, CreateKeyRequest request) {
    ProtectionLevel level = request.protectionLevel().orElse(ProtectionLevel.SOFTWARE);
    if (request.origin() != KeyOrigin.AWS_KMS || level != ProtectionLevel.SOFTWARE) {
      throw new KmsException.UnsupportedOperation(
          "A multi-Region key is made here, at the level SOFTWARE: its material goes to other"
              + " regions. Leave origin and protection level out, or make a key of one region.");
    }
    requireNoStore(request, level);
    requireImportable(request.spec());
    return create(
        caller,
        request,
        KeyOrigin.AWS_KMS,
        ProtectionLevel.SOFTWARE,
        backing -> Optional.of(backingKeys.create(backing)));
  }

  private static void requireImportable(CmkSpec spec) {
    switch (spec.type()) {
      case SYMMETRIC, HMAC, RSA, EC, EDWARDS -> {}
      case MONTGOMERY, ML_DSA, ML_KEM ->
          throw new KmsException.UnsupportedOperation(
              "Keys of spec "
                  + spec
                  + " are made here only. Leave the origin out, or choose a secret, RSA, a curve of"
                  + " NIST, secp256k1 or Ed25519.");
    }
  }

  private static void requireNoStore(CreateKeyRequest request, ProtectionLevel level) {
    if (level == ProtectionLevel.CUSTOM_KEY_STORE || request.customKeyStoreId().isPresent()) {
      throw new KmsException.Validation(
          "A key in a custom key store has the origin AWS_CLOUDHSM: say --origin AWS_CLOUDHSM and"
              + " --custom-key-store-id, or neither.");
    }
  }

  private KeyMetadata createInStore(Caller caller, CreateKeyRequest request) {
    String store =
        request
            .customKeyStoreId()
            .orElseThrow(
                () ->
                    new KmsException.Validation(
                        "A key of the origin AWS_CLOUDHSM lives in a custom key store: say which"
                            + " with --custom-key-store-id."));
    ProtectionLevel level = ProtectionLevel.CUSTOM_KEY_STORE;
    if (request.rotationPeriodInDays().isPresent()) {
      throw new KmsException.UnsupportedOperation(
          "A key in a custom key store does not rotate. Leave the rotation out.");
    }
    if (request.protectionLevel().orElse(level) != level) {
      throw new KmsException.Validation(
          "A key in a custom key store has the protection level CUSTOM_KEY_STORE.");
    }
    return create(
        caller,
        request,
        KeyOrigin.AWS_CLOUDHSM,
        level,
        backing -> {
          stores.requireConnected(caller.accountId(), store);
          return caller.isDryRun()
              ? Optional.empty()
              : Optional.of(backingKeys.createInStore(backing, store));
        });
  }

  /** Takes ownership of {@code material}. */
  KeyMetadata importKey(Caller caller, CreateKeyRequest request, KeyMaterial material) {
    return create(
        caller,
        request,
        KeyOrigin.EXTERNAL,
        ProtectionLevel.SOFTWARE,
        backing -> {
          requireImport(request);
          return Optional.of(backingKeys.adopt(backing, material));
        });
  }

  private void requireImport(CreateKeyRequest request) {
    if (!importAllowed) {
      throw new KmsException.UnsupportedOperation(
          "This KMS takes no keys that were made elsewhere: others may have copies of them. Make a"
              + " key here, or set 'import=allow' in the settings.");
    }
    requireSoftware(request);
    if (request.multiRegion()) {
      throw new KmsException.UnsupportedOperation(
          "A multi-Region key is made here. Import the key as one of this region.");
    }
  }

  private static void requireSoftware(CreateKeyRequest request) {
    if (request.protectionLevel().orElse(ProtectionLevel.SOFTWARE) != ProtectionLevel.SOFTWARE) {
      throw new KmsException.UnsupportedOperation(
          "An imported key has been outside the HSM; its protection level is SOFTWARE.");
    }
  }

  private KeyMetadata create(
      Caller caller,
      CreateKeyRequest request,
      KeyOrigin origin,
      ProtectionLevel level,
      Function<BackingKeys.Request, Optional<Generation>> backing) {
    RequestTags.valid(request.tags());
    KeyUsage usage = usage(request);
    KeyArn arn = new KeyArn(new Place(region, caller.accountId()), keyId(request));
    Call call = call(caller, arn.keyId(), usage, origin, request);
    Supplier<KeyMetadata> work =
        () -> {
          KeyAdministration.requireDescription(request.description());
          cluster.requireCopies();
          request.alias().ifPresent(AliasAdministration::requireFree);
          KeyPolicy policy = policy(caller, arn, usage, origin, request);
          BackingKeys.Request wanted =
              new BackingKeys.Request(arn.keyId(), request.spec(), usage, origin, level);
          Optional<Generation> generation = backing.apply(wanted);
          if (call.isDryRun()) {
            if (origin != KeyOrigin.AWS_CLOUDHSM) { // of which no object was made
              newKey(arn, usage, request, origin, level, policy, generation);
            }
            request.alias().ifPresent(alias -> requireUntaken(caller, alias));
            throw new KmsException.DryRunOperation();
          }
          KmsKey key = newKey(arn, usage, request, origin, level, policy, generation);
          return keys.metadata(saved(key, wanted));
        };
    return gate.runWith(CreationRights.besides(call, arn), call, work);
  }

  private void requireUntaken(Caller caller, Alias alias) {
    if (storage.resolve(caller.accountId(), alias).isPresent()) {
      throw KeyStorage.taken(alias);
    }
  }

  /** A key that is not kept must leave nothing in a token, and one that is kept must stay. */
  private KmsKey saved(KmsKey key, BackingKeys.Request wanted) {
    try {
      return storage.save(List.of(key)).get(0);
    } catch (KmsException e) {
      key.storedObject()
          .filter(object -> storage.findKey(key.keyId()).isEmpty())
          .ifPresent(object -> backingKeys.discard(wanted, object.store()));
      throw e;
    }
  }

  private static KeyId keyId(CreateKeyRequest request) {
    return request.multiRegion() ? KeyId.randomMultiRegion() : KeyId.random();
  }

  private static Call call(
      Caller caller, KeyId id, KeyUsage usage, KeyOrigin origin, CreateKeyRequest request) {
    Map<String, String> parameters = new TreeMap<>(RequestTags.parameters(request.tags()));
    parameters.put("keySpec", request.spec().name());
    parameters.put("keyUsage", usage.name());
    parameters.put("origin", origin.name());
    parameters.put("keyId", id.text());
    request.customKeyStoreId().ifPresent(store -> parameters.put("customKeyStoreId", store));
    if (request.multiRegion()) {
      parameters.put(MULTI_REGION, "true");
      parameters.put(MULTI_REGION_TYPE, MultiRegion.Type.PRIMARY.name());
    }
    request.alias().ifPresent(alias -> parameters.put(Call.ALIAS_NAME, alias.name()));
    request
        .rotationPeriodInDays()
        .ifPresent(days -> parameters.put(EnableKeyRotationRequest.PERIOD, String.valueOf(days)));
    if (!request.enabled()) {
      parameters.put(DISABLED, "true");
    }
    return Call.of(caller, Operation.CREATE_KEY, parameters);
  }

  private static KeyUsage usage(CreateKeyRequest request) {
    if (request.usage().isPresent()) {
      KeyUsage usage = request.usage().get();
      if (!request.spec().allows(usage)) {
        throw new KmsException.Validation(
            "A key of spec "
                + request.spec()
                + " cannot have the usage "
                + usage
                + "; it can have: "
                + request.spec().usages()
                + ".");
      }
      return usage;
    }
    return request
        .spec()
        .defaultUsage()
        .orElseThrow(
            () ->
                new KmsException.Validation(
                    "A key of spec "
                        + request.spec()
                        + " can have several usages: say --key-usage, one of "
                        + request.spec().usages()
                        + "."));
  }

  /** Returns the policy of a new key, which somebody can still change. */
  private KeyPolicy policy(
      Caller caller, KeyArn arn, KeyUsage usage, KeyOrigin origin, CreateKeyRequest request) {
    KeyPolicy policy =
        request
            .policy()
            .map(KeyPolicy::parse)
            .orElseGet(() -> KeyPolicy.defaultFor(caller.accountId()));
    checks.requireNoLockout(
        caller,
        new KeyFacts(
            arn,
            request.spec(),
            usage,
            origin,
            Optional.of(MultiRegion.Type.PRIMARY).filter(type -> request.multiRegion()),
            request.alias().stream().toList(),
            request.tags()),
        policy);
    return policy;
  }

  private KmsKey newKey(
      KeyArn arn,
      KeyUsage usage,
      CreateKeyRequest request,
      KeyOrigin origin,
      ProtectionLevel level,
      KeyPolicy policy,
      Optional<Generation> generation) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    List<KmsKey.NamedAlias> aliases =
        request.alias().map(alias -> new KmsKey.NamedAlias(alias, now, now)).stream().toList();
    KmsKey key =
        new KmsKey(
            arn,
            request.spec(),
            usage,
            request.enabled() ? KeyState.ENABLED : KeyState.DISABLED,
            origin,
            level,
            request.subkeyCache(),
            false,
            request.description(),
            now,
            Optional.empty(),
            Optional.empty(),
            Optional.of(new MultiRegion(region, List.of())).filter(here -> request.multiRegion()),
            generation.stream().toList(),
            policy.text(),
            Optional.empty(),
            aliases,
            request.tags(),
            List.of(),
            0);
    return request
        .rotationPeriodInDays()
        .map(days -> EnableKeyRotationRequest.of(key.arn(), days))
        .map(rotation -> KeyRotations.rotating(key, rotation, now))
        .orElse(key);
  }
}
