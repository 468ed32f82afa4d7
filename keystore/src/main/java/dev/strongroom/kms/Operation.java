// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The operations of the KMS, by AWS's names; those on certificates, on PKCS#1 decryption and on
 * approvals, those that explain and those that sum up, that on the clock and that which restores
 * material, which AWS does not have, are named in its style. The one table of what an operation is
 * about, what it asks of a key's state, and whether it changes anything.
 */
public enum Operation {
  // spotless:off
  //                                    name                                  about          state                 read only
  CREATE_KEY                           ("CreateKey",                           Scope.ACCOUNT, StateRule.ANY,         false),
  DESCRIBE_KEY                         ("DescribeKey",                         Scope.KEY,     StateRule.ANY,         true),
  LIST_KEYS                            ("ListKeys",                            Scope.ACCOUNT, StateRule.ANY,         true),
  UPDATE_KEY_DESCRIPTION               ("UpdateKeyDescription",                Scope.KEY,     StateRule.NOT_LEAVING, false),
  GET_KEY_POLICY                       ("GetKeyPolicy",                        Scope.KEY,     StateRule.ANY,         true),
  PUT_KEY_POLICY                       ("PutKeyPolicy",                        Scope.KEY,     StateRule.ANY,         false),
  TAG_RESOURCE                         ("TagResource",                         Scope.KEY,     StateRule.NOT_LEAVING, false),
  UNTAG_RESOURCE                       ("UntagResource",                       Scope.KEY,     StateRule.NOT_LEAVING, false),
  LIST_RESOURCE_TAGS                   ("ListResourceTags",                    Scope.KEY,     StateRule.ANY,         true),
  UPDATE_PKCS1_DECRYPTION              ("UpdatePkcs1Decryption",               Scope.KEY,     StateRule.NOT_LEAVING, false),
  CREATE_GRANT                         ("CreateGrant",                         Scope.KEY,     StateRule.USABLE,      false),
  LIST_GRANTS                          ("ListGrants",                          Scope.KEY,     StateRule.ANY,         true),
  LIST_RETIRABLE_GRANTS                ("ListRetirableGrants",                 Scope.ACCOUNT, StateRule.ANY,         true),
  RETIRE_GRANT                         ("RetireGrant",                         Scope.KEY,     StateRule.ANY,         false),
  REVOKE_GRANT                         ("RevokeGrant",                         Scope.KEY,     StateRule.ANY,         false),
  ENABLE_KEY                           ("EnableKey",                           Scope.KEY,     StateRule.COMPLETE,    false),
  DISABLE_KEY                          ("DisableKey",                          Scope.KEY,     StateRule.COMPLETE,    false),
  SCHEDULE_KEY_DELETION                ("ScheduleKeyDeletion",                 Scope.KEY,     StateRule.NOT_LEAVING, false),
  CANCEL_KEY_DELETION                  ("CancelKeyDeletion",                   Scope.KEY,     StateRule.LEAVING,     false),
  DELETION_IMPACT                      ("DeletionImpact",                      Scope.KEY,     StateRule.ANY,         true),
  CONFIRM_CLOCK                        ("ConfirmClock",                        Scope.ACCOUNT, StateRule.ANY,         false),
  ENABLE_KEY_ROTATION                  ("EnableKeyRotation",                   Scope.KEY,     StateRule.ROTATABLE,   false),
  DISABLE_KEY_ROTATION                 ("DisableKeyRotation",                  Scope.KEY,     StateRule.ROTATABLE,   false),
  GET_KEY_ROTATION_STATUS              ("GetKeyRotationStatus",                Scope.KEY,     StateRule.ANY,         true),
  ROTATE_KEY_ON_DEMAND                 ("RotateKeyOnDemand",                   Scope.KEY,     StateRule.ROTATABLE,   false),
  LIST_KEY_ROTATIONS                   ("ListKeyRotations",                    Scope.KEY,     StateRule.ANY,         true),
  GET_PARAMETERS_FOR_IMPORT            ("GetParametersForImport",              Scope.KEY,     StateRule.NOT_LEAVING, true),
  IMPORT_KEY_MATERIAL                  ("ImportKeyMaterial",                   Scope.KEY,     StateRule.NOT_LEAVING, false),
  DELETE_IMPORTED_KEY_MATERIAL         ("DeleteImportedKeyMaterial",           Scope.KEY,     StateRule.ANY,         false),
  RESTORE_IMPORTED_KEY_MATERIAL        ("RestoreImportedKeyMaterial",          Scope.KEY,     StateRule.ANY,         false),
  CREATE_CUSTOM_KEY_STORE              ("CreateCustomKeyStore",                Scope.ACCOUNT, StateRule.ANY,         false),
  DESCRIBE_CUSTOM_KEY_STORES           ("DescribeCustomKeyStores",             Scope.ACCOUNT, StateRule.ANY,         true),
  CONNECT_CUSTOM_KEY_STORE             ("ConnectCustomKeyStore",               Scope.ACCOUNT, StateRule.ANY,         false),
  DISCONNECT_CUSTOM_KEY_STORE          ("DisconnectCustomKeyStore",            Scope.ACCOUNT, StateRule.ANY,         false),
  UPDATE_CUSTOM_KEY_STORE              ("UpdateCustomKeyStore",                Scope.ACCOUNT, StateRule.ANY,         false),
  DELETE_CUSTOM_KEY_STORE              ("DeleteCustomKeyStore",                Scope.ACCOUNT, StateRule.ANY,         false),
  REPLICATE_KEY                        ("ReplicateKey",                        Scope.KEY,     StateRule.USABLE,      false),
  UPDATE_PRIMARY_REGION                ("UpdatePrimaryRegion",                 Scope.KEY,     StateRule.USABLE,      false),
  SYNCHRONIZE_MULTI_REGION_KEY         ("SynchronizeMultiRegionKey",           Scope.KEY,     StateRule.NOT_LEAVING, false),
  CREATE_ALIAS                         ("CreateAlias",                         Scope.KEY,     StateRule.NOT_LEAVING, false),
  UPDATE_ALIAS                         ("UpdateAlias",                         Scope.KEY,     StateRule.NOT_LEAVING, false),
  DELETE_ALIAS                         ("DeleteAlias",                         Scope.KEY,     StateRule.ANY,         false),
  LIST_ALIASES                         ("ListAliases",                         Scope.ACCOUNT, StateRule.ANY,         true),
  ENCRYPT                              ("Encrypt",                             Scope.KEY,     StateRule.USABLE,      true),
  DECRYPT                              ("Decrypt",                             Scope.KEY,     StateRule.USABLE,      true),
  RE_ENCRYPT_FROM                      ("ReEncryptFrom",                       Scope.KEY,     StateRule.USABLE,      true),
  RE_ENCRYPT_TO                        ("ReEncryptTo",                         Scope.KEY,     StateRule.USABLE,      true),
  GENERATE_DATA_KEY                    ("GenerateDataKey",                     Scope.KEY,     StateRule.USABLE,      true),
  GENERATE_DATA_KEY_WITHOUT_PLAINTEXT  ("GenerateDataKeyWithoutPlaintext",     Scope.KEY,     StateRule.USABLE,      true),
  GENERATE_DATA_KEY_PAIR               ("GenerateDataKeyPair",                 Scope.KEY,     StateRule.USABLE,      true),
  GENERATE_DATA_KEY_PAIR_WITHOUT_PLAINTEXT("GenerateDataKeyPairWithoutPlaintext", Scope.KEY,  StateRule.USABLE,      true),
  GENERATE_RANDOM                      ("GenerateRandom",                      Scope.ACCOUNT, StateRule.ANY,         true),
  SIGN                                 ("Sign",                                Scope.KEY,     StateRule.USABLE,      true),
  DERIVE_SHARED_SECRET                 ("DeriveSharedSecret",                  Scope.KEY,     StateRule.USABLE,      true),
  DECAPSULATE                          ("Decapsulate",                         Scope.KEY,     StateRule.USABLE,      true),
  VERIFY                               ("Verify",                              Scope.KEY,     StateRule.USABLE,      true),
  GENERATE_MAC                         ("GenerateMac",                         Scope.KEY,     StateRule.USABLE,      true),
  VERIFY_MAC                           ("VerifyMac",                           Scope.KEY,     StateRule.USABLE,      true),
  GET_PUBLIC_KEY                       ("GetPublicKey",                        Scope.KEY,     StateRule.USABLE,      true),
  PUT_KEY_CERTIFICATE_CHAIN            ("PutKeyCertificateChain",              Scope.KEY,     StateRule.NOT_LEAVING, false),
  PUT_APPROVAL_RULE                    ("PutApprovalRule",                     Scope.KEY,     StateRule.ANY,         false),
  GET_APPROVAL_RULE                    ("GetApprovalRule",                     Scope.KEY,     StateRule.ANY,         true),
  DELETE_APPROVAL_RULE                 ("DeleteApprovalRule",                  Scope.KEY,     StateRule.ANY,         false),
  PUT_ACCOUNT_APPROVAL_RULE            ("PutAccountApprovalRule",              Scope.ACCOUNT, StateRule.ANY,         false),
  GET_ACCOUNT_APPROVAL_RULE            ("GetAccountApprovalRule",              Scope.ACCOUNT, StateRule.ANY,         true),
  DELETE_ACCOUNT_APPROVAL_RULE         ("DeleteAccountApprovalRule",           Scope.ACCOUNT, StateRule.ANY,         false),
  REQUEST_ACCOUNT_APPROVAL             ("RequestAccountApproval",              Scope.ACCOUNT, StateRule.ANY,         false),
  REQUEST_APPROVAL                     ("RequestApproval",                     Scope.KEY,     StateRule.ANY,         false),
  DESCRIBE_APPROVAL_REQUEST            ("DescribeApprovalRequest",             Scope.KEY,     StateRule.ANY,         true),
  APPROVE_REQUEST                      ("ApproveRequest",                      Scope.KEY,     StateRule.ANY,         false),
  GET_KEY_LAST_USAGE                   ("GetKeyLastUsage",                     Scope.KEY,     StateRule.ANY,         true),
  SUMMARIZE_USAGE                      ("SummarizeUsage",                      Scope.ACCOUNT, StateRule.ANY,         true),
  EXPLAIN                              ("Explain",                             Scope.KEY,     StateRule.ANY,         true),
  EXPLAIN_IN_ACCOUNT                   ("ExplainInAccount",                    Scope.ACCOUNT, StateRule.ANY,         true),
  SIMULATE_KEY_POLICY                  ("SimulateKeyPolicy",                   Scope.KEY,     StateRule.ANY,         true),
  GET_KEY_CERTIFICATE_CHAIN            ("GetKeyCertificateChain",              Scope.KEY,     StateRule.ANY,         true),
  DELETE_KEY_CERTIFICATE_CHAIN         ("DeleteKeyCertificateChain",           Scope.KEY,     StateRule.ANY,         false),
  PUT_TRUSTED_CERTIFICATE              ("PutTrustedCertificate",               Scope.ACCOUNT, StateRule.ANY,         false),
  LIST_TRUSTED_CERTIFICATES            ("ListTrustedCertificates",             Scope.ACCOUNT, StateRule.ANY,         true),
  DELETE_TRUSTED_CERTIFICATE           ("DeleteTrustedCertificate",            Scope.ACCOUNT, StateRule.ANY,         false),
  ASSUME_ROLE                          ("sts", "AssumeRole",                   true),
  GET_CALLER_IDENTITY                  ("sts", "GetCallerIdentity",            true),
  CREATE_USER                          ("iam", "CreateUser",                         false),
  GET_USER                             ("iam", "GetUser",                            true),
  LIST_USERS                           ("iam", "ListUsers",                          true),
  DELETE_USER                          ("iam", "DeleteUser",                         false),
  CREATE_GROUP                         ("iam", "CreateGroup",                        false),
  GET_GROUP                            ("iam", "GetGroup",                           true),
  LIST_GROUPS                          ("iam", "ListGroups",                         true),
  DELETE_GROUP                         ("iam", "DeleteGroup",                        false),
  ADD_USER_TO_GROUP                    ("iam", "AddUserToGroup",                     false),
  REMOVE_USER_FROM_GROUP               ("iam", "RemoveUserFromGroup",                false),
  LIST_GROUPS_FOR_USER                 ("iam", "ListGroupsForUser",                  true),
  CREATE_ROLE                          ("iam", "CreateRole",                         false),
  GET_ROLE                             ("iam", "GetRole",                            true),
  LIST_ROLES                           ("iam", "ListRoles",                          true),
  DELETE_ROLE                          ("iam", "DeleteRole",                         false),
  UPDATE_ROLE                          ("iam", "UpdateRole",                         false),
  UPDATE_ASSUME_ROLE_POLICY            ("iam", "UpdateAssumeRolePolicy",             false),
  CREATE_POLICY                        ("iam", "CreatePolicy",                       false),
  GET_POLICY                           ("iam", "GetPolicy",                          true),
  LIST_POLICIES                        ("iam", "ListPolicies",                       true),
  DELETE_POLICY                        ("iam", "DeletePolicy",                       false),
  CREATE_POLICY_VERSION                ("iam", "CreatePolicyVersion",                false),
  GET_POLICY_VERSION                   ("iam", "GetPolicyVersion",                   true),
  LIST_POLICY_VERSIONS                 ("iam", "ListPolicyVersions",                 true),
  DELETE_POLICY_VERSION                ("iam", "DeletePolicyVersion",                false),
  SET_DEFAULT_POLICY_VERSION           ("iam", "SetDefaultPolicyVersion",            false),
  PUT_USER_POLICY                      ("iam", "PutUserPolicy",                      false),
  GET_USER_POLICY                      ("iam", "GetUserPolicy",                      true),
  DELETE_USER_POLICY                   ("iam", "DeleteUserPolicy",                   false),
  LIST_USER_POLICIES                   ("iam", "ListUserPolicies",                   true),
  ATTACH_USER_POLICY                   ("iam", "AttachUserPolicy",                   false),
  DETACH_USER_POLICY                   ("iam", "DetachUserPolicy",                   false),
  LIST_ATTACHED_USER_POLICIES          ("iam", "ListAttachedUserPolicies",           true),
  PUT_USER_PERMISSIONS_BOUNDARY        ("iam", "PutUserPermissionsBoundary",         false),
  DELETE_USER_PERMISSIONS_BOUNDARY     ("iam", "DeleteUserPermissionsBoundary",      false),
  PUT_GROUP_POLICY                     ("iam", "PutGroupPolicy",                     false),
  GET_GROUP_POLICY                     ("iam", "GetGroupPolicy",                     true),
  DELETE_GROUP_POLICY                  ("iam", "DeleteGroupPolicy",                  false),
  LIST_GROUP_POLICIES                  ("iam", "ListGroupPolicies",                  true),
  ATTACH_GROUP_POLICY                  ("iam", "AttachGroupPolicy",                  false),
  DETACH_GROUP_POLICY                  ("iam", "DetachGroupPolicy",                  false),
  LIST_ATTACHED_GROUP_POLICIES         ("iam", "ListAttachedGroupPolicies",          true),
  PUT_ROLE_POLICY                      ("iam", "PutRolePolicy",                      false),
  GET_ROLE_POLICY                      ("iam", "GetRolePolicy",                      true),
  DELETE_ROLE_POLICY                   ("iam", "DeleteRolePolicy",                   false),
  LIST_ROLE_POLICIES                   ("iam", "ListRolePolicies",                   true),
  ATTACH_ROLE_POLICY                   ("iam", "AttachRolePolicy",                   false),
  DETACH_ROLE_POLICY                   ("iam", "DetachRolePolicy",                   false),
  LIST_ATTACHED_ROLE_POLICIES          ("iam", "ListAttachedRolePolicies",           true),
  PUT_ROLE_PERMISSIONS_BOUNDARY        ("iam", "PutRolePermissionsBoundary",         false),
  DELETE_ROLE_PERMISSIONS_BOUNDARY     ("iam", "DeleteRolePermissionsBoundary",      false),
  TAG_USER                             ("iam", "TagUser",                            false),
  UNTAG_USER                           ("iam", "UntagUser",                          false),
  LIST_USER_TAGS                       ("iam", "ListUserTags",                       true),
  TAG_ROLE                             ("iam", "TagRole",                            false),
  UNTAG_ROLE                           ("iam", "UntagRole",                          false),
  LIST_ROLE_TAGS                       ("iam", "ListRoleTags",                       true),
  CREATE_ACCESS_KEY                    ("iam", "CreateAccessKey",                    false),
  LIST_ACCESS_KEYS                     ("iam", "ListAccessKeys",                     true),
  UPDATE_ACCESS_KEY                    ("iam", "UpdateAccessKey",                    false),
  DELETE_ACCESS_KEY                    ("iam", "DeleteAccessKey",                    false),
  GET_ACCESS_KEY_LAST_USED             ("iam", "GetAccessKeyLastUsed",               true),
  CREATE_ACCOUNT                       ("organizations", "CreateAccount",      false),
  LIST_ACCOUNTS                        ("organizations", "ListAccounts",       true),
  LOOKUP_EVENTS                        ("cloudtrail", "LookupEvents",          true),
  VALIDATE_LOGS                        ("cloudtrail", "ValidateLogs",          true),
  EXPORT_LOGS                          ("cloudtrail", "ExportLogs",            true),
  PROVE                                ("cloudtrail", "Prove",                 true),
  LIST_PUBLIC_KEYS                     ("cloudtrail", "ListPublicKeys",        true),
  ROTATE_DOMAIN_KEY                    ("cloudhsm", "RotateDomainKey",         false),
  RESUME_DOMAIN_KEY_ROTATION           ("cloudhsm", "ResumeDomainKeyRotation", false),
  CREATE_BACKUP                        ("cloudhsm", "CreateBackup",                  true),
  DESCRIBE_BACKUPS                     ("cloudhsm", "DescribeBackups",               true),
  VERIFY_BACKUP                        ("cloudhsm", "VerifyBackup",                  true),
  DRILL_BACKUP                         ("cloudhsm", "DrillBackup",                   true),
  DESCRIBE_DOMAIN_KEY                  ("cloudhsm", "DescribeDomainKey",       true),
  DESCRIBE_CLUSTER                     ("cloudhsm", "DescribeCluster",         true),
  JOIN_CLUSTER                         ("cloudhsm", "JoinCluster",             false),
  LEAVE_CLUSTER                        ("cloudhsm", "LeaveCluster",            false),
  EXPORT_DOMAIN_KEY                    ("cloudhsm", "ExportDomainKey",         false);
  // spotless:on

