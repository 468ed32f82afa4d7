// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.request;

import org.jspecify.annotations.Nullable;

/**
 * The condition keys that policies can name: the one table of their types, how many values they
 * have, and where the values come from; {@link Lookups} finds them there. {@link
 * RefusedConditionKeys} lists those of AWS that have no meaning here. Where a request has no such
 * value the key is absent, as in AWS.
 */
public enum ConditionKey {
  // spotless:off
  //                           name                                  type          values       comes from
  CALLER_ACCOUNT              ("kms:CallerAccount",                  Type.STRING,  Values.ONE,  Source.PRINCIPAL),
  VIA_SERVICE                 ("kms:ViaService",                     Type.STRING,  Values.ONE,  Source.REQUEST),
  ENCRYPTION_CONTEXT          ("kms:EncryptionContext:",             Type.FREE,    Values.ONE,  Source.CONTEXT),
  ENCRYPTION_CONTEXT_KEYS     ("kms:EncryptionContextKeys",          Type.STRING,  Values.MANY, Source.CONTEXT),
  ENCRYPTION_ALGORITHM        ("kms:EncryptionAlgorithm",            Type.STRING,  Values.ONE),
  REQUEST_ALIAS               ("kms:RequestAlias",                   Type.STRING,  Values.ONE,  Source.REQUEST),
  RESOURCE_ALIASES            ("kms:ResourceAliases",                Type.STRING,  Values.MANY, Source.KEY),
  DATA_KEY_PAIR_SPEC          ("kms:DataKeyPairSpec",                Type.STRING,  Values.ONE),
  KEY_AGREEMENT_ALGORITHM     ("kms:KeyAgreementAlgorithm",          Type.STRING,  Values.ONE),
  MAC_ALGORITHM               ("kms:MacAlgorithm",                   Type.STRING,  Values.ONE),
  MESSAGE_TYPE                ("kms:MessageType",                    Type.STRING,  Values.ONE),
  SIGNING_ALGORITHM           ("kms:SigningAlgorithm",               Type.STRING,  Values.ONE),
  RE_ENCRYPT_ON_SAME_KEY      ("kms:ReEncryptOnSameKey",             Type.BOOL,    Values.ONE),
  KEY_SPEC                    ("kms:KeySpec",                        Type.STRING,  Values.ONE,  Source.KEY),
  KEY_USAGE                   ("kms:KeyUsage",                       Type.STRING,  Values.ONE,  Source.KEY),
  KEY_ORIGIN                  ("kms:KeyOrigin",                      Type.STRING,  Values.ONE,  Source.KEY),
  CUSTOMER_MASTER_KEY_SPEC    ("kms:CustomerMasterKeySpec",          Type.STRING,  Values.ONE,  Source.KEY),
  CUSTOMER_MASTER_KEY_USAGE   ("kms:CustomerMasterKeyUsage",         Type.STRING,  Values.ONE,  Source.KEY),
  MULTI_REGION                ("kms:MultiRegion",                    Type.BOOL,    Values.ONE,  Source.KEY),
  MULTI_REGION_KEY_TYPE       ("kms:MultiRegionKeyType",             Type.STRING,  Values.ONE,  Source.KEY),
  BYPASS_LOCKOUT_SAFETY_CHECK ("kms:BypassPolicyLockoutSafetyCheck", Type.BOOL,    Values.ONE),
  GRANT_CONSTRAINT_TYPE       ("kms:GrantConstraintType",            Type.STRING,  Values.ONE,  Source.REQUEST),
  GRANT_OPERATIONS            ("kms:GrantOperations",                Type.STRING,  Values.MANY, Source.REQUEST),
  GRANTEE_PRINCIPAL           ("kms:GranteePrincipal",               Type.ARN,     Values.ONE,  Source.REQUEST),
  RETIRING_PRINCIPAL          ("kms:RetiringPrincipal",              Type.ARN,     Values.ONE,  Source.REQUEST),
  GRANT_IS_FOR_AWS_RESOURCE   ("kms:GrantIsForAWSResource",          Type.BOOL,    Values.ONE,  Source.REQUEST),
  EXPIRATION_MODEL            ("kms:ExpirationModel",                Type.STRING,  Values.ONE),
  VALID_TO                    ("kms:ValidTo",                        Type.DATE,    Values.ONE),
  WRAPPING_ALGORITHM          ("kms:WrappingAlgorithm",              Type.STRING,  Values.ONE),
  WRAPPING_KEY_SPEC           ("kms:WrappingKeySpec",                Type.STRING,  Values.ONE),
  ROTATION_PERIOD_IN_DAYS     ("kms:RotationPeriodInDays",           Type.NUMERIC, Values.ONE),
  PENDING_WINDOW_IN_DAYS      ("kms:ScheduleKeyDeletionPendingWindowInDays", Type.NUMERIC, Values.ONE),
  TRAILING_DAYS_WITHOUT_USAGE ("kms:TrailingDaysWithoutKeyUsage",    Type.NUMERIC, Values.ONE),
  PRIMARY_REGION              ("kms:PrimaryRegion",                  Type.STRING,  Values.ONE),
  REPLICA_REGION              ("kms:ReplicaRegion",                  Type.STRING,  Values.ONE),

