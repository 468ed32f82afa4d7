// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.grant.GrantSet;
import dev.strongroom.kms.authz.request.AccessRequest;
import dev.strongroom.kms.authz.request.KeyFacts;
import dev.strongroom.kms.authz.request.RequestDetails;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** The requests of the tests: about one key of account 111122223333, at noon. */
final class Requests {
  static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");
  static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);
  static final KeyFacts KEY =
      new KeyFacts(
          KeyArn.parse("arn:aws:kms:eu-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
          CmkSpec.SYMMETRIC_DEFAULT,
          KeyUsage.ENCRYPT_DECRYPT,
          KeyOrigin.AWS_KMS,
          List.of(new Alias("alias/payroll")),
          Map.of("team", "blue"));

  private Requests() {}

  static AccessRequest onKey(Identity caller, Operation operation) {
    return onKey(caller, operation, RequestDetails.NONE);
  }

  static AccessRequest onKey(Identity caller, Operation operation, RequestDetails details) {
    return AccessRequest.onKey(caller.principal(), operation, KEY, details, CLOCK);
  }

  static AccessRequest inAccount(Identity caller, Operation operation) {
    return AccessRequest.inAccount(caller.principal(), operation, "*", RequestDetails.NONE, CLOCK);
  }

  static Decision decide(Identity caller, Operation operation, String keyPolicy) {
    return decide(caller, onKey(caller, operation), keyPolicy, GrantSet.EMPTY);
  }

  static Decision decide(
      Identity caller, AccessRequest request, String keyPolicy, GrantSet grants) {
    return Authorizer.ofKey(KeyPolicy.parse(keyPolicy), Callers.ACCOUNT, grants)
        .decide(caller, request);
  }
}
