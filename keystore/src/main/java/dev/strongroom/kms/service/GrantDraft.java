// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KeyType;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.grant.Grant;
import dev.strongroom.kms.authz.grant.GrantConstraint;
import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.key.KmsKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes a grant of what CreateGrant is asked for, and says what is wrong with it. */
final class GrantDraft {
  /** The parameter that names a grant. */
  static final String GRANT_ID = "grantId";

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9:/_-]{1,256}");
  private static final int MAX_PAIRS = 8;
  private static final int MAX_VALUE = 384;
  private static final long MOST_USES = 1_000_000_000;

  private static final Set<Operation> ALWAYS =
      EnumSet.of(Operation.CREATE_GRANT, Operation.RETIRE_GRANT, Operation.DESCRIBE_KEY);
  private static final Set<Operation> ENCRYPTING =
      EnumSet.of(
          Operation.ENCRYPT, Operation.DECRYPT, Operation.RE_ENCRYPT_FROM, Operation.RE_ENCRYPT_TO);
  private static final Set<Operation> DATA_KEYS =
      EnumSet.of(
          Operation.GENERATE_DATA_KEY,
          Operation.GENERATE_DATA_KEY_WITHOUT_PLAINTEXT,
          Operation.GENERATE_DATA_KEY_PAIR,
          Operation.GENERATE_DATA_KEY_PAIR_WITHOUT_PLAINTEXT);

  private GrantDraft() {}

  /** Returns the key that a call on grants names. */
  static KeyId keyId(KeyRef ref) {
    if (ref instanceof KeyId id) {
      return id;
    }
    if (ref instanceof KeyArn arn) {
      return arn.keyId();
    }
    throw new KmsException.Validation(
        "\""
            + ref.text()
            + "\" is an alias, which may move to another key. Grants take the key's id or ARN:"
            + " 'kms describe-key --key-id "
            + ref.text()
            + "' shows both.");
  }

  /**
   * Returns the grant.
   *
   * @param id new, random
   * @throws KmsException.Validation if something is not as it must be for any key
   * @throws KmsException.InvalidArn if a principal is none
   */
  static Grant of(CreateGrantRequest request, String id, String issuingAccount, Instant now) {
    requireName(request.name());
    if (request.operations().isEmpty() || !Grant.OPERATIONS.containsAll(request.operations())) {
      throw new KmsException.Validation(
          "A grant is for at least one of these operations: " + names(Grant.OPERATIONS) + ".");
    }
    if (request.expirationDate().filter(date -> !date.isAfter(now)).isPresent()) {
      throw new KmsException.Validation(
          "The grant would have expired at "
              + request.expirationDate().get()
              + ", and it is "
              + now.truncatedTo(ChronoUnit.SECONDS)
              + ". Choose a time to come.");
    }
    if (request.maxUses().isPresent()
        && (request.maxUses().getAsLong() < 1 || request.maxUses().getAsLong() > MOST_USES)) {
      throw new KmsException.Validation(
          "A grant can be used 1 to " + MOST_USES + " times, or has no such limit.");
    }
    return new Grant(
        id,
        keyId(request.key()),
        issuingAccount,
        principal(request.granteePrincipal()),
        request.retiringPrincipal().map(GrantDraft::principal),
        request.operations(),
        constraint(request.constraints()),
        request.name(),
        now.truncatedTo(ChronoUnit.MILLIS),
        request.expirationDate().map(date -> date.truncatedTo(ChronoUnit.MILLIS)),
        request.maxUses());
  }

  private static void requireName(String name) {
    if (!name.isEmpty() && !NAME.matcher(name).matches()) {
      throw new KmsException.Validation(
          "Not the name of a grant: \""
              + name
              + "\". Use 1 to 256 letters, digits or characters of :/_- such as \"nightly\".");
    }
  }

  /**
   * Returns the ARN of a principal.
   *
   * @throws KmsException.InvalidArn if it is none
   */
  static String principal(String text) {
    try {
      return Grant.principal(text);
    } catch (IllegalArgumentException e) {
      throw new KmsException.InvalidArn(String.valueOf(e.getMessage()));
    }
  }

  private static GrantConstraint constraint(GrantConstraints asked) {
    if (asked.isEmpty()) {
      return GrantConstraint.NONE;
    }
    if (asked.encryptionContextEquals().isPresent()
        && asked.encryptionContextSubset().isPresent()) {
      throw new KmsException.Validation(
          "A grant has one constraint: EncryptionContextEquals or EncryptionContextSubset, not"
              + " both.");
    }
    return asked
        .encryptionContextEquals()
        .map(context -> GrantConstraint.equalTo(withinLimits(context)))
        .orElseGet(
            () ->
                GrantConstraint.containing(
                    withinLimits(asked.encryptionContextSubset().orElseThrow())));
  }

  private static EncryptionContext withinLimits(EncryptionContext context) {
    boolean isShort =
        context.pairs().values().stream()
            .allMatch(value -> value.codePointCount(0, value.length()) <= MAX_VALUE);
    if (context.isEmpty() || context.pairs().size() > MAX_PAIRS || !isShort) {
      throw new KmsException.Validation(
          "The constraint of a grant has 1 to 8 pairs, with values of at most 384 characters.");
    }
    return context;
  }

  /**
   * Checks that the key can do what the grant is for.
   *
   * @throws KmsException.Validation if it cannot
   */
  static void requireFit(Grant grant, KmsKey key) {
    Set<Operation> possible = possible(key);
    if (!possible.containsAll(grant.operations())) {
      throw new KmsException.Validation(
          "The key "
              + key.keyId()
              + " has the spec "
              + key.spec()
              + " and the usage "
              + key.usage()
              + ". A grant on it can be for: "
              + names(possible)
              + ".");
    }
    if (grant.constraint().kind() != GrantConstraint.Kind.NONE
        && key.spec().type() != KeyType.SYMMETRIC) {
      throw new KmsException.Validation(
          "A key of spec "
              + key.spec()
              + " has no encryption context that a grant could ask for. Leave the constraints out.");
    }
  }

  private static Set<Operation> possible(KmsKey key) {
    Set<Operation> possible = EnumSet.copyOf(ALWAYS);
    if (key.spec().isAsymmetric()) {
      possible.add(Operation.GET_PUBLIC_KEY);
    }
    KeyUsage usage = key.usage();
    switch (usage) {
      case ENCRYPT_DECRYPT -> {
        possible.addAll(ENCRYPTING);
        if (key.spec().type() == KeyType.SYMMETRIC) {
          possible.addAll(DATA_KEYS);
        }
      }
      case SIGN_VERIFY -> possible.addAll(EnumSet.of(Operation.SIGN, Operation.VERIFY));
      case GENERATE_VERIFY_MAC ->
          possible.addAll(EnumSet.of(Operation.GENERATE_MAC, Operation.VERIFY_MAC));
      case KEY_AGREEMENT -> possible.add(Operation.DERIVE_SHARED_SECRET);
      case KEY_ENCAPSULATION -> possible.add(Operation.DECAPSULATE);
    }
    return possible;
  }

  private static String names(Set<Operation> operations) {
    return operations.stream().map(Operation::apiName).collect(Collectors.joining(", "));
  }

  /** Returns what the trail shows of CreateGrant, by CloudTrail's names. */
  static Map<String, String> parameters(Grant grant) {
    Map<String, @Nullable String> shown = new TreeMap<>();
    shown.put(GRANT_ID, grant.id());
    shown.put("granteePrincipal", grant.grantee());
    shown.put("retiringPrincipal", grant.retiring().orElse(null));
    shown.put("operations", names(grant.operations()));
    shown.put("name", grant.name().isEmpty() ? null : grant.name());
    shown.put("expirationDate", grant.expiry().map(Instant::toString).orElse(null));
    shown.put(
        "maxUses", grant.maxUses().isPresent() ? Long.toString(grant.maxUses().getAsLong()) : null);
    if (grant.constraint().kind() != GrantConstraint.Kind.NONE) {
      shown.put(
          "constraints",
          Json.write(Map.of(grant.constraint().typeName(), grant.constraint().context().pairs())));
    }
    Map<String, String> parameters = new TreeMap<>();
    shown.forEach(
        (name, value) -> {
          if (value != null) {
            parameters.put(name, value);
          }
        });
    return parameters;
  }
}
