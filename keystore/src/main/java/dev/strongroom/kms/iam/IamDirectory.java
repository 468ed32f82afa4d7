// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.iam;

import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.authz.policy.Policy;
import dev.strongroom.kms.authz.policy.PolicyKind;
import dev.strongroom.kms.storage.IamPart;
import dev.strongroom.kms.storage.IamRecord;
import dev.strongroom.kms.storage.IdentityStorage;
import dev.strongroom.kms.storage.IdentityStorage.View;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Users, groups and roles: making, finding and deleting them, and who is in a group. */
public final class IamDirectory {

  /** How long a session of a role may last where nothing else is said; AWS's default. */
  public static final int DEFAULT_SESSION_SECONDS = 3600;

  static final int MIN_SESSION_SECONDS = 3600;
  static final int MAX_SESSION_SECONDS = 43_200;
  private static final int GROUPS_PER_USER = 10;
  private static final int TAGS_PER_ENTITY = 50;

  private final IdentityStorage storage;
  private final AccessKeySecrets secrets;
  private final Clock clock;

  public IamDirectory(IdentityStorage storage, AccessKeySecrets secrets, Clock clock) {
    this.storage = storage;
    this.secrets = secrets;
    this.clock = clock;
  }

  /** What is said of a role when it is made. */
  public record NewRole(String trustPolicy, String description, int maxSessionSeconds) {}

  /**
   * Makes a user or group.
   *
   * @param boundary the ARN of a managed policy; null for none
   * @param tags no two with the same key but for its case; groups have none
   * @throws KmsException.Validation if the name has not the right form
   * @throws KmsException.EntityAlreadyExists if there is one of that name
   */
  public IamRecord create(
      IamKind kind,
      String account,
      String name,
      @Nullable String boundary,
      Map<String, String> tags) {
    Instant now = clock.instant();
    return create(kind, account, name, boundary, record -> withTags(record, tags, now));
  }

  /** Makes a role, as {@link #create}; its trust policy says who may assume it. */
  public IamRecord createRole(
      String account,
      String name,
      NewRole role,
      @Nullable String boundary,
      Map<String, String> tags) {
    checkTrust(role.trustPolicy());
    checkSession(role.maxSessionSeconds());
    IamNames.checkDescription(role.description());
    Instant now = clock.instant();
    return create(
        IamKind.ROLE,
        account,
        name,
        boundary,
        record ->
            withTags(record, tags, now)
                .with(IamPart.Type.TRUST, role.trustPolicy(), now)
                .with(IamPart.Type.DESCRIPTION, role.description(), now)
                .with(IamPart.Type.MAX_SESSION, String.valueOf(role.maxSessionSeconds()), now));
  }

  private IamRecord create(
      IamKind kind,
      String account,
      String name,
      @Nullable String boundary,
      UnaryOperator<IamRecord> fill) {
    IamNames.check(kind, name);
    Instant now = clock.instant();
    IamRecord bare =
        new IamRecord(kind, account, name, secrets.newId(kind.idPrefix()), now, List.of());
    return storage.change(
        edit -> {
          if (edit.find(kind, account, name).isPresent()) {
            throw new KmsException.EntityAlreadyExists(
                "There is a " + kind.word() + " " + name + " already. Choose another name.");
          }
          IamRecord record = fill.apply(bare);
          if (boundary != null) {
            ManagedPolicies.require(edit, account, boundary);
            record = record.boundedBy(boundary, now);
          }
          edit.put(record);
          return record;
        });
  }

  private static void checkTrust(String policy) {
    Policy.parse(PolicyKind.TRUST, "", policy);
  }

  private static void checkSession(int seconds) {
    if (seconds < MIN_SESSION_SECONDS || seconds > MAX_SESSION_SECONDS) {
      throw new KmsException.Validation(
          "A session lasts "
              + MIN_SESSION_SECONDS
              + " to "
              + MAX_SESSION_SECONDS
              + " seconds at most, not "
              + seconds
              + ".");
    }
  }

  /**
   * @throws KmsException.NoSuchEntity if there is none of that name
   */
  public IamRecord get(IamKind kind, String account, String name) {
    return storage.find(kind, account, name).orElseThrow(() -> IamNames.missing(kind, name));
  }

  public List<IamRecord> list(IamKind kind, String account) {
    return storage.list(kind, account);
  }

  /** A group with the users that are in it, by name. */
  public record Members(IamRecord group, List<IamRecord> users) {}

  /** Returns a group and the users that are in it. */
  public Members members(String account, String group) {
    return storage.view(
        view ->
            new Members(
                require(view, IamKind.GROUP, account, group),
                view.holders(IamKind.USER, account, IamPart.Type.GROUP, group).stream()
                    .flatMap(name -> view.find(IamKind.USER, account, name).stream())
                    .toList()));
  }

  /**
   * Deletes a user, group or role that has nothing any more.
   *
   * @throws KmsException.DeleteConflict if it still has policies, access keys or members
   */
  public void delete(IamKind kind, String account, String name) {
    storage.change(
        edit -> {
          IamRecord record = require(edit, kind, account, name);
          obstacle(edit, record)
              .ifPresent(
                  first -> {
                    throw new KmsException.DeleteConflict(
                        "The " + kind.word() + " " + name + " cannot be deleted yet: " + first);
                  });
          edit.delete(record);
          return record;
        });
  }

