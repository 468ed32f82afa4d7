// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.storage.KeyStorage;
import dev.strongroom.kms.storage.KeyStorage.AliasRow;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** CreateAlias, UpdateAlias, DeleteAlias and ListAliases. */
final class AliasAdministration {
  private static final int MAX_PER_KEY = 50;
  private static final String RESERVED = "alias/aws/";

  private final Gate gate;
  private final KeyStorage storage;
  private final KeyChanges changes;
  private final Clock clock;

  AliasAdministration(Gate gate, KeyStorage storage, KeyChanges changes, Clock clock) {
    this.gate = gate;
    this.storage = storage;
    this.changes = changes;
    this.clock = clock;
  }

  void create(Caller caller, Alias alias, KeyRef target) {
    Call call = call(caller, Operation.CREATE_ALIAS, alias);
    gate.run(
        call,
        target,
        null,
        live -> {
          requireFree(alias);
          changes.change(call, live.key(), key -> withNew(key, alias));
          return true;
        });
  }

  /**
   * @throws KmsException.Validation if names of that form are nobody's to give
   */
  static void requireFree(Alias alias) {
    if (alias.name().startsWith(RESERVED)) {
      throw new KmsException.Validation(
          "Aliases that begin with alias/aws/ are reserved. Choose another name.");
    }
  }

  private KmsKey withNew(KmsKey key, Alias alias) {
    requireNew(key, alias);
    if (key.aliases().size() >= MAX_PER_KEY) {
      throw new KmsException.LimitExceeded(
          key.arn() + " has 50 aliases, the most that a key can have. Delete one first.");
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return with(key, new KmsKey.NamedAlias(alias, now, now));
  }

  /** That the alias names no other key is the store's to say, which sees them all. */
  private static void requireNew(KmsKey key, Alias alias) {
    if (key.aliases().stream().anyMatch(named -> named.alias().equals(alias))) {
      throw new KmsException.AlreadyExists(
          "Alias " + alias + " names " + key.arn() + " already. There is nothing left to do.");
    }
  }

  void update(Caller caller, Alias alias, KeyRef target) {
    Call call = call(caller, Operation.UPDATE_ALIAS, alias);
    // The key that the alias leaves may itself be leaving, as in AWS.
    LiveKey from = gate.admitInAnyState(call, alias, null).key();
    Gate.Admission admission = gate.admit(call, target, null);
    LiveKey to = admission.key();
    gate.record(admission);
    gate.work(
        admission,
        () -> {
          move(call, alias, from.key(), to.key());
          return to;
        });
  }

  private void move(Call call, Alias alias, KmsKey from, KmsKey to) {
    if (from.keyId().equals(to.keyId())) {
      return;
    }
    if (from.spec().type() != to.spec().type() || from.usage() != to.usage()) {
      throw new KmsException.Validation(
          alias
              + " is the name of a key of spec "
              + from.spec()
              + " for "
              + from.usage()
              + "; it can move only to one of the same kind, and "
              + to.arn()
              + " is of spec "
              + to.spec()
              + " for "
              + to.usage()
              + ". Delete the alias and create it again.");
    }
    changes.changeAll(call, List.of(from, to), keys -> moved(alias, keys.get(0), keys.get(1)));
  }

  private List<KmsKey> moved(Alias alias, KmsKey from, KmsKey to) {
    Instant created = named(from, alias).creationDate();
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return List.of(without(from, alias), with(to, new KmsKey.NamedAlias(alias, created, now)));
  }

  /**
   * @throws KmsException.Conflict if the alias went elsewhere since the key was found by it
   */
  private static KmsKey.NamedAlias named(KmsKey key, Alias alias) {
    return key.aliases().stream()
        .filter(named -> named.alias().equals(alias))
        .findFirst()
        .orElseThrow(
            () ->
                new KmsException.Conflict(
                    alias
                        + " was moved or deleted by somebody else meanwhile. Look where it is"
                        + " now, and try again."));
  }

  void delete(Caller caller, Alias alias) {
    Call call = call(caller, Operation.DELETE_ALIAS, alias);
    gate.run(
        call,
        alias,
        null,
        live -> {
          changes.change(call, live.key(), key -> without(key, alias));
          return true;
        });
  }

  private static Call call(Caller caller, Operation operation, Alias alias) {
    return Call.of(caller, operation, Map.of(Call.ALIAS_NAME, alias.name()));
  }

  private static KmsKey with(KmsKey key, KmsKey.NamedAlias added) {
    List<KmsKey.NamedAlias> aliases = new ArrayList<>(key.aliases());
    aliases.removeIf(named -> named.alias().equals(added.alias()));
    aliases.add(added);
    return key.withAliases(aliases);
  }

  private static KmsKey without(KmsKey key, Alias alias) {
    KmsKey.NamedAlias gone = named(key, alias);
    return key.withAliases(key.aliases().stream().filter(named -> !named.equals(gone)).toList());
  }

  Kms.Page<AliasListEntry> list(
      Caller caller, @Nullable KeyRef ref, @Nullable String marker, int limit) {
    Pages.requireLimit(limit);
    if (ref != null) {
      return gate.run(
          Call.of(caller, Operation.LIST_ALIASES, Map.of("keyId", ref.text())),
          () -> ofKey(own(Call.of(caller, Operation.DESCRIBE_KEY), ref)));
    }
    Optional<Alias> after = Optional.ofNullable(marker).map(Pages::alias);
    return gate.run(
        Call.of(caller, Operation.LIST_ALIASES),
        () -> {
          List<AliasListEntry> entries =
              storage.listAliases(caller.accountId(), after, limit + 1).stream()
                  .map(AliasAdministration::entry)
                  .toList();
          return Pages.of(entries, limit, entry -> entry.alias().name());
        });
  }

  /** What a key is called in another account is nobody's to know, whatever its policy says. */
  private KmsKey own(Call call, KeyRef ref) {
    LiveKey key = gate.admit(call, ref, null).key();
    if (NamedKeys.isForeign(call, key)) {
      throw new KmsException.Validation(
          "ListAliases shows the aliases of keys of your own account, and "
              + ref.text()
              + " is of another.");
    }
    return key.key();
  }

  private static Kms.Page<AliasListEntry> ofKey(KmsKey key) {
    return new Kms.Page<>(
        key.aliases().stream()
            .map(
                named ->
                    new AliasListEntry(
                        named.alias(), key.keyId(), named.creationDate(), named.lastUpdatedDate()))
            .toList(),
        Optional.empty());
  }

  private static AliasListEntry entry(AliasRow row) {
    return new AliasListEntry(row.alias(), row.keyId(), row.creationDate(), row.lastUpdatedDate());
  }
}
