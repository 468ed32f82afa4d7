// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.Place;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Shows records as CloudTrail events of version 1.11: maps, lists, texts, booleans and nulls, which
 * any JSON writer turns into text.
 *
 * <p>The same record has the same {@code eventID} and {@code requestID} whenever it is shown.
 */
public final class CloudTrailJson {
  static final String KEY_TYPE = "AWS::KMS::Key";

  private static final String DEFAULT_HOST = "127.0.0.1";
  private static final String DEFAULT_AGENT = "strongroom";
  private static final String KEY_ID = "keyId";

  /** Parameters that are ours and not the call's. */
  private static final Set<String> OURS = Set.of(AuditRecord.SHARED_WITH, AuditRecord.RECIPIENT);

  private CloudTrailJson() {}

  /**
   * Returns an event.
   *
   * @param place the region of the KMS that wrote the record, and the account of events that
   *     concern none
   */
  public static Map<String, @Nullable Object> event(AuditRecord record, Place place) {
    Map<String, @Nullable Object> event = new LinkedHashMap<>();
    event.put("eventVersion", "1.11");
    event.put("userIdentity", userIdentity(record));
    event.put("eventTime", record.eventTime().truncatedTo(ChronoUnit.SECONDS).toString());
    event.put("eventSource", eventSource(record.eventName()));
    event.put("eventName", record.eventName());
    event.put("awsRegion", place.region());
    event.put("sourceIPAddress", record.process().getOrDefault("host", DEFAULT_HOST));
    event.put("userAgent", record.process().getOrDefault("agent", DEFAULT_AGENT));
    record.errorCode().ifPresent(code -> event.put("errorCode", code));
    record.errorMessage().ifPresent(message -> event.put("errorMessage", message));
    event.put("requestParameters", isByTheKms(record) ? null : requestParameters(record));
    event.put("responseElements", null);
    if (isByTheKms(record)) {
      putUnlessEmpty(event, "serviceEventDetails", new TreeMap<>(record.parameters()));
    }
    putUnlessEmpty(event, "additionalEventData", additionalEventData(record));
    event.put("requestID", record.requestId().toString());
    event.put("eventID", record.eventId().toString());
    event.put("readOnly", record.readOnly());
    putResources(event, record);
    event.put("eventType", isByTheKms(record) ? "AwsServiceEvent" : "AwsApiCall");
    event.put("managementEvent", true);
    event.put("recipientAccountId", account(record, place));
    event.put("eventCategory", "Management");
    if (isShared(record)) {
      event.put("sharedEventID", record.eventId().toString());
    }
    return event;
  }

  /** Returns whether two accounts have the record: it is one, so that its id is what they share. */
  private static boolean isShared(AuditRecord record) {
    return record.sharedWith().isPresent()
        || (record.callerArn().isPresent()
            && record.keyArn().isPresent()
            && !Identity.of(record.callerArn().get())
                .account()
                .equals(Identity.of(record.keyArn().get()).account()));
  }

  /** A store may have several accounts: the caller's is the one whose call it was. */
  private static String account(AuditRecord record, Place place) {
    String recipient = record.parameters().get(AuditRecord.RECIPIENT);
    if (recipient != null) {
      return recipient;
    }
    return record
        .callerArn()
        .or(record::keyArn)
        .map(arn -> Identity.of(arn).account())
        .orElse(place.account());
  }

  /** What is no operation, as a failed authentication, is the KMS's own. */
  static String eventSource(String eventName) {
    return Operation.find(eventName).map(Operation::service).orElse("kms") + ".amazonaws.com";
  }

  /** A service event has no caller; neither has a call that failed to say who makes it. */
  private static boolean isByTheKms(AuditRecord record) {
    return record.callerArn().isEmpty() && record.errorCode().isEmpty();
  }