  /** What an operation is authorized against. */
  public enum Scope {
    /** One KMS key and its policy. */
    KEY,
    /** The account: only identities count. */
    ACCOUNT
  }

  /** The states in which a key can be used like this; the others are refused. */
  public enum StateRule {
    /** In every state: administration and reading. */
    ANY,
    /** Not when the key is pending deletion. */
    NOT_LEAVING,
    /** Neither when the key is pending deletion, nor when it waits for material. */
    COMPLETE,
    /** Only when the key is pending deletion. */
    LEAVING,
    /** When the key is enabled, or waits for material: then its kind says whether it rotates. */
    ROTATABLE,
    /** Only when the key is enabled: cryptography. */
    USABLE
  }

  private static final Map<String, Operation> BY_NAME = new HashMap<>();
  private static final Set<String> KEY_USES = new HashSet<>();

  static {
    for (Operation operation : values()) {
      BY_NAME.put(operation.apiName, operation);
      if (operation.isCryptographic()) {
        KEY_USES.add(operation.eventName());
      }
    }
  }

  private final String service;
  private final String apiName;
  private final Scope scope;
  private final StateRule stateRule;
  private final boolean readOnly;

  Operation(String apiName, Scope scope, StateRule stateRule, boolean readOnly) {
    this("kms", apiName, scope, stateRule, readOnly);
  }

