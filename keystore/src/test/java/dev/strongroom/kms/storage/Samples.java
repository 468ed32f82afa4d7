// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.ConnectionErrorCode;
import dev.strongroom.kms.ConnectionState;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.MultiRegion;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.Place;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.RotationType;
import dev.strongroom.kms.approval.ApprovalProposal;
import dev.strongroom.kms.approval.ApprovalRequest;
import dev.strongroom.kms.authz.grant.Grant;
import dev.strongroom.kms.authz.grant.GrantConstraint;
import dev.strongroom.kms.key.DerCertificate;
import dev.strongroom.kms.key.DomainRecord;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.ImportedMaterial;
import dev.strongroom.kms.key.KeyMaterialId;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.key.RotationSchedule;
import dev.strongroom.kms.key.UseLimit;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** Stores and what is in them, for tests. */
public final class Samples {
  public static final String ACCOUNT = "000000000000";
  public static final Instant NOW = Instant.parse("2026-11-24T10:11:12.123456789Z");
  public static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  static final UUID DOMAIN_ID = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
  private static final Place PLACE = new Place("local", ACCOUNT);

  /** One that was connected, and then could not be. */
  static final CustomKeyStoreRow CUSTOM_KEY_STORE =
      new CustomKeyStoreRow(
              "cks-0123456789abcdef0",
              ACCOUNT,
              "vault",
              "pkcs11:token=vault?module-path=/vault.so",
              ConnectionState.CONNECTED,
              Optional.empty(),
              Optional.empty(),
              Optional.of("check"),
              NOW,
              0)
          .failed(ConnectionErrorCode.INVALID_CREDENTIALS, "It refuses the PIN.");

  static final ApprovalRequest REQUEST =
      new ApprovalRequest(
          UUID.fromString("99112233-4455-6677-8899-aabbccddeeff"),
          ACCOUNT,
          Optional.of(new KeyArn(new Place("local", ACCOUNT), new KeyId(new UUID(1, 1)))),
          ApprovalProposal.disableKey(),
          "arn:aws:iam::000000000000:root",
          NOW,
          NOW.plusSeconds(3600),
          Optional.of(NOW.plusSeconds(60)),
          List.of());

  private Samples() {}

  public static String url(Path file) {
    return "jdbc:sqlite:" + file;
  }

  static DomainRecord domain() {
    return new DomainRecord(
        DOMAIN_ID,
        List.of(
            new DomainRecord.Version(
                1,
                "open",
                bytes(40, 1),
                bytes(32, 2),
                bytes(91, 3),
                NOW,
                bytes(70, 4),
                Optional.empty())));
  }

  public static RowAuthenticator authenticator() {
    return new HmacRows(DOMAIN_ID.toString());
  }

  /** Opens a store of the sample domain and initialises it if it is new. */
  public static KeyStorage open(String url) {
    return open(url, authenticator());
  }

  static KeyStorage open(String url, RowAuthenticator authenticator) {
    JdbcStore store = JdbcStore.open(url, CLOCK);
    return store.domain().isPresent()
        ? store.unlock(authenticator)
        : store.initialize(domain(), authenticator);
  }

  /** Returns a new key with two generations, a certificate chain and the aliases of those names. */
  static KmsKey key(String... aliases) {
    return key(new KeyId(UUID.randomUUID()), aliases);
  }

  public static KmsKey key(KeyId id, String... aliases) {
    int seed = (int) id.uuid().getMostSignificantBits();
    return key(
        id, ProtectionLevel.SOFTWARE, List.of(generation(seed), generation(seed + 1)), aliases);
  }

  /** Returns a new key that lives in the token of {@link #CUSTOM_KEY_STORE}. */
  static KmsKey storedKey(KeyId id, String... aliases) {
    int seed = (int) id.uuid().getMostSignificantBits();
    byte[] store = CUSTOM_KEY_STORE.id().getBytes(StandardCharsets.US_ASCII);
    byte[] token =
        ByteBuffer.allocate(6 + 32 + store.length + 1 + 16 + 32)
            .put((byte) 1)
            .put((byte) ProtectionLevel.CUSTOM_KEY_STORE.code())
            .putInt(1)
            .put(bytes(32, seed))
            .put(store)
            .put((byte) 0)
            .put(bytes(16, seed))
            .put(bytes(32, seed))
            .array();
    return key(id, ProtectionLevel.CUSTOM_KEY_STORE, List.of(generation(seed, token)), aliases);
  }

