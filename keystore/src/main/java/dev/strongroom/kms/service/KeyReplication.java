// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.MultiRegion;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.KeyMaterial;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.key.backing.BackingKeys;
import dev.strongroom.kms.material.MaterialWrap;
import dev.strongroom.kms.material.WrappingKeys;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * ReplicateKey, UpdatePrimaryRegion, and what a primary has to do with its replicas: the side of a
 * region whose keys go to another one.
 */
final class KeyReplication {
  static final String REPLICA_REGION = "replicaRegion";
  static final String PRIMARY_REGION = "primaryRegion";

  private final KeyAdministration keys;
  private final BackingKeys backingKeys;
  private final Regions regions;
  private final String region;
  private final SecureRandom random;

  KeyReplication(
      KeyAdministration keys,
      BackingKeys backingKeys,
      Regions regions,
      String region,
      SecureRandom random) {
    this.keys = keys;
    this.backingKeys = backingKeys;
    this.regions = regions;
    this.region = region;
    this.random = random;
  }

  KeyMetadata replicate(Caller caller, ReplicateKeyRequest request) {
    KeyAdministration.requireDescription(request.description());
    Map<String, String> parameters =
        new TreeMap<>(RequestTags.parameters(RequestTags.valid(request.tags())));
    parameters.put(REPLICA_REGION, request.replicaRegion());
    return keys.change(
        Call.of(caller, Operation.REPLICATE_KEY, parameters),
        request.key(),
        live -> {
          requirePrimary(live.key());
          return send(caller, live.key(), request);
        },
        (key, replica) -> key.withMultiRegion(requirePrimary(key).with(request.replicaRegion())));
  }

  private MultiRegion requirePrimary(KmsKey key) {
    MultiRegion known =
        key.multiRegion()
            .orElseThrow(
                () ->
                    new KmsException.UnsupportedOperation(
                        key.arn()
                            + " is of one region for good. Make a multi-Region key with 'kms"
                            + " create-key --multi-region'."));
    if (known.typeIn(region) != MultiRegion.Type.PRIMARY) {
      throw new KmsException.UnsupportedOperation(
          key.arn() + " is a replica. Replicate its primary, in " + known.primaryRegion() + ".");
    }
    return known;
  }

  private KeyMetadata send(Caller caller, KmsKey key, ReplicateKeyRequest request) {
    if (request.replicaRegion().equals(region)) {
      throw new KmsException.Validation(
          key.arn() + " is in the region \"" + region + "\" already. Name another one.");
    }
    try (Regions.Other other = regions.open(request.replicaRegion())) {
      if (!other.caller().accountId().equals(caller.accountId())) {
        throw new KmsException.Validation(
            "The access key of the region \""
                + request.replicaRegion()
                + "\" is of the account "
                + other.caller().accountId()
                + ". A key and its replicas are of one account.");
      }
      return send(caller, other, key, request);
    }
  }

  /** A dry run is one there as well, and ends as it does there. */
  private KeyMetadata send(
      Caller caller, Regions.Other other, KmsKey key, ReplicateKeyRequest request) {
    Replicas replicas = other.replicas();
    WrappingKeys.Issued offered = replicas.offer(other.caller(), key.keyId());
    List<ReplicaShipment.Wrapped> materials =
        key.generations().stream()
            .map(
                generation ->
                    new ReplicaShipment.Wrapped(
                        generation, wrapped(offered.publicKey(), key, generation)))
            .toList();
    return replicas.accept(
        caller.isDryRun() ? other.caller().dryRun() : other.caller(),
        new ReplicaShipment(key, offered.token(), materials),
        request);
  }

  private byte[] wrapped(byte[] wrappingKey, KmsKey key, Generation generation) {
    try (KeyMaterial material = backingKeys.export(key, generation)) {
      return MaterialWrap.wrap(wrappingKey, material, random);
    }
  }

  /**
   * Makes sure, before a primary gets new material, that its replicas can get it, too.
   *
   * @throws KmsException.UnsupportedOperation for a replica
   */
  void requireReachable(KmsKey key) {
    if (key.multiRegion().isPresent()) {
      if (key.multiRegion().get().typeIn(region) != MultiRegion.Type.PRIMARY) {
        throw new KmsException.UnsupportedOperation(
            key.arn()
                + " is a replica: it gets new material with its primary, in "
                + key.multiRegion().get().primaryRegion()
                + ".");
      }
      key.multiRegion().get().replicaRegions().forEach(each -> regions.open(each).close());
    }
  }

