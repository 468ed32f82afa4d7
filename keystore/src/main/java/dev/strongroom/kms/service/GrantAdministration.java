// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.grant.Grant;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.storage.GrantStorage;
import dev.strongroom.kms.storage.GrantStorage.Position;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** CreateGrant, ListGrants, ListRetirableGrants, RetireGrant and RevokeGrant. */
final class GrantAdministration {
  private static final int MAX_ID = 128;
  private static final int ID_BYTES = 32;

  private final Gate gate;
  private final ApprovalGate guarded;
  private final NamedKeys names;
  private final KeyCache keys;
  private final GrantTokens tokens;
  private final GrantStorage storage;
  private final ApprovalDesk desk;
  private final SecureRandom random;
  private final Clock clock;

  GrantAdministration(
      Gate gate,
      ApprovalGate guarded,
      NamedKeys names,
      KeyCache keys,
      GrantTokens tokens,
      GrantStorage storage,
      ApprovalDesk desk,
      SecureRandom random,
      Clock clock) {
    this.gate = gate;
    this.guarded = guarded;
    this.names = names;
    this.keys = keys;
    this.tokens = tokens;
    this.storage = storage;
    this.desk = desk;
    this.random = random;
    this.clock = clock;
  }

  CreateGrantResult create(Caller caller, CreateGrantRequest request) {
    Grant drafted = GrantDraft.of(request, newId(), caller.accountId(), clock.instant());
    Call asked = Call.of(caller, Operation.CREATE_GRANT, GrantDraft.parameters(drafted));
    gate.requireLive(asked);
    // The record names the grant before it is made; the same call made it the last time.
    Grant grant = sameAs(drafted).orElse(drafted);
    return guarded.runChange(
        asked.with(GrantDraft.GRANT_ID, grant.id()),
        request.key(),
        grant,
        (live, approved) -> {
          GrantDraft.requireFit(grant, live.key());
          if (caller.isDryRun()) {
            requireRoom(live);
            return new CreateGrantResult(grant.id(), "");
          }
          Grant made =
              live.grants().find(grant.id()) != null ? grant : make(grant, live.key(), approved);
          return new CreateGrantResult(made.id(), tokens.issue(made));
        });
  }

  /** The store makes room by those that have expired. */
  private void requireRoom(LiveKey live) {
    KeyId key = live.key().keyId();
    if (live.grants().size() < GrantStorage.MAX_PER_KEY) {
      return;
    }
    Instant now = clock.instant();
    long current =
        storage.list(key, Optional.empty(), "", GrantStorage.MAX_PER_KEY).stream()
            .filter(grant -> grant.isCurrentAt(now))
            .count();
    if (current >= GrantStorage.MAX_PER_KEY) {
      throw GrantStorage.tooMany(key.text(), current);
    }
  }

  private Grant make(Grant grant, KmsKey admitted, Optional<ApprovalDesk.Approved> approved) {
    return storage
        .create(
            List.of(grant),
            clock.instant(),
            key -> KeyChanges.requireSameRule(admitted, key),
            approved.map(desk::use))
        .get(0);
  }

