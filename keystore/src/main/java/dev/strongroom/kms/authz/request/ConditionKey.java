// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.request;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The condition keys that policies can name: the one table of their types, how many values they
 * have, and where the values come from. {@link RefusedConditionKeys} lists those of AWS that have
 * no meaning here. Where a request has no such value the key is absent, as in AWS.
 */
public enum ConditionKey {
  // spotless:off
  //                           name                                  type          values       comes from
  CALLER_ACCOUNT              ("kms:CallerAccount",                  Type.STRING,  Values.ONE,  Source.PRINCIPAL, (r, s) -> r.principal().account()),
  VIA_SERVICE                 ("kms:ViaService",                     Type.STRING,  Values.ONE,  Source.REQUEST,   (r, s) -> r.details().via()),
  ENCRYPTION_CONTEXT          ("kms:EncryptionContext:",             Type.FREE,    Values.ONE,  Source.CONTEXT,   (r, s) -> Lookups.named(r.context().pairs(), s)),
  ENCRYPTION_CONTEXT_KEYS     ("kms:EncryptionContextKeys",          Type.STRING,  Values.MANY, Source.CONTEXT,   (r, s) -> Lookups.names(r.context().pairs())),
  ENCRYPTION_ALGORITHM        ("kms:EncryptionAlgorithm",            Type.STRING,  Values.ONE),
  REQUEST_ALIAS               ("kms:RequestAlias",                   Type.STRING,  Values.ONE,  Source.REQUEST,   (r, s) -> r.details().alias()),
  RESOURCE_ALIASES            ("kms:ResourceAliases",                Type.STRING,  Values.MANY, Source.KEY,       (r, s) -> Lookups.aliases(r)),
  DATA_KEY_PAIR_SPEC          ("kms:DataKeyPairSpec",                Type.STRING,  Values.ONE),
  KEY_AGREEMENT_ALGORITHM     ("kms:KeyAgreementAlgorithm",          Type.STRING,  Values.ONE),
  MAC_ALGORITHM               ("kms:MacAlgorithm",                   Type.STRING,  Values.ONE),
  MESSAGE_TYPE                ("kms:MessageType",                    Type.STRING,  Values.ONE),
  SIGNING_ALGORITHM           ("kms:SigningAlgorithm",               Type.STRING,  Values.ONE),
  RE_ENCRYPT_ON_SAME_KEY      ("kms:ReEncryptOnSameKey",             Type.BOOL,    Values.ONE),
  KEY_SPEC                    ("kms:KeySpec",                        Type.STRING,  Values.ONE,  Source.KEY,       (r, s) -> Lookups.spec(r)),
  KEY_USAGE                   ("kms:KeyUsage",                       Type.STRING,  Values.ONE,  Source.KEY,       (r, s) -> Lookups.usage(r)),
  KEY_ORIGIN                  ("kms:KeyOrigin",                      Type.STRING,  Values.ONE,  Source.KEY,       (r, s) -> Lookups.origin(r)),
  CUSTOMER_MASTER_KEY_SPEC    ("kms:CustomerMasterKeySpec",          Type.STRING,  Values.ONE,  Source.KEY,       (r, s) -> Lookups.spec(r)),
  CUSTOMER_MASTER_KEY_USAGE   ("kms:CustomerMasterKeyUsage",         Type.STRING,  Values.ONE,  Source.KEY,       (r, s) -> Lookups.usage(r)),
  MULTI_REGION                ("kms:MultiRegion",                    Type.BOOL,    Values.ONE,  Source.KEY,       (r, s) -> Lookups.multiRegion(r)),
  MULTI_REGION_KEY_TYPE       ("kms:MultiRegionKeyType",             Type.STRING,  Values.ONE),
  BYPASS_LOCKOUT_SAFETY_CHECK ("kms:BypassPolicyLockoutSafetyCheck", Type.BOOL,    Values.ONE),
  GRANT_CONSTRAINT_TYPE       ("kms:GrantConstraintType",            Type.STRING,  Values.ONE,  Source.REQUEST,   (r, s) -> Lookups.constraintType(r)),
  GRANT_OPERATIONS            ("kms:GrantOperations",                Type.STRING,  Values.MANY, Source.REQUEST,   (r, s) -> Lookups.operations(r)),
  GRANTEE_PRINCIPAL           ("kms:GranteePrincipal",               Type.ARN,     Values.ONE,  Source.REQUEST,   (r, s) -> Lookups.grantee(r)),
  RETIRING_PRINCIPAL          ("kms:RetiringPrincipal",              Type.ARN,     Values.ONE,  Source.REQUEST,   (r, s) -> Lookups.retiring(r)),
  GRANT_IS_FOR_AWS_RESOURCE   ("kms:GrantIsForAWSResource",          Type.BOOL,    Values.ONE,  Source.REQUEST,   (r, s) -> Lookups.isForAService(r)),
  EXPIRATION_MODEL            ("kms:ExpirationModel",                Type.STRING,  Values.ONE),
  VALID_TO                    ("kms:ValidTo",                        Type.DATE,    Values.ONE),
  WRAPPING_ALGORITHM          ("kms:WrappingAlgorithm",              Type.STRING,  Values.ONE),
  WRAPPING_KEY_SPEC           ("kms:WrappingKeySpec",                Type.STRING,  Values.ONE),
  ROTATION_PERIOD_IN_DAYS     ("kms:RotationPeriodInDays",           Type.NUMERIC, Values.ONE),
  PENDING_WINDOW_IN_DAYS      ("kms:ScheduleKeyDeletionPendingWindowInDays", Type.NUMERIC, Values.ONE),
  TRAILING_DAYS_WITHOUT_USAGE ("kms:TrailingDaysWithoutKeyUsage",    Type.NUMERIC, Values.ONE),
  PRIMARY_REGION              ("kms:PrimaryRegion",                  Type.STRING,  Values.ONE),
  REPLICA_REGION              ("kms:ReplicaRegion",                  Type.STRING,  Values.ONE),