  private static Map<String, @Nullable Object> userIdentity(AuditRecord record) {
    Map<String, @Nullable Object> user = new LinkedHashMap<>();
    if (record.callerArn().isEmpty()) {
      user.put("type", isByTheKms(record) ? "AWSService" : "Unknown");
      if (isByTheKms(record)) {
        user.put("invokedBy", "kms.amazonaws.com");
      }
      return user;
    }
    String arn = record.callerArn().get();
    Identity identity = Identity.of(arn);
    if (record.session().isPresent()) {
      return ofSession(record, identity, record.session().get());
    }
    user.put("type", identity.isRoot() ? "Root" : "IAMUser");
    user.put("principalId", identity.isRoot() ? identity.account() : identity.userName());
    user.put("arn", arn);
    user.put("accountId", identity.account());
    record.accessKeyId().ifPresent(accessKeyId -> user.put("accessKeyId", accessKeyId));
    if (!identity.isRoot()) {
      user.put("userName", identity.userName());
    }
    return user;
  }

  private static Map<String, @Nullable Object> ofSession(
      AuditRecord record, Identity identity, AuditRecord.SessionIssue issue) {
    Map<String, @Nullable Object> user = new LinkedHashMap<>();
    user.put("type", "AssumedRole");
    user.put("principalId", issue.roleId() + ":" + identity.userName());
    user.put("arn", record.callerArn().orElse(""));
    user.put("accountId", identity.account());
    record.accessKeyId().ifPresent(accessKeyId -> user.put("accessKeyId", accessKeyId));
    Map<String, Object> issuer = new LinkedHashMap<>();
    issuer.put("type", "Role");
    issuer.put("principalId", issue.roleId());
    issuer.put("arn", IamKind.ROLE.arn(identity.account(), identity.role()));
    issuer.put("accountId", identity.account());
    issuer.put("userName", identity.role());
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("creationDate", issue.creationDate());
    attributes.put("mfaAuthenticated", "false");
    Map<String, Object> context = new LinkedHashMap<>();
    context.put("sessionIssuer", issuer);
    context.put("attributes", attributes);
    user.put("sessionContext", context);
    return user;
  }

  private static @Nullable Map<String, @Nullable Object> requestParameters(AuditRecord record) {
    Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
    record.keyArn().ifPresent(arn -> parameters.put(KEY_ID, arn));
    parameters.putAll(new TreeMap<>(record.parameters()));
    parameters.keySet().removeAll(OURS);
    if (!record.encryptionContext().isEmpty()) {
      parameters.put("encryptionContext", new TreeMap<>(record.encryptionContext()));
    }
    return parameters.isEmpty() ? null : parameters;
  }

  private static Map<String, @Nullable Object> additionalEventData(AuditRecord record) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    record.keyMaterialId().ifPresent(id -> data.put("keyMaterialId", id));
    record.decidedBy().ifPresent(decidedBy -> data.put("decidedBy", decidedBy));
    return data;
  }

  /** Names the key, and those that ReEncrypt names in its parameters. */
  private static void putResources(Map<String, @Nullable Object> event, AuditRecord record) {
    Set<String> arns = new LinkedHashSet<>();
    record.keyArn().ifPresent(arns::add);
    for (String name : List.of("sourceKeyId", "destinationKeyId")) {
      String key = record.parameters().getOrDefault(name, "");
      if (key.startsWith("arn:")) {
        arns.add(key);
      }
    }
    if (!arns.isEmpty()) {
      event.put("resources", arns.stream().map(CloudTrailJson::resource).toList());
    }
  }

  private static Map<String, Object> resource(String arn) {
    Map<String, Object> resource = new LinkedHashMap<>();
    resource.put("accountId", Identity.of(arn).account());
    resource.put("type", KEY_TYPE);
    resource.put("ARN", arn);
    return resource;
  }

  private static void putUnlessEmpty(
      Map<String, @Nullable Object> event, String name, Map<String, @Nullable Object> value) {
    if (!value.isEmpty()) {
      event.put(name, value);
    }
  }
}