  CURRENT_TIME                ("aws:CurrentTime",                    Type.DATE,    Values.ONE,  Source.TIME),
  EPOCH_TIME                  ("aws:EpochTime",                      Type.DATE,    Values.ONE,  Source.TIME),
  TOKEN_ISSUE_TIME            ("aws:TokenIssueTime",                 Type.DATE,    Values.ONE,  Source.PRINCIPAL),
  MULTI_FACTOR_AUTH_PRESENT   ("aws:MultiFactorAuthPresent",         Type.BOOL,    Values.ONE,  Source.PRINCIPAL),
  MULTI_FACTOR_AUTH_AGE       ("aws:MultiFactorAuthAge",             Type.NUMERIC, Values.ONE),
  SOURCE_IDENTITY             ("aws:SourceIdentity",                 Type.STRING,  Values.ONE,  Source.PRINCIPAL),
  PRINCIPAL_ACCOUNT           ("aws:PrincipalAccount",               Type.STRING,  Values.ONE,  Source.PRINCIPAL),
  PRINCIPAL_ARN               ("aws:PrincipalArn",                   Type.ARN,     Values.ONE,  Source.PRINCIPAL),
  PRINCIPAL_TYPE              ("aws:PrincipalType",                  Type.STRING,  Values.ONE,  Source.PRINCIPAL),
  PRINCIPAL_TAG               ("aws:PrincipalTag/",                  Type.FREE,    Values.ONE,  Source.PRINCIPAL),
  PRINCIPAL_IS_AWS_SERVICE    ("aws:PrincipalIsAWSService",          Type.BOOL,    Values.ONE,  Source.PRINCIPAL),
  USER_ID                     ("aws:userid",                         Type.STRING,  Values.ONE,  Source.PRINCIPAL),
  USER_NAME                   ("aws:username",                       Type.STRING,  Values.ONE,  Source.PRINCIPAL),
  REQUESTED_REGION            ("aws:RequestedRegion",                Type.STRING,  Values.ONE,  Source.REQUEST),
  REQUEST_TAG                 ("aws:RequestTag/",                    Type.FREE,    Values.ONE,  Source.REQUEST),
  TAG_KEYS                    ("aws:TagKeys",                        Type.STRING,  Values.MANY, Source.REQUEST),
  RESOURCE_TAG                ("aws:ResourceTag/",                   Type.FREE,    Values.ONE,  Source.KEY),
  RESOURCE_ACCOUNT            ("aws:ResourceAccount",                Type.STRING,  Values.ONE,  Source.KEY),
  SECURE_TRANSPORT            ("aws:SecureTransport",                Type.BOOL,    Values.ONE,  Source.PRINCIPAL),
  SOURCE_IP                   ("aws:SourceIp",                       Type.IP,      Values.ONE),
  SOURCE_ACCOUNT              ("aws:SourceAccount",                  Type.STRING,  Values.ONE),
  SOURCE_ARN                  ("aws:SourceArn",                      Type.ARN,     Values.ONE),
  VIA_AWS_SERVICE             ("aws:ViaAWSService",                  Type.BOOL,    Values.ONE,  Source.REQUEST),
  CALLED_VIA                  ("aws:CalledVia",                      Type.STRING,  Values.MANY, Source.REQUEST),
  CALLED_VIA_FIRST            ("aws:CalledViaFirst",                 Type.STRING,  Values.ONE,  Source.REQUEST),
  CALLED_VIA_LAST             ("aws:CalledViaLast",                  Type.STRING,  Values.ONE,  Source.REQUEST),

  EXTERNAL_ID                 ("sts:ExternalId",                     Type.STRING,  Values.ONE),
  ROLE_SESSION_NAME           ("sts:RoleSessionName",                Type.STRING,  Values.ONE),
  POLICY_ARN                  ("iam:PolicyARN",                      Type.ARN,     Values.ONE),
  PERMISSIONS_BOUNDARY        ("iam:PermissionsBoundary",            Type.ARN,     Values.ONE);
  // spotless:on

  /** What operators fit a key: each type takes those of its name, and those on texts. */
  public enum Type {
    STRING,
    /** Texts that callers choose: every operator fits. */
    FREE,
    ARN,
    BOOL,
    NUMERIC,
    DATE,
    IP
  }

  /** How many values a key can have in one request. */
  private enum Values {
    ONE,
    MANY
  }

  /** Where values come from, as far as it matters for how long a decision holds. */
  enum Source {
    PRINCIPAL,
    KEY,
    CONTEXT,
    REQUEST,
    TIME
  }

  private final String keyName;
  private final Type type;
  private final Values values;
  private final Source source;

  /** For keys that are parameters of the request. */
  ConditionKey(String keyName, Type type, Values values) {
    this(keyName, type, values, Source.REQUEST);
  }

  ConditionKey(String keyName, Type type, Values values, Source source) {
    this.keyName = keyName;
    this.type = type;
    this.values = values;
    this.source = source;
  }

  /** Returns AWS's spelling; ends with {@code :} or {@code /} for families. */
  public String keyName() {
    return keyName;
  }

  /** Returns whether the name goes on after this one: with the name of a tag or of a pair. */
  public boolean isFamily() {
    return keyName.endsWith(":") || keyName.endsWith("/");
  }

  public Type type() {
    return type;
  }

  public boolean hasSeveralValues() {
    return values == Values.MANY;
  }

  Source source() {
    return source;
  }

  @Nullable Object value(AccessRequest request, String suffix) {
    return Lookups.value(this, request, suffix);
  }
}