  private static KmsKey key(
      KeyId id, ProtectionLevel level, List<Generation> generations, String... aliases) {
    int seed = (int) id.uuid().getMostSignificantBits();
    return new KmsKey(
        new KeyArn(PLACE, id),
        CmkSpec.RSA_3072,
        KeyUsage.SIGN_VERIFY,
        KeyState.ENABLED,
        KeyOrigin.AWS_KMS,
        level,
        true,
        true,
        "für Löhne 🔑",
        NOW,
        Optional.of(NOW.plusSeconds(1)),
        Optional.of(
            new RotationSchedule(
                90, NOW.plusSeconds(2), Optional.of(new UseLimit(4000, 3000, 2000, 1000)))),
        Optional.of(new MultiRegion("eu-1", List.of("eu-2", "eu-3"))),
        generations,
        "{\"Version\":\"2012-10-17\",\"Id\":\"" + id + "\"}",
        Optional.of("{\"rule\":" + seed + "}"),
        named(aliases),
        Map.of("Team", "blue" + seed, "Ä=1", ""),
        List.of(new DerCertificate(bytes(300, seed)), new DerCertificate(bytes(200, seed + 1))),
        0);
  }

  static List<KmsKey.NamedAlias> named(String... aliases) {
    return Stream.of(aliases)
        .map(name -> new KmsKey.NamedAlias(new Alias(name), NOW, NOW.plusNanos(1)))
        .toList();
  }

  static TrustedCertificateRow trusted(String name) {
    return new TrustedCertificateRow(name, new DerCertificate(bytes(300, name.hashCode())), NOW);
  }

  static Generation generation(int seed) {
    return generation(seed, bytes(120, seed));
  }

  private static Generation generation(int seed, byte[] token) {
    return new Generation(
        new KeyMaterialId(bytes(32, seed)),
        token,
        bytes(60, seed),
        NOW,
        Optional.of(RotationType.AUTOMATIC),
        Optional.of(
            new ImportedMaterial(
                ImportedMaterial.Presence.IMPORTED,
                false,
                Optional.of(NOW.plusSeconds(3)),
                Optional.empty(),
                "von Müller")));
  }

  static byte[] bytes(int length, int seed) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (seed * 31 + i);
    }
    return bytes;
  }

  /** Returns a grant that can be used so often, with everything that a grant can have. */
  static Grant grant(KeyId key, int number) {
    return new Grant(
        "%064x".formatted(0x9e3779b97f4a7c15L * (number + 1)).substring(48).repeat(4),
        key,
        ACCOUNT,
        "arn:aws:iam::" + ACCOUNT + ":user/u" + number,
        Optional.of("arn:aws:iam::" + ACCOUNT + ":user/retiring"),
        Set.of(Operation.ENCRYPT, Operation.DECRYPT),
        GrantConstraint.containing(EncryptionContext.of(Map.of("tenant", "ä\u0000" + number))),
        "name-" + number,
        NOW,
        Optional.of(NOW.plusSeconds(3600)),
        OptionalLong.of(10));
  }

  static AccessKeyRow accessKey(String id, String userName) {
    return new AccessKeyRow(id, ACCOUNT, userName, bytes(32, id.hashCode()), true, NOW);
  }

  public static IamRecord user(String name) {
    return entity(IamKind.USER, name);
  }

  static IamRecord entity(IamKind kind, String name, IamPart... parts) {
    return new IamRecord(kind, ACCOUNT, name, kind.idPrefix() + name, NOW, List.of(parts));
  }

  static IamPart part(IamPart.Type type, String name, String text) {
    return new IamPart(type, name, text, NOW);
  }

  /** Writes a record as it is. */
  public static void put(KeyStorage storage, IamRecord record) {
    storage.change(
        edit -> {
          edit.put(record);
          return true;
        });
  }

  /** Writes an account that there was not. */
  static void put(KeyStorage storage, AccountRow account) {
    storage.change(
        edit -> {
          edit.create(account);
          return true;
        });
  }

  /** Returns all that a key holds as text, to compare keys with arrays in them. */
  static String text(KmsKey key) {
    StringBuilder text = new StringBuilder();
    key.generations()
        .forEach(
            g ->
                text.append(g.materialId())
                    .append(Arrays.toString(g.token()))
                    .append(Arrays.toString(g.publicKey()))
                    .append(g.creationDate()));
    key.certificateChain().forEach(c -> text.append(Arrays.toString(c.toBytes())));
    return text.append(key.arn())
        .append(key.spec())
        .append(key.usage())
        .append(key.state())
        .append(key.origin())
        .append(key.level())
        .append(key.subkeyCache())
        .append(key.description())
        .append(key.creationDate())
        .append(key.deletionDate())
        .append(key.policy())
        .append(key.approvalRule())
        .append(key.aliases())
        .append(key.tags())
        .append(key.revision())
        .toString();
  }

  static void assertSays(String part, Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains(part), message);
  }
}
