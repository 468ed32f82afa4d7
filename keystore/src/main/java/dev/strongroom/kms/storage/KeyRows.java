// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.MultiRegion;
import dev.strongroom.kms.Place;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.RotationType;
import dev.strongroom.kms.key.DerCertificate;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.ImportedMaterial;
import dev.strongroom.kms.key.ImportedMaterial.Presence;
import dev.strongroom.kms.key.KeyMaterialId;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.key.RotationSchedule;
import dev.strongroom.kms.key.StoredObject;
import dev.strongroom.kms.key.UseLimit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A KMS key as rows, and rows as a KMS key. Enum constants are stored by their names. */
final class KeyRows {

  /** What a hash column holds until {@link Changes} fills it. */
  static final byte[] PENDING = {};

  private KeyRows() {}

  /**
   * @throws IllegalArgumentException if the key comes from loadAll, which leaves out key tokens
   */
  static Aggregate toRows(KmsKey key) {
    if (key.policy().isEmpty() || key.generations().stream().anyMatch(KeyRows::lacksToken)) {
      throw new IllegalArgumentException(
          "KMS key " + key.keyId() + " was listed, not read: change what findKey returns.");
    }
    List<Row> rows = new ArrayList<>();
    String id = key.keyId().text();
    rows.add(Row.of(Table.KEY_POLICY, id, key.policy(), key.approvalRule().orElse(null)));
    addGenerations(key, rows);
    for (KmsKey.NamedAlias named : key.aliases()) {
      rows.add(
          Row.of(
              Table.ALIAS,
              key.arn().place().account(),
              named.alias().name(),
              id,
              Row.nanos(named.creationDate()),
              Row.nanos(named.lastUpdatedDate())));
    }
    for (int i = 0; i < key.certificateChain().size(); i++) {
      byte[] der = key.certificateChain().get(i).toBytes();
      rows.add(Row.of(Table.CERTIFICATE, id, (long) i, der));
    }
    key.tags().forEach((name, value) -> rows.add(Row.of(Table.KEY_TAG, id, name, value)));
    return new Aggregate(root(key), rows);
  }

  private static boolean lacksToken(Generation generation) {
    boolean isAbsent =
        generation.imported().filter(now -> now.presence() == Presence.ABSENT).isPresent();
    return generation.token().length == 0 && !isAbsent;
  }

  private static Row root(KmsKey key) {
    return Row.of(
        Table.CMK,
        key.keyId().text(),
        key.arn().place().region(),
        key.arn().place().account(),
        key.spec().name(),
        key.usage().name(),
        key.ownState().name(),
        key.origin().name(),
        key.level().name(),
        key.subkeyCache() ? 1L : 0L,
        key.description(),
        Row.nanos(key.creationDate()),
        key.deletionDate().map(Row::nanos).orElse(null),
        PENDING,
        PENDING,
        PENDING,
        PENDING,
        GrantHash.none(), // of a key that has some, Changes leaves them as they are
        key.pkcs1Decryption() ? 1L : null,
        PENDING,
        key.rotation().map(schedule -> (long) schedule.periodInDays()).orElse(null),
        key.rotation().map(schedule -> Row.nanos(schedule.next())).orElse(null),
        key.nextExpiry().map(Row::nanos).orElse(null),
        key.nextDestruction().map(Row::nanos).orElse(null),
        key.storedObject().map(StoredObject::store).orElse(null),
        key.multiRegion().map(MultiRegion::primaryRegion).orElse(null),
        key.multiRegion().map(regions -> String.join(" ", regions.replicaRegions())).orElse(null),
        limit(key, UseLimit::maxMessages),
        limit(key, UseLimit::maxBytes),
        limit(key, UseLimit::messages),
        limit(key, UseLimit::bytes));
  }

  private static @Nullable Long limit(KmsKey key, ToLongFunction<UseLimit> column) {
    return key.rotation()
        .flatMap(RotationSchedule::limit)
        .map(limit -> column.applyAsLong(limit))
        .orElse(null);
  }

  private static void addGenerations(KmsKey key, List<Row> rows) {
    for (int i = 0; i < key.generations().size(); i++) {
      Generation generation = key.generations().get(i);
      Optional<ImportedMaterial> imported = generation.imported();
      rows.add(
          Row.of(
              Table.KEY_TOKEN,
              key.keyId().text(),
              (long) i,
              generation.materialId().toBytes(),
              generation.token(),
              generation.publicKey(),
              Row.nanos(generation.creationDate()),
              generation.rotation().map(RotationType::name).orElse(null),
              imported.map(material -> material.presence().name()).orElse(null),
              generation.isPendingRotation() ? 1L : null,
              imported.flatMap(ImportedMaterial::validTo).map(Row::nanos).orElse(null),
              imported.flatMap(ImportedMaterial::destructionDate).map(Row::nanos).orElse(null),
              imported.map(ImportedMaterial::description).orElse(null)));
    }
  }

