// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.backup;

import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.json.JsonException;
import dev.strongroom.kms.key.DomainRecord;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a backup says of itself in clear: of which KMS and which state it is, and for whom its key
 * is wrapped. Believe it once {@link BackupReader#verify} has returned.
 *
 * @param id {@code backup-} and 17 hexadecimal digits
 * @param storeHash over all rows of the store, as checkpoints of the audit trail have it
 * @param incarnation of the store
 * @param domain the domain key's record: enough to find it and to tell whether it is the right one
 * @param auditStreams how many streams of the audit trail were registered
 * @param holdsDomainKey whether the domain key itself is in the sealed part, which only that of an
 *     embedded domain key can be
 * @param domainWrap the backup's key for those who have the domain key
 * @param recipients the same for each recipient
 */
public record BackupHeader(
    String id,
    Instant created,
    String region,
    String account,
    long storeRevision,
    String storeHash,
    String incarnation,
    DomainRecord domain,
    long keys,
    long auditStreams,
    boolean holdsDomainKey,
    DomainWrap domainWrap,
    List<Recipient> recipients) {
  static final String FORMAT = "strongroom-backup-1";
  static final int MAX_CHARS = 1 << 20;

  public BackupHeader {
    recipients = List.copyOf(recipients);
  }

  /**
   * A backup's key, sealed under a key derived from the domain key.
   *
   * @param salt 32 bytes in base64
   * @param wrapped 48 bytes in base64
   */
  public record DomainWrap(int version, String salt, String wrapped) {}

  /**
   * A backup's key, encrypted for somebody (RSAES-OAEP, SHA-256).
   *
   * @param keySha256 SHA-256 of its SubjectPublicKeyInfo in hexadecimal
   * @param wrapped in base64
   */
  public record Recipient(String keySha256, String wrapped) {}

  /** Returns the JSON that stands in the file. */
  String toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("Format", FORMAT);
    json.put("BackupId", id);
    json.put("Created", created.toString());
    json.put("Region", region);
    json.put("Account", account);
    json.put("StoreRevision", storeRevision);
    json.put("StoreHash", storeHash);
    json.put("Incarnation", incarnation);
    json.put("DomainId", domain.domainId().toString());
    List<Object> versions = new ArrayList<>();
    domain.versions().forEach(version -> versions.add(json(version)));
    json.put("DomainKeyVersions", versions);
    json.put("Keys", keys);
    json.put("AuditStreams", auditStreams);
    json.put("HoldsDomainKey", holdsDomainKey);
    json.put("WrappingVersion", (long) domainWrap.version());
    json.put("Salt", domainWrap.salt());
    json.put("WrappedKey", domainWrap.wrapped());
    List<Object> others = new ArrayList<>();
    for (Recipient recipient : recipients) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("PublicKeySha256", recipient.keySha256());
      each.put("WrappedKey", recipient.wrapped());
      others.add(each);
    }
    json.put("Recipients", others);
    return Json.write(json);
  }

  private static Map<String, Object> json(DomainRecord.Version version) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("Version", (long) version.number());
    json.put("WrapPolicy", version.wrapPolicy());
    json.put("Sentinel", base64(version.sentinel()));
    json.put("CheckValue", base64(version.checkValue()));
    json.put("PublicKey", base64(version.publicKey()));
    json.put("CreationDate", version.creationDate().toString());
    json.put("Endorsement", base64(version.endorsement()));
    version.retirementDate().ifPresent(date -> json.put("RetirementDate", date.toString()));
    return json;
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /**
   * Reads what {@link #toJson} returned.
   *
   * @throws IllegalArgumentException if it is something else
   */
  static BackupHeader parse(String text) {
    try {
      Fields json = new Fields(Json.parse(text, MAX_CHARS));
      if (!json.text("Format").equals(FORMAT)) {
        throw new IllegalArgumentException("Another format: " + json.text("Format"));
      }
      List<DomainRecord.Version> versions = new ArrayList<>();
      json.list("DomainKeyVersions").forEach(each -> versions.add(version(new Fields(each))));
      List<Recipient> recipients = new ArrayList<>();
      for (Object each : json.list("Recipients")) {
        Fields fields = new Fields(each);
        recipients.add(new Recipient(fields.text("PublicKeySha256"), fields.text("WrappedKey")));
      }
      return new BackupHeader(
          json.text("BackupId"),
          Instant.parse(json.text("Created")),
          json.text("Region"),
          json.text("Account"),
          json.number("StoreRevision"),
          json.text("StoreHash"),
          json.text("Incarnation"),
          new DomainRecord(UUID.fromString(json.text("DomainId")), versions),
          json.number("Keys"),
          json.number("AuditStreams"),
          json.isTrue("HoldsDomainKey"),
          new DomainWrap(
              Math.toIntExact(json.number("WrappingVersion")),
              json.text("Salt"),
              json.text("WrappedKey")),
          recipients);
    } catch (JsonException | DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static DomainRecord.Version version(Fields json) {
    return new DomainRecord.Version(
        Math.toIntExact(json.number("Version")),
        json.text("WrapPolicy"),
        json.bytes("Sentinel"),
        json.bytes("CheckValue"),
        json.bytes("PublicKey"),
        Instant.parse(json.text("CreationDate")),
        json.bytes("Endorsement"),
        json.find("RetirementDate").map(date -> Instant.parse(date)));
  }

  /** The members of an object, each of which must be there. */
  private record Fields(@Nullable Object object) {

    private @Nullable Object get(String name) {
      return object instanceof Map<?, ?> map ? map.get(name) : null;
    }

    Optional<String> find(String name) {
      return get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    String text(String name) {
      return find(name).orElseThrow(() -> new IllegalArgumentException("No " + name));
    }

    byte[] bytes(String name) {
      return Base64.getDecoder().decode(text(name));
    }

    long number(String name) {
      if (get(name) instanceof Long number) {
        return number;
      }
      throw new IllegalArgumentException("No " + name);
    }

    boolean isTrue(String name) {
      return Boolean.TRUE.equals(get(name));
    }

    List<?> list(String name) {
      if (get(name) instanceof List<?> list) {
        return list;
      }
      throw new IllegalArgumentException("No " + name);
    }
  }
}