  /**
   * Sends the material of a primary to all its replicas; those that were deleted are left out.
   *
   * @throws KmsException.StoreUnavailable if one did not get it, naming its region
   */
  void sendToAll(Caller caller, KmsKey key) {
    for (String each : key.multiRegion().map(MultiRegion::replicaRegions).orElse(List.of())) {
      try (Regions.Other other = regions.open(each)) {
        if (other.replicas().has(key.keyId())) {
          send(caller, other, key, ReplicateKeyRequest.of(key.keyId(), each));
        }
      } catch (KmsException e) {
        throw new KmsException.StoreUnavailable(
            key.arn()
                + " has new material, and its replica in "
                + each
                + " does not have it yet: "
                + e.getMessage()
                + " Run 'kms replicate-key --replica-region "
                + each
                + "' to bring it there.",
            e);
      }
    }
  }

  /**
   * UpdatePrimaryRegion. This region steps back first, so that there are never two primaries that
   * make different material; a call that failed after it is repeated here.
   */
  void movePrimary(Caller caller, KeyRef ref, String newRegion) {
    keys.change(
        Call.of(caller, Operation.UPDATE_PRIMARY_REGION, Map.of(PRIMARY_REGION, newRegion)),
        ref,
        live -> {
          Move move = new Move(live.key(), moved(live.key(), newRegion));
          prepare(caller, move);
          return move;
        },
        (key, move) -> key.withMultiRegion(move.regions()),
        this::announce);
  }

  /** A primary on its way to another region. */
  private record Move(KmsKey key, MultiRegion regions) {}

  private MultiRegion moved(KmsKey key, String newRegion) {
    boolean isRepeated =
        key.multiRegion()
            .filter(known -> known.primaryRegion().equals(newRegion))
            .filter(known -> known.replicaRegions().contains(region))
            .isPresent();
    if (isRepeated) {
      return key.multiRegion().get();
    }
    MultiRegion known = requirePrimary(key);
    if (!known.replicaRegions().contains(newRegion)) {
      throw new KmsException.Validation(
          key.arn()
              + " has no replica in \""
              + newRegion
              + "\" that could become the primary. Make one with 'kms replicate-key'.");
    }
    return known.withPrimaryIn(newRegion);
  }

  /** The new primary must have all material, and every region must hear of it. */
  private void prepare(Caller caller, Move move) {
    move.regions().replicaRegions().stream()
        .filter(each -> !each.equals(region))
        .forEach(each -> regions.open(each).close());
    String target = move.regions().primaryRegion();
    if (move.key().multiRegion().filter(now -> now.primaryRegion().equals(region)).isPresent()) {
      try (Regions.Other other = regions.open(target)) {
        send(caller, other, move.key(), ReplicateKeyRequest.of(move.key().keyId(), target));
      }
    }
  }

  private void announce(Move move) {
    List<String> others = new ArrayList<>(List.of(move.regions().primaryRegion()));
    others.addAll(move.regions().replicaRegions());
    others.remove(region);
    for (String each : others) {
      try (Regions.Other other = regions.open(each)) {
        if (other.replicas().has(move.key().keyId())) {
          other.replicas().follow(other.caller(), move.key().keyId(), move.regions());
        }
      } catch (KmsException e) {
        throw new KmsException.StoreUnavailable(
            move.key().arn()
                + " is a replica now, and the region "
                + each
                + " does not know it yet: "
                + e.getMessage()
                + " Run 'kms update-primary-region' again.",
            e);
      }
    }
  }

  /**
   * Makes sure that a primary goes last.
   *
   * @throws KmsException.InvalidState if it has replicas, naming their regions
   */
  void requireNoReplicas(KmsKey key) {
    boolean isPrimary =
        key.multiRegion()
            .filter(known -> known.typeIn(region) == MultiRegion.Type.PRIMARY)
            .isPresent();
    if (!isPrimary) {
      return;
    }
    List<String> left =
        key.multiRegion().get().replicaRegions().stream()
            .filter(each -> isThere(each, key))
            .toList();
    if (!left.isEmpty()) {
      throw new KmsException.InvalidState(
          key.arn()
              + " has replicas in "
              + String.join(", ", left)
              + ". Schedule their deletion there first; the primary can go when they are gone.");
    }
  }

  private boolean isThere(String replicaRegion, KmsKey key) {
    try (Regions.Other other = regions.open(replicaRegion)) {
      return other.replicas().has(key.keyId());
    }
  }
}
