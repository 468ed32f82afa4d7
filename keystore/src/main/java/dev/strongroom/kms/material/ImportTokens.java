// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.material;

import dev.strongroom.kms.CanonicalEncoding;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.WrappingAlgorithm;
import dev.strongroom.kms.key.Derivation.Label;
import dev.strongroom.kms.key.DomainKeyring;
import dev.strongroom.kms.key.DomainRecord;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.KeyMaterialId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * Import tokens: what GetParametersForImport gives with the public half of a wrapping key, and
 * ImportKeyMaterial takes back. The private half is inside, as a key token that only the domain key
 * opens.
 *
 * <table>
 * <caption>Layout, integers big-endian</caption>
 * <tr><th>length</th><th>field</th></tr>
 * <tr><td>1</td><td>1, the version</td></tr>
 * <tr><td>4</td><td>version of the domain key</td></tr>
 * <tr><td>16</td><td>id of the key that the material is for</td></tr>
 * <tr><td>8</td><td>from when on the token is good no longer, milliseconds since 1970</td></tr>
 * <tr><td>16</td><td>id of the wrapping key</td></tr>
 * <tr><td>1</td><td>protection level of the wrapping key</td></tr>
 * <tr><td>32</td><td>key material id of the wrapping key</td></tr>
 * <tr><td>2 + n each</td><td>after its length each: account, wrapping algorithm and spec of the
 * wrapping key in UTF-8; its public half (DER SubjectPublicKeyInfo); its key token</td></tr>
 * <tr><td>32</td><td>mac: {@code F(kdf, strongroom/1/import-token, SHA-256(enc(all before)))}</td>
 * </tr>
 * </table>
 */
final class ImportTokens {

  /** The most that a token has: AWS's limit, and more than one for an RSA_4096 key needs. */
  static final int MAX_BYTES = 6144;

  private static final byte VERSION = 1;
  private static final int MAC_BYTES = 32;

  private final DomainKeyring domain;

  /**
   * What a token says.
   *
   * @param wrappingKey a random id, which is no KMS key's
   * @param level of the wrapping key
   * @param generation the wrapping key, without the date when it was made
   */
  record Contents(
      WrappingKeys.Purpose purpose,
      Instant validTo,
      KeyId wrappingKey,
      ProtectionLevel level,
      Generation generation) {}

  ImportTokens(DomainKeyring domain) {
    this.domain = domain;
  }

  byte[] issue(Contents contents) {
    int version = domain.activeVersion();
    WrappingKeys.Purpose purpose = contents.purpose();
    ByteBuffer token =
        ByteBuffer.allocate(MAX_BYTES)
            .put(VERSION)
            .putInt(version)
            .put(purpose.key().toBytes())
            .putLong(contents.validTo().toEpochMilli())
            .put(contents.wrappingKey().toBytes())
            .put((byte) contents.level().code())
            .put(contents.generation().materialId().toBytes());
    put(token, purpose.account().getBytes(StandardCharsets.UTF_8));
    put(token, purpose.algorithm().name().getBytes(StandardCharsets.UTF_8));
    put(token, purpose.wrappingSpec().name().getBytes(StandardCharsets.UTF_8));
    put(token, contents.generation().publicKey());
    put(token, contents.generation().token());
    byte[] body = Arrays.copyOf(token.array(), token.position());
    byte[] whole = Arrays.copyOf(body, body.length + MAC_BYTES);
    System.arraycopy(mac(version, body), 0, whole, body.length, MAC_BYTES);
    return whole;
  }

  private static void put(ByteBuffer token, byte[] field) {
    token.putShort((short) field.length).put(field);
  }

  private byte[] mac(int version, byte[] body) {
    return domain.derive(version, Label.IMPORT_TOKEN, new CanonicalEncoding().add(body).sha256());
  }

  /** Returns what a token says; empty if this KMS did not make it so, whatever is wrong with it. */
  Optional<Contents> read(byte[] whole) {
    if (whole.length > MAX_BYTES || whole.length <= MAC_BYTES + Integer.BYTES) {
      return Optional.empty();
    }
    byte[] body = Arrays.copyOf(whole, whole.length - MAC_BYTES);
    byte[] claimed = Arrays.copyOfRange(whole, body.length, whole.length);
    int version = ByteBuffer.wrap(body, 1, Integer.BYTES).getInt();
    boolean isOfThisDomain =
        domain.record().versions().stream()
            .map(DomainRecord.Version::number)
            .anyMatch(number -> number == version);
    if (body[0] != VERSION
        || !isOfThisDomain
        || !MessageDigest.isEqual(claimed, mac(version, body))) {
      return Optional.empty();
    }
    try {
      return Optional.of(contents(ByteBuffer.wrap(body, 1 + Integer.BYTES, body.length - 5)));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return Optional.empty(); // authentic, and of a later version of this program
    }
  }

  private static Contents contents(ByteBuffer body) {
    KeyId key = KeyId.fromBytes(bytes(body, KeyId.BYTES), 0);
    Instant validTo = Instant.ofEpochMilli(body.getLong());
    KeyId wrappingKey = KeyId.fromBytes(bytes(body, KeyId.BYTES), 0);
    ProtectionLevel level = ProtectionLevel.ofCode(body.get());
    KeyMaterialId materialId = new KeyMaterialId(bytes(body, KeyMaterialId.BYTES));
    String account = text(body);
    WrappingAlgorithm algorithm = WrappingAlgorithm.valueOf(text(body));
    CmkSpec spec = CmkSpec.valueOf(text(body));
    byte[] publicKey = field(body);
    byte[] token = field(body);
    return new Contents(
        new WrappingKeys.Purpose(key, account, algorithm, spec),
        validTo,
        wrappingKey,
        level,
        new Generation(materialId, token, publicKey, Instant.EPOCH));
  }

  private static byte[] bytes(ByteBuffer body, int length) {
    byte[] bytes = new byte[length];
    body.get(bytes);
    return bytes;
  }

  private static byte[] field(ByteBuffer body) {
    return bytes(body, Short.toUnsignedInt(body.getShort()));
  }

  private static String text(ByteBuffer body) {
    return new String(field(body), StandardCharsets.UTF_8);
  }
}