  CURRENT_TIME                ("aws:CurrentTime",                    Type.DATE,    Values.ONE,  Source.TIME,      (r, s) -> r.time()),
  EPOCH_TIME                  ("aws:EpochTime",                      Type.DATE,    Values.ONE,  Source.TIME,      (r, s) -> r.time()),
  TOKEN_ISSUE_TIME            ("aws:TokenIssueTime",                 Type.DATE,    Values.ONE,  Source.PRINCIPAL, (r, s) -> Lookups.tokenIssueTime(r)),
  MULTI_FACTOR_AUTH_PRESENT   ("aws:MultiFactorAuthPresent",         Type.BOOL,    Values.ONE,  Source.PRINCIPAL, (r, s) -> Lookups.multiFactorAuthPresent(r)),
  MULTI_FACTOR_AUTH_AGE       ("aws:MultiFactorAuthAge",             Type.NUMERIC, Values.ONE),
  SOURCE_IDENTITY             ("aws:SourceIdentity",                 Type.STRING,  Values.ONE,  Source.PRINCIPAL, (r, s) -> Lookups.sourceIdentity(r)),
  PRINCIPAL_ACCOUNT           ("aws:PrincipalAccount",               Type.STRING,  Values.ONE,  Source.PRINCIPAL, (r, s) -> r.principal().account()),
  PRINCIPAL_ARN               ("aws:PrincipalArn",                   Type.ARN,     Values.ONE,  Source.PRINCIPAL, (r, s) -> r.principal().principalArn()),
  PRINCIPAL_TYPE              ("aws:PrincipalType",                  Type.STRING,  Values.ONE,  Source.PRINCIPAL, (r, s) -> Lookups.type(r.principal())),
  PRINCIPAL_TAG               ("aws:PrincipalTag/",                  Type.FREE,    Values.ONE,  Source.PRINCIPAL, (r, s) -> Lookups.named(r.principal().tags(), s)),
  PRINCIPAL_IS_AWS_SERVICE    ("aws:PrincipalIsAWSService",          Type.BOOL,    Values.ONE,  Source.PRINCIPAL, (r, s) -> "false"),
  USER_ID                     ("aws:userid",                         Type.STRING,  Values.ONE,  Source.PRINCIPAL, (r, s) -> r.principal().userId()),
  USER_NAME                   ("aws:username",                       Type.STRING,  Values.ONE,  Source.PRINCIPAL, (r, s) -> Lookups.userName(r.principal())),
  REQUESTED_REGION            ("aws:RequestedRegion",                Type.STRING,  Values.ONE,  Source.REQUEST,   (r, s) -> Lookups.region(r)),
  REQUEST_TAG                 ("aws:RequestTag/",                    Type.FREE,    Values.ONE,  Source.REQUEST,   (r, s) -> Lookups.named(r.details().tags(), s)),
  TAG_KEYS                    ("aws:TagKeys",                        Type.STRING,  Values.MANY, Source.REQUEST,   (r, s) -> Lookups.tagKeys(r)),
  RESOURCE_TAG                ("aws:ResourceTag/",                   Type.FREE,    Values.ONE,  Source.KEY,       (r, s) -> Lookups.resourceTag(r, s)),
  RESOURCE_ACCOUNT            ("aws:ResourceAccount",                Type.STRING,  Values.ONE,  Source.KEY,       (r, s) -> Lookups.account(r)),
  SECURE_TRANSPORT            ("aws:SecureTransport",                Type.BOOL,    Values.ONE,  Source.PRINCIPAL, (r, s) -> "true"),
  SOURCE_IP                   ("aws:SourceIp",                       Type.IP,      Values.ONE),
  SOURCE_ACCOUNT              ("aws:SourceAccount",                  Type.STRING,  Values.ONE),
  SOURCE_ARN                  ("aws:SourceArn",                      Type.ARN,     Values.ONE),
  VIA_AWS_SERVICE             ("aws:ViaAWSService",                  Type.BOOL,    Values.ONE,  Source.REQUEST,   (r, s) -> Lookups.isForAService(r)),
  CALLED_VIA                  ("aws:CalledVia",                      Type.STRING,  Values.MANY, Source.REQUEST,   (r, s) -> Lookups.calledVia(r)),
  CALLED_VIA_FIRST            ("aws:CalledViaFirst",                 Type.STRING,  Values.ONE,  Source.REQUEST,   (r, s) -> r.details().via()),
  CALLED_VIA_LAST             ("aws:CalledViaLast",                  Type.STRING,  Values.ONE,  Source.REQUEST,   (r, s) -> r.details().via()),

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

  /** Finds the value in a request. */
  private interface Lookup {
    @Nullable Object value(AccessRequest request, String suffix);
  }

  private final String keyName;
  private final Type type;
  private final Values values;
  private final Source source;
  private final @Nullable Lookup lookup;

  /** For keys that are parameters of the request. */
  ConditionKey(String keyName, Type type, Values values) {
    this(keyName, type, values, Source.REQUEST, null);
  }

  ConditionKey(String keyName, Type type, Values values, Source source, @Nullable Lookup lookup) {
    this.keyName = keyName;
    this.type = type;
    this.values = values;
    this.source = source;
    this.lookup = lookup;
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
    if (lookup != null) {
      return lookup.value(request, suffix);
    }
    Object stated = request.details().parameters().get(this);
    return stated instanceof List<?> list && list.isEmpty() ? null : stated;
  }
}
