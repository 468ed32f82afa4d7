// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A record read back from the trail.
 *
 * @param stream the journal that holds it, a UUID
 * @param sequence its place in that journal, from 0
 * @param eventTime when it was written, by the clock of the process
 * @param callerArn empty for service events and failed authentication
 * @param accessKeyId empty where {@code callerArn} is
 * @param session what is known of the session of a role; empty for other callers
 * @param process what the journal says of the process that wrote it, as {@code host}
 * @param integrity what protects it from having been changed
 * @param requestId what a refused caller was told; of others an id made of stream and sequence
 */
public record AuditRecord(
    String stream,
    long sequence,
    Instant eventTime,
    String eventName,
    boolean readOnly,
    Optional<String> callerArn,
    Optional<String> accessKeyId,
    Optional<SessionIssue> session,
    Optional<String> keyArn,
    Optional<String> keyMaterialId,
    Map<String, String> encryptionContext,
    Map<String, String> parameters,
    Optional<String> decidedBy,
    Optional<String> errorCode,
    Optional<String> errorMessage,
    Map<String, String> process,
    Integrity integrity,
    UUID requestId) {

  /**
   * The parameter that names the account of a role that somebody of another account assumed, where
   * the call was let through: the record is that account's, too. Not one that callers give.
   */
  public static final String SHARED_WITH = "sharedWithAccountId";

  /** The parameter that marks a call that was tried and not made; the error says how it ended. */
  public static final String DRY_RUN = "dryRun";

  /** The parameter that stands in its place when that account looks. */
  static final String RECIPIENT = "recipientAccountId";

  /** The parameter with the session policy that a call gives. */
  private static final String SESSION_POLICY = "policy";

  /**
   * Where a session of a role comes from.
   *
   * @param roleId the unique id of the role, {@code AROA…}
   * @param creationDate when the role was assumed, as ISO 8601 has it
   */
  public record SessionIssue(String roleId, String creationDate) {}

  /** What is known about a record's being as it was written. */
  public enum Integrity {
    /** The seal over it was verified. */
    SEALED,
    /** No seal is over it yet: it is a few milliseconds old, or its process was killed then. */
    UNSEALED,
    /** Its journal was changed, from this record or an earlier one on. */
    DAMAGED
  }

  public AuditRecord {
    encryptionContext = Map.copyOf(encryptionContext);
    parameters = Map.copyOf(parameters);
    process = Map.copyOf(process);
  }

  /** Returns the account of a role that has this record besides the caller's. */
  public Optional<String> sharedWith() {
    return Optional.ofNullable(parameters.get(SHARED_WITH));
  }

  /**
   * Returns this record as another account sees it than that of the key or the role: which
   * statement of their policies decided is not for it to know.
   */
  public AuditRecord withoutDecider() {
    return with(parameters, Optional.empty(), errorMessage);
  }

  /**
   * Returns this record as the account of the role sees it that was assumed: the session policy
   * that the caller gave is not for it to know, nor what may be wrong in it.
   */
  public AuditRecord withoutSessionPolicy() {
    Map<String, String> others = new HashMap<>(parameters);
    others.remove(SESSION_POLICY);
    sharedWith().ifPresent(account -> others.put(RECIPIENT, account));
    return with(others, decidedBy, Optional.empty());
  }

  private AuditRecord with(
      Map<String, String> shown, Optional<String> decider, Optional<String> message) {
    return new AuditRecord(
        stream,
        sequence,
        eventTime,
        eventName,
        readOnly,
        callerArn,
        accessKeyId,
        session,
        keyArn,
        keyMaterialId,
        encryptionContext,
        shown,
        decider,
        errorCode,
        message,
        process,
        integrity,
        requestId);
  }

  /** Returns CloudTrail's {@code eventID}, made of stream and sequence: always the same. */
  public UUID eventId() {
    return derivedId("event", UUID.fromString(stream), sequence);
  }

  /** Returns a UUID of version 8 (RFC 9562 §5.8): the beginning of a hash of what is named. */
  static UUID derivedId(String kind, UUID stream, long sequence) {
    String name = kind + " " + stream + " " + sequence;
    ByteBuffer hash = ByteBuffer.wrap(Sha256.of(name.getBytes(StandardCharsets.UTF_8)));
    return new UUID(
        (hash.getLong() & ~0xf000L) | 0x8000L,
        (hash.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L);
  }
}
