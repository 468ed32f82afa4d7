// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.grant.Grant;
import dev.strongroom.kms.authz.grant.GrantConstraint;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A grant as a row, and a row as a grant. Operations are stored by AWS's names. */
final class GrantRows {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

  private GrantRows() {}

  /**
   * @throws IllegalArgumentException unless the id is 64 digits, 0 to 9 and a to f
   */
  static Row toRow(Grant grant) {
    if (!ID.matcher(grant.id()).matches()) {
      throw new IllegalArgumentException("The id of a stored grant has 64 hexadecimal digits.");
    }
    return Row.of(
        Table.KEY_GRANT,
        grant.keyId().text(),
        grant.id(),
        grant.issuingAccount(),
        grant.grantee(),
        grant.retiring().orElse(""),
        grant.operations().stream().map(Operation::apiName).collect(Collectors.joining(",")),
        grant.constraint().kind().name(),
        grant.constraint().context().toAad(),
        grant.name(),
        Row.nanos(grant.creationDate()),
        grant.expiry().map(Row::nanos).orElse(null),
        grant.maxUses().isPresent() ? (Long) grant.maxUses().getAsLong() : null);
  }

  /**
   * @throws dev.strongroom.kms.KmsException.StoreTampered if a column holds what no KMS writes
   */
  static Grant toGrant(Row row) {
    try {
      String retiring = row.text("retiring");
      return new Grant(
          row.text("grant_id"),
          KeyId.parse(row.text("key_id")),
          row.text("issuing_account"),
          row.text("grantee"),
          retiring.isEmpty() ? Optional.empty() : Optional.of(retiring),
          operations(row.text("operations")),
          new GrantConstraint(
              GrantConstraint.Kind.valueOf(row.text("constraint_kind")),
              context(ByteBuffer.wrap(row.bytes("context")))),
          row.text("name"),
          row.instant("creation_date"),
          row.maybeInstant("expiry"),
          maxUses(row));
    } catch (IllegalArgumentException | BufferUnderflowException e) {
      throw Tampering.unreadable(row);
    }
  }

  private static OptionalLong maxUses(Row row) {
    return row.value(Table.KEY_GRANT.indexOf("max_uses")) instanceof Long uses
        ? OptionalLong.of(uses)
        : OptionalLong.empty();
  }

  private static Set<Operation> operations(String names) {
    Set<Operation> operations = EnumSet.noneOf(Operation.class);
    for (String name : names.split(",", -1)) {
      operations.add(
          Operation.find(name)
              .orElseThrow(() -> new IllegalArgumentException("There is no operation " + name)));
    }
    return operations;
  }

  private static EncryptionContext context(ByteBuffer aad) {
    Map<String, String> pairs = new LinkedHashMap<>();
    if (aad.hasRemaining()) {
      for (int left = aad.getShort(); left > 0; left--) {
        String name = text(aad);
        pairs.put(name, text(aad));
      }
    }
    return EncryptionContext.of(pairs);
  }

  private static String text(ByteBuffer aad) {
    byte[] bytes = new byte[Short.toUnsignedInt(aad.getShort())];
    aad.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
