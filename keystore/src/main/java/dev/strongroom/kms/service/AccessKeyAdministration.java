// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.iam.AccessKeys;
import dev.strongroom.kms.iam.IamDirectory;
import dev.strongroom.kms.iam.IssuedAccessKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The administration of access keys.
 *
 * <p>Who has a key of the account root is the root. So nobody else has access to these, whatever
 * policies say: one that lets somebody manage the keys of all users, with {@code "Resource": "*"},
 * would otherwise give the account away.
 */
final class AccessKeyAdministration {
  private static final String ACCESS_KEY_ID = "accessKeyId";

  private final Gate gate;
  private final IamDirectory directory;
  private final AccessKeys accessKeys;

  AccessKeyAdministration(Gate gate, IamDirectory directory, AccessKeys accessKeys) {
    this.gate = gate;
    this.directory = directory;
    this.accessKeys = accessKeys;
  }

  /** A call about the access keys of a user, or of the account root, whose name is empty. */
  private static Call about(
      Caller caller, Operation operation, String user, Map<String, String> parameters) {
    if (user.isEmpty()) {
      return Call.of(caller, operation, parameters).about(root(caller));
    }
    Map<String, String> more = new HashMap<>(parameters);
    more.put("userName", user);
    return Call.of(caller, operation, Map.copyOf(more))
        .about(IamKind.USER.arn(caller.accountId(), user));
  }

  private static String root(Caller caller) {
    return "arn:aws:iam::" + caller.accountId() + ":root";
  }

  private <T> T run(Call call, Supplier<T> work) {
    Caller caller = call.caller();
    if (call.resource().equals(root(caller)) && caller.kind() != Caller.Kind.ROOT) {
      throw gate.refuse(
          call,
          call.notAuthorized()
              + " on access keys of the account root because only the account root itself may,"
              + " whatever policies say; name a user");
    }
    return gate.run(call, work);
  }

  NewAccessKey create(Caller caller, String user) {
    return run(
        about(caller, Operation.CREATE_ACCESS_KEY, user, Map.of()),
        () -> {
          try (IssuedAccessKey issued = accessKeys.create(caller.accountId(), user)) {
            return new NewAccessKey(
                issued.accessKeyId(), user, issued.secret(), issued.creationDate());
          }
        });
  }

  List<Iam.AccessKeyMetadata> list(Caller caller, String user) {
    return run(
        about(caller, Operation.LIST_ACCESS_KEYS, user, Map.of()),
        () -> {
          if (!user.isEmpty()) {
            directory.get(IamKind.USER, caller.accountId(), user);
          }
          return accessKeys.list(caller.accountId(), user).stream()
              .map(IamShapes::accessKey)
              .toList();
        });
  }

  void update(Caller caller, String user, String accessKeyId, boolean active) {
    Map<String, String> parameters =
        Map.of(ACCESS_KEY_ID, accessKeyId, "status", active ? "Active" : "Inactive");
    Call call = about(caller, Operation.UPDATE_ACCESS_KEY, user, parameters);
    run(
        call,
        () -> {
          accessKeys.update(caller.accountId(), user, accessKeyId, active);
          return call;
        });
  }

  void delete(Caller caller, String user, String accessKeyId) {
    Call call =
        about(caller, Operation.DELETE_ACCESS_KEY, user, Map.of(ACCESS_KEY_ID, accessKeyId));
    run(
        call,
        () -> {
          accessKeys.delete(caller.accountId(), user, accessKeyId);
          return call;
        });
  }

  /**
   * The caller names a key, and policies the user that has it; one that is not there is nobody's.
   */
  Iam.AccessKeyLastUsed lastUsed(Caller caller, String accessKeyId) {
    String account = caller.accountId();
    Operation operation = Operation.GET_ACCESS_KEY_LAST_USED;
    Map<String, String> parameters = Map.of(ACCESS_KEY_ID, accessKeyId);
    Call call =
        accessKeys
            .find(account, accessKeyId)
            .map(key -> about(caller, operation, key.userName(), parameters))
            .orElseGet(() -> Call.of(caller, operation, parameters));
    return run(
        call,
        () ->
            IamShapes.lastUsed(
                accessKeys.get(account, accessKeyId), accessKeys.lastUse(accessKeyId)));
  }
}