  Operation(String service, String apiName, boolean readOnly) {
    this(service, apiName, Scope.ACCOUNT, StateRule.ANY, readOnly);
  }

  Operation(String service, String apiName, Scope scope, StateRule stateRule, boolean readOnly) {
    this.service = service;
    this.apiName = apiName;
    this.scope = scope;
    this.stateRule = stateRule;
    this.readOnly = readOnly;
  }

  /**
   * Returns the operation of that name.
   *
   * @param name as {@code Decrypt} or {@code kms:Decrypt}, in upper or lower case
   * @throws IllegalArgumentException if there is none
   */
  public static Operation named(String name) {
    for (Operation operation : values()) {
      if (operation.apiName.equalsIgnoreCase(name) || operation.action().equalsIgnoreCase(name)) {
        return operation;
      }
    }
    throw new IllegalArgumentException(
        "There is no operation \"" + name + "\". Write its name as in policies: kms:Decrypt.");
  }

  /** Returns the operation of that name; empty where there is none. */
  public static Optional<Operation> find(String apiName) {
    return Optional.ofNullable(BY_NAME.get(apiName));
  }

  /** Returns AWS's name, as {@code GenerateDataKey}. */
  public String apiName() {
    return apiName;
  }

  /** Returns the service of AWS that has the operation: kms, iam, sts, … */
  public String service() {
    return service;
  }

