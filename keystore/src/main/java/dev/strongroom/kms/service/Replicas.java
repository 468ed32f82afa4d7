// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.MultiRegion;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.Place;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.WrappingAlgorithm;
import dev.strongroom.kms.authz.KeyPolicy;
import dev.strongroom.kms.authz.request.KeyFacts;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.KeyMaterial;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.key.backing.BackingKeys;
import dev.strongroom.kms.material.WrappingKeys;
import dev.strongroom.kms.storage.KeyStorage;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The side of a region that gets replicas of keys of another one. */
final class Replicas {
  private final Gate gate;
  private final KeyAdministration keys;
  private final KeyCache cache;
  private final PolicyChecks checks;
  private final KeyStorage storage;
  private final BackingKeys backingKeys;
  private final WrappingKeys wrappingKeys;
  private final String region;
  private final Clock clock;

  Replicas(
      Gate gate,
      KeyAdministration keys,
      KeyCache cache,
      PolicyChecks checks,
      KeyStorage storage,
      BackingKeys backingKeys,
      WrappingKeys wrappingKeys,
      String region,
      Clock clock) {
    this.gate = gate;
    this.keys = keys;
    this.cache = cache;
    this.checks = checks;
    this.storage = storage;
    this.backingKeys = backingKeys;
    this.wrappingKeys = wrappingKeys;
    this.region = region;
    this.clock = clock;
  }

  /** Returns a key under which the material of a key is to be wrapped on its way here. */
  WrappingKeys.Issued offer(Caller caller, KeyId key) {
    return wrappingKeys.issue(
        new WrappingKeys.Purpose(
            key, caller.accountId(), WrappingAlgorithm.RSA_AES_KEY_WRAP_SHA_256, CmkSpec.RSA_3072));
  }

  /** Returns whether the key is here, whatever state it is in. */
  boolean has(KeyId key) {
    return storage.findKey(key).isPresent();
  }

  /**
   * Makes a replica; one that is here gets the material that it lacks.
   *
   * @throws KmsException.AlreadyExists if a key of that id is no replica of that key
   */
  KeyMetadata accept(Caller caller, ReplicaShipment shipment, ReplicateKeyRequest request) {
    Optional<KmsKey> known = storage.findKey(shipment.primary().keyId());
    return known.isPresent()
        ? bringUpToDate(caller, known.get(), shipment)
        : make(caller, shipment, request);
  }

  private KeyMetadata bringUpToDate(Caller caller, KmsKey known, ReplicaShipment shipment) {
    requireReplica(known, shipment.primary());
    keys.change(
        Call.of(caller, Operation.SYNCHRONIZE_MULTI_REGION_KEY),
        known.keyId(),
        live -> arrived(caller, live.key(), shipment),
        KmsKey::withGenerations);
    return cache.metadata(storage.findKey(known.keyId()).orElse(known));
  }

  private static void requireReplica(KmsKey known, KmsKey primary) {
    String from = primary.arn().place().region();
    boolean isReplica =
        known.multiRegion().filter(here -> here.primaryRegion().equals(from)).isPresent()
            && known.arn().place().account().equals(primary.arn().place().account())
            && known
                .generations()
                .get(0)
                .materialId()
                .equals(primary.generations().get(0).materialId());
    if (!isReplica) {
      throw new KmsException.AlreadyExists(
          known.arn() + " is there already, and is no replica of " + primary.arn() + ".");
    }
  }

  /** Returns all generations, of which those that are here stay as they are. */
  private List<Generation> arrived(Caller caller, KmsKey here, ReplicaShipment shipment) {
    List<Generation> all = new ArrayList<>();
    for (ReplicaShipment.Wrapped wrapped : shipment.materials()) {
      all.add(
          here.generation(wrapped.generation().materialId())
              .orElseGet(() -> unwrapped(caller, shipment, wrapped)));
    }
    return all;
  }

