// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.AuditRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Two accounts in one store: the management account, with a key, and another one. */
abstract class AccountScene {
  static final Alias APP = new Alias("alias/app");
  static final byte[] HELLO = {1, 2, 3};
  static final String ID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}";

  KmsFixture fixture;
  Kms kms;
  Iam iam;

  /** The root of the management account, with a key that it calls alias/app. */
  Caller ours;

  KeyArn key;

  /** The root of the other account, and a user there who may do everything in it. */
  Caller theirs;

  Caller bob;

  final Path home;

  AccountScene(Path home) {
    this.home = home;
  }

  @BeforeEach
  void open() {
    fixture = KmsFixture.in(home);
    kms = fixture.kms();
    iam = kms.iam();
    ours = fixture.root();
    key = keyOf(ours, APP);
    theirs = rootOf(kms.organizations().createAccount(ours, "tests"));
    bob = user(theirs, "bob");
    iam.putPolicy(theirs, IamKind.USER, "bob", "all", allow("*"));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  KeyArn keyOf(Caller caller, Alias alias) {
    CreateKeyRequest request = CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT);
    KeyArn arn = kms.createKey(caller, request).arn();
    kms.createAlias(caller, alias, arn);
    return arn;
  }

  Caller rootOf(Organizations.NewAccount account) {
    NewAccessKey root = account.rootAccessKey();
    return kms.authenticate(root.accessKeyId(), root.secret());
  }

  Caller user(Caller root, String name) {
    iam.createUser(root, name, null);
    NewAccessKey access = iam.createAccessKey(root, name);
    return kms.authenticate(access.accessKeyId(), access.secret());
  }

  static String allow(String action) {
    return """
        {"Version": "2012-10-17", "Statement": {
          "Effect": "Allow", "Action": "%s", "Resource": "*"}}"""
        .formatted(action);
  }

  /** Lets somebody use our key besides us. */
  void letUse(String principal, String action) {
    String policy = kms.getKeyPolicy(ours, key);
    int at = policy.indexOf('[') + 1;
    String statement =
        """
        {"Sid": "Ours %s", "Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "%s",
         "Resource": "*"},"""
            .formatted(UUID.randomUUID(), principal, action);
    kms.putKeyPolicy(ours, key, policy.substring(0, at) + statement + policy.substring(at));
  }

  byte[] encrypt(Caller caller, KeyRef ref) {
    return kms.encrypt(
            caller, ref, EncryptionAlgorithm.SYMMETRIC_DEFAULT, HELLO, EncryptionContext.EMPTY)
        .ciphertextBlob();
  }

  byte[] decrypt(Caller caller, byte[] blob) {
    return kms.decrypt(
            caller, null, EncryptionAlgorithm.SYMMETRIC_DEFAULT, blob, EncryptionContext.EMPTY)
        .plaintext();
  }

  static String message(Class<? extends KmsException> type, Runnable call) {
    return String.valueOf(assertThrows(type, call::run).getMessage()).replaceAll(ID, "<id>");
  }

  static void assertAlike(Class<? extends KmsException> type, Runnable foreign, Runnable missing) {
    assertEquals(
        message(type, missing).replaceAll("alias/none", "alias/app"), message(type, foreign));
  }

  static String trust(String principal) {
    return """
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow",
          "Principal": {"AWS": "%s"}, "Action": "sts:AssumeRole"}}"""
        .formatted(principal);
  }

  static AuditRecord only(List<AuditRecord> records, String event) {
    List<AuditRecord> found = named(records, event);
    assertEquals(1, found.size(), event);
    return found.get(0);
  }

  static List<AuditRecord> named(List<AuditRecord> records, String event) {
    return records.stream().filter(record -> record.eventName().equals(event)).toList();
  }
}
