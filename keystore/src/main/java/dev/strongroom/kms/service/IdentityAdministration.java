// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.audit.AuditEvent;
import dev.strongroom.kms.audit.AuditTrail;
import dev.strongroom.kms.iam.Identities;
import dev.strongroom.kms.iam.IssuedAccessKey;
import dev.strongroom.kms.storage.KeyStorage.UserRow;
import java.util.List;
import java.util.Map;

/** Authentication, users and access keys. */
final class IdentityAdministration {
  private static final int MAX_ID = 128;

  private final Gate gate;
  private final Identities identities;
  private final AuditTrail trail;

  IdentityAdministration(Gate gate, Identities identities, AuditTrail trail) {
    this.gate = gate;
    this.identities = identities;
    this.trail = trail;
  }

  Caller authenticate(String accessKeyId, char[] secret) {
    try {
      return identities.authenticate(accessKeyId, secret);
    } catch (KmsException.UnrecognizedClient e) {
      recordFailure(accessKeyId, e);
      throw e;
    }
  }

  private void recordFailure(String accessKeyId, KmsException e) {
    String shown = accessKeyId.length() <= MAX_ID ? accessKeyId : accessKeyId.substring(0, MAX_ID);
    trail.record(
        new AuditEvent(
            "Authenticate",
            true,
            null,
            null,
            null,
            EncryptionContext.EMPTY,
            Map.of("accessKeyId", shown),
            null,
            e.errorCode(),
            e.getMessage()));
  }

  void createUser(Caller caller, String userName) {
    gate.run(
        Call.of(caller, Operation.CREATE_USER, Map.of("userName", userName)),
        () -> {
          identities.createUser(userName);
          return userName;
        });
  }

  NewAccessKey createAccessKey(Caller caller, String userName) {
    return gate.run(
        Call.of(caller, Operation.CREATE_ACCESS_KEY, Map.of("userName", userName)),
        () -> {
          try (IssuedAccessKey issued = identities.createAccessKey(userName)) {
            return new NewAccessKey(issued.accessKeyId(), userName, issued.secret().clone());
          }
        });
  }

  List<String> listUsers(Caller caller) {
    return gate.run(
        Call.of(caller, Operation.LIST_USERS),
        () -> identities.listUsers().stream().map(UserRow::name).toList());
  }
}
