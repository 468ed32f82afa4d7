// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.IamKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A user, group, role or managed policy as the store keeps it, with everything that belongs to it
 * but the access keys of a user.
 *
 * @param id AWS's shape, {@code AIDA…}; unique for ever
 * @param parts in the order of their types and names
 */
public record IamRecord(
    IamKind kind,
    String account,
    String name,
    String id,
    Instant creationDate,
    List<IamPart> parts) {

  public IamRecord {
    parts = List.copyOf(parts);
  }

  /** Returns the parts of one type. */
  public List<IamPart> parts(IamPart.Type type) {
    return parts.stream().filter(part -> part.type() == type).toList();
  }

  public Optional<IamPart> part(IamPart.Type type, String name) {
    return parts.stream()
        .filter(part -> part.type() == type && part.name().equals(name))
        .findFirst();
  }

  /** Returns the text of a part that is there once; empty where it is not there. */
  public Optional<String> text(IamPart.Type type) {
    return part(type, "").map(IamPart::text);
  }

  /** Returns the ARN of the managed policy that bounds it; empty where none does. */
  public Optional<String> boundary() {
    return parts(IamPart.Type.BOUNDARY).stream().map(IamPart::name).findFirst();
  }

  /** Returns the tags by their keys. */
  public Map<String, String> tags() {
    return parts(IamPart.Type.TAG).stream()
        .collect(Collectors.toMap(IamPart::name, IamPart::text, (a, b) -> b, TreeMap::new));
  }

  /** Returns this record bounded by another managed policy. */
  public IamRecord boundedBy(String policyArn, Instant at) {
    return unbounded().with(new IamPart(IamPart.Type.BOUNDARY, policyArn, "", at));
  }

  /** Returns this record without a boundary. */
  public IamRecord unbounded() {
    return withParts(parts.stream().filter(p -> p.type() != IamPart.Type.BOUNDARY).toList());
  }

  /** Returns this record with a part, in the place of one of the same type and name. */
  public IamRecord with(IamPart part) {
    List<IamPart> all = new ArrayList<>(without(part.type(), part.name()).parts);
    all.add(part);
    return withParts(all);
  }

  /** Returns this record with a part that is there once. */
  public IamRecord with(IamPart.Type type, String text, Instant at) {
    return with(IamPart.single(type, text, at));
  }

  public IamRecord without(IamPart.Type type, String partName) {
    return withParts(
        parts.stream()
            .filter(part -> part.type() != type || !part.name().equals(partName))
            .toList());
  }

  private IamRecord withParts(List<IamPart> all) {
    return new IamRecord(kind, account, name, id, creationDate, all);
  }

  public String arn() {
    return kind.arn(account, name);
  }
}