  private String newId() {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  private Optional<Grant> sameAs(Grant drafted) {
    return drafted.name().isEmpty()
        ? Optional.empty()
        : keys.find(drafted.keyId()).stream()
            .flatMap(live -> live.grants().ofGrantee(drafted.grantee()).stream())
            .filter(known -> known.saysTheSameAs(drafted))
            .findFirst();
  }

  Kms.Page<GrantListEntry> list(
      Caller caller, KeyRef ref, GrantFilter filter, @Nullable String marker, int limit) {
    Pages.requireLimit(limit);
    KeyId key = GrantDraft.keyId(ref);
    Map<String, String> parameters = new TreeMap<>();
    filter.grantId().ifPresent(id -> parameters.put(GrantDraft.GRANT_ID, requireId(id)));
    Optional<String> grantee = filter.granteePrincipal().map(GrantDraft::principal);
    grantee.ifPresent(arn -> parameters.put("granteePrincipal", arn));
    return gate.run(
        Call.of(caller, Operation.LIST_GRANTS, parameters),
        ref,
        null,
        live -> {
          if (filter.grantId().isPresent()) {
            return one(live.grants().find(filter.grantId().get()), grantee);
          }
          String after = marker == null ? "" : requireId(marker);
          return Pages.of(
              storage.list(key, grantee, after, limit + 1).stream().map(this::entry).toList(),
              limit,
              GrantListEntry::grantId);
        });
  }

  private Kms.Page<GrantListEntry> one(@Nullable Grant grant, Optional<String> grantee) {
    boolean isMeant = grant != null && (grantee.isEmpty() || grantee.get().equals(grant.grantee()));
    return new Kms.Page<>(
        grant != null && isMeant ? List.of(entry(grant)) : List.of(), Optional.empty());
  }

  private GrantListEntry entry(Grant grant) {
    return GrantListEntry.of(arn(grant.keyId()), grant);
  }

  private KeyArn arn(KeyId id) {
    return keys.find(id)
        .map(live -> live.key().arn())
        .orElseThrow(() -> new KmsException.NotFound("There is no key " + id.text() + "."));
  }

  private static String requireId(String id) {
    if (id.isEmpty() || id.length() > MAX_ID) {
      throw new KmsException.Validation(
          "The id of a grant has 1 to 128 characters. 'kms list-grants' shows the ids.");
    }
    return id;
  }

  Kms.Page<GrantListEntry> listRetirable(
      Caller caller, String retiringPrincipal, @Nullable String marker, int limit) {
    Pages.requireLimit(limit);
    String retiring = GrantDraft.principal(retiringPrincipal);
    if (!retiring.split(":", -1)[4].equals(caller.accountId())) {
      throw new KmsException.Validation(
          retiring + " is of another account: ask for the grants that one of your own retires.");
    }
    Optional<Position> after = Optional.ofNullable(marker).map(GrantAdministration::position);
    return gate.run(
        Call.of(caller, Operation.LIST_RETIRABLE_GRANTS, Map.of("retiringPrincipal", retiring)),
        () ->
            Pages.of(
                storage.listRetirable(retiring, after, limit + 1).stream()
                    .map(this::entry)
                    .toList(),
                limit,
                entry -> entry.key().keyId().text() + "/" + entry.grantId()));
  }

  private static Position position(String marker) {
    int slash = marker.indexOf('/');
    return new Position(
        Pages.keyId(slash < 0 ? marker : marker.substring(0, slash)),
        slash < 0 ? "" : marker.substring(slash + 1));
  }

  void retire(Caller caller, String grantToken) {
    GrantTokens.Presented presented;
    try {
      presented = tokens.read(grantToken);
    } catch (KmsException.InvalidGrantToken e) {
      throw gate.refused(Call.of(caller, Operation.RETIRE_GRANT), e);
    }
    KeyRef key =
        keys.find(presented.key()).<KeyRef>map(live -> live.key().arn()).orElse(presented.key());
    end(caller, key, presented.grantId(), new KmsException.InvalidGrantToken());
  }

  void retire(Caller caller, KeyRef ref, String grantId) {
    GrantDraft.keyId(ref);
    end(caller, ref, requireId(grantId), unknown(grantId));
  }

  private void end(Caller caller, KeyRef ref, String grantId, KmsException unknown) {
    Call call = Call.of(caller, Operation.RETIRE_GRANT, Map.of(GrantDraft.GRANT_ID, grantId));
    gate.requireLive(call);
    Grant grant = find(caller, ref, grantId).orElse(null);
    boolean mayLearn = gate.mayLearnOfAbsence(call) && names.arnOf(call, ref).isPresent();
    if (grant == null && mayLearn) {
      throw gate.refused(call, unknown);
    }
    gate.runOnGrant(call, ref, grant, live -> end(call, live, grantId, unknown));
  }

  /** Looks in the store as well: another process may have made it a moment ago. */
  private Optional<Grant> find(Caller caller, KeyRef ref, String grantId) {
    Optional<LiveKey> found = keys.find(ref, caller.accountId());
    Optional<Grant> known = found.map(live -> live.grants().find(grantId));
    return known.isPresent()
        ? known
        : found
            .flatMap(live -> keys.findNow(live.key().keyId()))
            .map(live -> live.grants().find(grantId));
  }

  private boolean end(Call call, LiveKey live, String grantId, KmsException unknown) {
    boolean isThere =
        call.isDryRun()
            ? live.grants().find(grantId) != null
            : storage.end(live.key().keyId(), grantId).isPresent();
    if (!isThere) {
      throw unknown;
    }
    return true;
  }

  private static KmsException unknown(String grantId) {
    return new KmsException.NotFound(
        "The key has no grant "
            + grantId
            + ": it was retired or revoked, or never was. 'kms list-grants' shows those there are.");
  }

  void revoke(Caller caller, KeyRef ref, String grantId) {
    GrantDraft.keyId(ref);
    requireId(grantId);
    Call call = Call.of(caller, Operation.REVOKE_GRANT, Map.of(GrantDraft.GRANT_ID, grantId));
    gate.run(call, ref, null, live -> end(call, live, grantId, unknown(grantId)));
  }
}