  private static Optional<String> obstacle(View view, IamRecord record) {
    String word = record.kind().word();
    if (!record.parts(IamPart.Type.INLINE).isEmpty()) {
      return Optional.of(
          "it has inline policies. Delete them first, with 'iam delete-" + word + "-policy'.");
    }
    if (!record.parts(IamPart.Type.ATTACHED).isEmpty()) {
      return Optional.of(
          "it has attached policies. Detach them first, with 'iam detach-" + word + "-policy'.");
    }
    if (!record.parts(IamPart.Type.GROUP).isEmpty()) {
      return Optional.of("it is in a group. Use 'iam remove-user-from-group' first.");
    }
    return switch (record.kind()) {
      case USER ->
          view.accessKeys(record.account(), record.name()).isEmpty()
              ? Optional.empty()
              : Optional.of("it has access keys. Use 'iam delete-access-key' first.");
      case GROUP ->
          view.holders(IamKind.USER, record.account(), IamPart.Type.GROUP, record.name()).isEmpty()
              ? Optional.empty()
              : Optional.of("users are in it. Use 'iam remove-user-from-group' first.");
      case ROLE -> Optional.empty();
      case POLICY -> throw new IllegalArgumentException("See ManagedPolicies");
    };
  }

  /** Says anew who may assume a role. */
  public void updateTrust(String account, String role, String policy) {
    checkTrust(policy);
    change(
        IamKind.ROLE,
        account,
        role,
        record -> record.with(IamPart.Type.TRUST, policy, clock.instant()));
  }

  /** Says anew how long sessions of a role may last, and what it is for. */
  public void updateRole(
      String account, String role, @Nullable Integer maxSeconds, @Nullable String description) {
    if (maxSeconds != null) {
      checkSession(maxSeconds);
    }
    if (description != null) {
      IamNames.checkDescription(description);
    }
    Instant now = clock.instant();
    change(
        IamKind.ROLE,
        account,
        role,
        record -> {
          IamRecord changed = record;
          if (maxSeconds != null) {
            changed = changed.with(IamPart.Type.MAX_SESSION, String.valueOf(maxSeconds), now);
          }
          return description == null
              ? changed
              : changed.with(IamPart.Type.DESCRIPTION, description, now);
        });
  }

  /**
   * Puts tags on a user or role, in the place of those of the same keys; unlike those of keys, they
   * are the same in upper and lower case, as in AWS.
   *
   * @throws KmsException.LimitExceeded if it would have more than {@value #TAGS_PER_ENTITY}
   */
  public void tag(IamKind kind, String account, String name, Map<String, String> tags) {
    Instant now = clock.instant();
    change(
        kind,
        account,
        name,
        record -> {
          IamRecord tagged = withTags(record, tags, now);
          if (tagged.tags().size() > TAGS_PER_ENTITY) {
            throw new KmsException.LimitExceeded(
                "The "
                    + kind.word()
                    + " "
                    + name
                    + " would have "
                    + tagged.tags().size()
                    + " tags; it can have "
                    + TAGS_PER_ENTITY
                    + ". Take some off first.");
          }
          return tagged;
        });
  }

  /** Takes tags off a user or role; those that it does not have are passed over. */
  public void untag(IamKind kind, String account, String name, Collection<String> tagKeys) {
    change(kind, account, name, record -> withoutTags(record, tagKeys));
  }

  private static IamRecord withTags(IamRecord record, Map<String, String> tags, Instant now) {
    IamRecord tagged = withoutTags(record, tags.keySet());
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      tagged = tagged.with(new IamPart(IamPart.Type.TAG, tag.getKey(), tag.getValue(), now));
    }
    return tagged;
  }

  private static IamRecord withoutTags(IamRecord record, Collection<String> tagKeys) {
    IamRecord left = record;
    for (String present : record.tags().keySet()) {
      if (tagKeys.stream().anyMatch(present::equalsIgnoreCase)) {
        left = left.without(IamPart.Type.TAG, present);
      }
    }
    return left;
  }

  private void change(IamKind kind, String account, String name, UnaryOperator<IamRecord> how) {
    storage.change(
        edit -> {
          IamRecord changed = how.apply(require(edit, kind, account, name));
          edit.put(changed);
          return changed;
        });
  }

  /**
   * Puts a user into a group; one that is in it already stays so.
   *
   * @throws KmsException.LimitExceeded if the user is in {@value #GROUPS_PER_USER} groups
   */
  public void addToGroup(String account, String group, String user) {
    storage.change(
        edit -> {
          require(edit, IamKind.GROUP, account, group);
          IamRecord record = require(edit, IamKind.USER, account, user);
          IamRecord changed =
              record.with(new IamPart(IamPart.Type.GROUP, group, "", clock.instant()));
          if (changed.parts(IamPart.Type.GROUP).size() > GROUPS_PER_USER) {
            throw new KmsException.LimitExceeded(
                "User "
                    + user
                    + " is in "
                    + GROUPS_PER_USER
                    + " groups, which is the limit. Remove it from one first.");
          }
          edit.put(changed);
          return changed;
        });
  }

  public void removeFromGroup(String account, String group, String user) {
    storage.change(
        edit -> {
          require(edit, IamKind.GROUP, account, group);
          IamRecord record = require(edit, IamKind.USER, account, user);
          edit.put(record.without(IamPart.Type.GROUP, group));
          return record;
        });
  }

  /** Returns the groups that a user is in. */
  public List<IamRecord> groupsOf(String account, String user) {
    return storage.view(
        view ->
            require(view, IamKind.USER, account, user).parts(IamPart.Type.GROUP).stream()
                .flatMap(part -> view.find(IamKind.GROUP, account, part.name()).stream())
                .toList());
  }

  static IamRecord require(View view, IamKind kind, String account, String name) {
    return view.find(kind, account, name).orElseThrow(() -> IamNames.missing(kind, name));
  }
}
