// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.KmsException.AccessDenied;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The role batch, which alice may assume where a trust policy lets her. */
abstract class RoleScene extends AliceScene {
  static final String ACCOUNT = "arn:aws:iam::000000000000:";
  static final String ROLE = ACCOUNT + "role/batch";
  static final String SESSION = "arn:aws:sts::000000000000:assumed-role/batch/nightly";

  void role(String trust) {
    iam.createRole(root, "batch", new Iam.CreateRoleRequest(trust, null, null, null));
  }

  void usefulRole(String trust) {
    role(trust);
    iam.putPolicy(root, IamKind.ROLE, "batch", "use", allow("kms:*"));
  }

  static String trust(String principal) {
    return trust(principal, "");
  }

  static String trust(String principal, String condition) {
    return """
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow",
          "Principal": {"AWS": "%s"}, "Action": "sts:AssumeRole"%s}}"""
        .formatted(principal, condition);
  }

  static String allow(String action) {
    return """
        {"Version": "2012-10-17", "Statement": {
          "Effect": "Allow", "Action": "%s", "Resource": "*"}}"""
        .formatted(action);
  }

  static Sts.AssumeRoleRequest request() {
    return Sts.AssumeRoleRequest.of(ROLE, "nightly");
  }

  static Sts.AssumeRoleRequest narrowed(@Nullable String policy, String... arns) {
    return new Sts.AssumeRoleRequest(ROLE, "nightly", null, policy, List.of(arns), null);
  }

  Caller assume(Caller caller, Sts.AssumeRoleRequest request) {
    try (Credentials credentials = kms.sts().assumeRole(caller, request).credentials()) {
      return kms.authenticate(credentials);
    }
  }

  void use(Caller caller) {
    kms.generateDataKey(caller, key, 32, EncryptionContext.EMPTY).destroy();
  }

  void assertMayNot(Caller caller) {
    assertThrows(AccessDenied.class, () -> use(caller));
  }

  static String message(Class<? extends KmsException> type, Runnable call) {
    return String.valueOf(assertThrows(type, call::run).getMessage());
  }
}