  /** Returns what the audit trail calls it: both halves of a re-encryption are one event. */
  public String eventName() {
    return this == RE_ENCRYPT_FROM || this == RE_ENCRYPT_TO ? "ReEncrypt" : apiName;
  }

  /**
   * Returns whether it works with the key material of a KMS key; telling its public half is not.
   */
  public boolean isCryptographic() {
    return scope == Scope.KEY
        && stateRule == StateRule.USABLE
        && readOnly
        && this != GET_PUBLIC_KEY;
  }

  /** Returns whether events of that name are cryptographic, as {@code ReEncrypt} is. */
  public static boolean isKeyUse(String eventName) {
    return KEY_USES.contains(eventName);
  }

  /** Returns what a policy calls it, as {@code kms:GenerateDataKey}. */
  public String action() {
    return service + ":" + apiName;
  }

  /**
   * Returns whether it can be tried without being done: whatever uses or changes a key, and making
   * one. What only reads has no dry run, as in AWS, nor has what concerns no key; asking for
   * approvals and giving them is itself what comes before a call.
   */
  public boolean hasDryRun() {
    return switch (this) {
      case CREATE_KEY -> true;
      case REQUEST_APPROVAL, APPROVE_REQUEST -> false;
      default -> scope == Scope.KEY && (isCryptographic() || !readOnly);
    };
  }

  public Scope scope() {
    return scope;
  }

  public StateRule stateRule() {
    return stateRule;
  }

  /** Returns CloudTrail's {@code readOnly}: nothing in the store changes. */
  public boolean isReadOnly() {
    return readOnly;
  }
}