  private Generation unwrapped(
      Caller caller, ReplicaShipment shipment, ReplicaShipment.Wrapped wrapped) {
    KmsKey primary = shipment.primary();
    BackingKeys.Request request =
        new BackingKeys.Request(
            primary.keyId(),
            primary.spec(),
            primary.usage(),
            primary.origin(),
            ProtectionLevel.SOFTWARE);
    KeyMaterial material =
        wrappingKeys.unwrap(
            primary.keyId(), caller.accountId(), shipment.importToken(), wrapped.material());
    return backingKeys.receive(request, wrapped.generation(), material);
  }

  /** Has a key know where its primary is from now on: here, it may be. */
  void follow(Caller caller, KeyId key, MultiRegion moved) {
    Map<String, String> parameters = Map.of(KeyReplication.PRIMARY_REGION, moved.primaryRegion());
    keys.change(
        Call.of(caller, Operation.UPDATE_PRIMARY_REGION, parameters),
        key,
        known -> isThere(known, moved) ? known : known.withMultiRegion(moved));
  }

  /** Who repeats an old move must not have a primary forget replicas that it has got since. */
  private static boolean isThere(KmsKey known, MultiRegion moved) {
    return known
        .multiRegion()
        .filter(now -> now.primaryRegion().equals(moved.primaryRegion()))
        .isPresent();
  }

  private KeyMetadata make(Caller caller, ReplicaShipment shipment, ReplicateKeyRequest request) {
    KmsKey primary = shipment.primary();
    KeyArn arn = new KeyArn(new Place(region, caller.accountId()), primary.keyId());
    Map<String, String> parameters = new TreeMap<>(RequestTags.parameters(request.tags()));
    parameters.put("keySpec", primary.spec().name());
    parameters.put("keyUsage", primary.usage().name());
    parameters.put("origin", primary.origin().name());
    parameters.put(KeyCreation.MULTI_REGION, "true");
    parameters.put(KeyCreation.MULTI_REGION_TYPE, MultiRegion.Type.REPLICA.name());
    parameters.put(KeyReplication.PRIMARY_REGION, primary.arn().place().region());
    parameters.put(Call.KEY_ID, arn.keyId().text());
    Call call = Call.of(caller, Operation.CREATE_KEY, parameters);
    return gate.runWith(
        CreationRights.besides(call, arn),
        call,
        () -> {
          List<Generation> generations = new ArrayList<>();
          shipment.materials().forEach(each -> generations.add(unwrapped(caller, shipment, each)));
          KmsKey replica = replica(caller, arn, shipment, request, generations);
          if (call.isDryRun()) {
            storage.requireSavable(List.of(replica));
            return cache.metadata(replica);
          }
          return cache.metadata(storage.save(List.of(replica)).get(0));
        });
  }

  private KmsKey replica(
      Caller caller,
      KeyArn arn,
      ReplicaShipment shipment,
      ReplicateKeyRequest request,
      List<Generation> generations) {
    KmsKey primary = shipment.primary();
    KeyPolicy policy =
        request
            .policy()
            .map(KeyPolicy::parse)
            .orElseGet(() -> KeyPolicy.defaultFor(caller.accountId()));
    checks.requireNoLockout(
        caller,
        new KeyFacts(
            arn,
            primary.spec(),
            primary.usage(),
            primary.origin(),
            Optional.of(MultiRegion.Type.REPLICA),
            List.of(),
            request.tags()),
        policy);
    return new KmsKey(
        arn,
        primary.spec(),
        primary.usage(),
        KeyState.ENABLED,
        primary.origin(),
        ProtectionLevel.SOFTWARE,
        primary.subkeyCache(),
        false,
        request.description(),
        clock.instant().truncatedTo(ChronoUnit.MILLIS),
        Optional.empty(),
        Optional.empty(),
        Optional.of(new MultiRegion(primary.arn().place().region(), List.of(region))),
        generations,
        policy.text(),
        Optional.empty(),
        List.of(),
        request.tags(),
        List.of(),
        0);
  }
}