  /**
   * Returns the key with all that belongs to it.
   *
   * @throws dev.strongroom.kms.KmsException.StoreTampered if a column holds what no KMS writes
   */
  static KmsKey toKey(Aggregate rows) {
    Row policy =
        rows.owned(Table.KEY_POLICY).stream()
            .findFirst()
            .orElseThrow(() -> Tampering.incomplete(rows.root(), Table.KEY_POLICY));
    return toKey(rows, policy.text("policy"), policy.maybeText("approval_rule"), true);
  }

  /** Returns the key as a list shows it: the policy and the key tokens are empty. */
  static KmsKey toListedKey(Aggregate rows) {
    return toKey(rows, "", Optional.empty(), false);
  }

  private static KmsKey toKey(
      Aggregate rows, String policy, Optional<String> approvalRule, boolean withTokens) {
    Row root = rows.root();
    try {
      KeyId id = KeyId.parse(root.text("key_id"));
      return new KmsKey(
          new KeyArn(new Place(root.text("region"), root.text("account")), id),
          CmkSpec.valueOf(root.text("spec")),
          KeyUsage.valueOf(root.text("key_usage")),
          KeyState.valueOf(root.text("key_state")),
          KeyOrigin.valueOf(root.text("origin")),
          ProtectionLevel.valueOf(root.text("protection_level")),
          root.integer("subkey_cache") != 0,
          root.isSet("pkcs1_decryption"),
          root.text("description"),
          root.instant("creation_date"),
          root.maybeInstant("deletion_date"),
          rotation(root),
          multiRegion(root),
          generations(rows, withTokens),
          policy,
          approvalRule,
          rows.owned(Table.ALIAS).stream().map(KeyRows::toAlias).toList(),
          tags(rows),
          certificates(rows),
          root.revision());
    } catch (IllegalArgumentException e) {
      throw Tampering.unreadable(root);
    }
  }

  /** Both columns are there, or neither. */
  private static Optional<RotationSchedule> rotation(Row root) {
    return root.maybeInstant("next_rotation")
        .map(
            next -> new RotationSchedule((int) root.integer("rotation_period"), next, limit(root)));
  }

  private static Optional<UseLimit> limit(Row root) {
    return root.maybeInteger("rotation_max_messages")
        .map(
            messages ->
                new UseLimit(
                    messages,
                    root.integer("rotation_max_bytes"),
                    root.integer("rotation_messages"),
                    root.integer("rotation_bytes")));
  }

  private static Optional<MultiRegion> multiRegion(Row root) {
    return root.maybeText("primary_region")
        .map(
            primary ->
                new MultiRegion(
                    primary,
                    root.maybeText("replica_regions").stream()
                        .flatMap(text -> Stream.of(text.split(" ")))
                        .filter(region -> !region.isEmpty())
                        .toList()));
  }

  /**
   * @throws dev.strongroom.kms.KmsException.StoreTampered if it is no key id
   */
  static KeyId parseId(String id) {
    try {
      return KeyId.parse(id);
    } catch (IllegalArgumentException e) {
      throw Tampering.wrongType(Table.CMK, "key_id");
    }
  }

  private static List<Generation> generations(Aggregate rows, boolean withTokens) {
    return rows.owned(Table.KEY_TOKEN).stream()
        .sorted(Comparator.comparingLong(row -> row.integer("generation")))
        .map(
            row ->
                new Generation(
                    new KeyMaterialId(row.bytes("material_id")),
                    withTokens ? row.bytes("token") : new byte[0],
                    row.bytes("public_key"),
                    row.instant("creation_date"),
                    row.maybeText("rotation_type").map(RotationType::valueOf),
                    imported(row)))
        .toList();
  }

  private static Optional<ImportedMaterial> imported(Row row) {
    return row.maybeText("presence")
        .map(
            presence ->
                new ImportedMaterial(
                    Presence.valueOf(presence),
                    row.isSet("pending_rotation"),
                    row.maybeInstant("valid_to"),
                    row.maybeInstant("destruction_date"),
                    row.maybeText("description").orElse("")));
  }

  private static KmsKey.NamedAlias toAlias(Row row) {
    return new KmsKey.NamedAlias(
        new Alias(row.text("name")),
        row.instant("creation_date"),
        row.instant("last_updated_date"));
  }

  private static Map<String, String> tags(Aggregate rows) {
    return rows.owned(Table.KEY_TAG).stream()
        .collect(Collectors.toMap(row -> row.text("tag_key"), row -> row.text("tag_value")));
  }

  private static List<DerCertificate> certificates(Aggregate rows) {
    return rows.owned(Table.CERTIFICATE).stream()
        .sorted(Comparator.comparingLong(row -> row.integer("position")))
        .map(row -> new DerCertificate(row.bytes("der")))
        .toList();
  }
}
