// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.AliasArn;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.MultiRegion;
import dev.strongroom.kms.Place;
import dev.strongroom.kms.service.AliasListEntry;
import java.util.List;
import java.util.Optional;

/** Values of the KMS as AWS CLI prints them: AWS's members in AWS's order, ours at the end. */
final class Shapes {

  private Shapes() {}

  static Answer keyMetadata(KeyMetadata key) {
    return new Answer()
        .with("AWSAccountId", key.arn().place().account())
        .with("KeyId", key.keyId().text())
        .with("Arn", key.arn().text())
        .with("CreationDate", key.creationDate())
        .with("Enabled", key.isEnabled())
        .with("Description", key.description())
        .with("KeyUsage", key.usage().name())
        .with("KeyState", key.state().apiName())
        .withIfPresent("DeletionDate", key.deletionDate())
        .withIfPresent("ValidTo", key.validTo())
        .with("Origin", key.origin().name())
        .withIfPresent("ExpirationModel", key.expirationModel().map(Enum::name))
        .with("KeyManager", "CUSTOMER")
        .with("CustomerMasterKeySpec", key.spec().name())
        .with("KeySpec", key.spec().name())
        .withUnlessEmpty("EncryptionAlgorithms", names(key.encryptionAlgorithms()))
        .withUnlessEmpty("SigningAlgorithms", names(key.signingAlgorithms()))
        .withUnlessEmpty("KeyAgreementAlgorithms", names(key.keyAgreementAlgorithms()))
        .withUnlessEmpty("MacAlgorithms", names(key.macAlgorithms()))
        .with("MultiRegion", key.multiRegion().isPresent())
        .withIfPresent(
            "MultiRegionConfiguration", key.multiRegion().map(regions -> regions(key, regions)))
        .withIfPresent("CustomKeyStoreId", key.customKeyStoreId())
        .withIfPresent(
            "CurrentKeyMaterialId", Optional.of(key.keyMaterialId()).filter(id -> !id.isEmpty()))
        .with("ProtectionLevel", key.protectionLevel().name())
        .with("WrapPolicy", key.wrapPolicy());
  }

  private static Answer regions(KeyMetadata key, MultiRegion regions) {
    return new Answer()
        .with("MultiRegionKeyType", regions.typeIn(key.arn().place().region()).name())
        .with("PrimaryKey", keyIn(key, regions.primaryRegion()))
        .with(
            "ReplicaKeys",
            regions.replicaRegions().stream().map(region -> keyIn(key, region)).toList());
  }

  private static Answer keyIn(KeyMetadata key, String region) {
    Place place = new Place(region, key.arn().place().account());
    return new Answer().with("Arn", new KeyArn(place, key.keyId()).text()).with("Region", region);
  }

  static Answer keyListEntry(Place place, KeyId key) {
    return new Answer().with("KeyId", key.text()).with("KeyArn", new KeyArn(place, key).text());
  }

  static Answer alias(Place place, AliasListEntry entry) {
    return new Answer()
        .with("AliasName", entry.alias().name())
        .with("AliasArn", new AliasArn(place, entry.alias()).text())
        .with("TargetKeyId", entry.targetKeyId().text())
        .with("CreationDate", entry.creationDate())
        .with("LastUpdatedDate", entry.lastUpdatedDate());
  }

  /** Returns the full name of what the caller named. */
  static String arn(Place place, KeyRef key) {
    if (key instanceof KeyId id) {
      return new KeyArn(place, id).text();
    }
    return key instanceof Alias alias ? new AliasArn(place, alias).text() : key.text();
  }

  static List<String> names(List<? extends Enum<?>> constants) {
    return constants.stream().<String>map(Enum::name).toList();
  }
}
