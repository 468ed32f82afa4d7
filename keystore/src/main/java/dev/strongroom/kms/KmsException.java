// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A KMS operation was refused or failed. Each case is a class, named as AWS's error of that name;
 * {@link #errorCode()} is what the audit trail and the command line show.
 *
 * <p>Messages say what is wrong and what to do; they hold key ids, aliases, sizes and states, never
 * plaintext, key bytes or secrets.
 */
public abstract sealed class KmsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  KmsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Returns AWS's name of the error, as {@code AccessDeniedException}. */
  public String errorCode() {
    return getClass().getSimpleName() + "Exception";
  }

  /** Returns whether the same call may succeed later without a change by the caller. */
  public boolean isRetryable() {
    return false;
  }

  /**
   * The caller may not do this, or names a key that does not exist: without rights on a key the two
   * cannot be told apart.
   */
  public static final class AccessDenied extends KmsException {
    private static final long serialVersionUID = 1;

    public AccessDenied(String message) {
      super(message, null);
    }

    /** Returns this refusal with the id by which administrators find it in the audit trail. */
    public AccessDenied withRequestId(UUID requestId) {
      return new AccessDenied(
          getMessage()
              + ". Administrators see why with 'kms explain --request-id "
              + requestId
              + "'");
    }
  }

  /**
   * The access key is unknown, inactive or its secret or session token is wrong; which of them is
   * not said.
   */
  public static final class UnrecognizedClient extends KmsException {
    private static final long serialVersionUID = 1;

    public UnrecognizedClient() {
      super(
          "The access key is not valid: its id is unknown, it is inactive, or the secret or the"
              + " session token is wrong. Check access-key-id, secret-access-key and session-token"
              + " in the settings.",
          null);
    }
  }

  /** There is no such key, alias, user or page. */
  public static final class NotFound extends KmsException {
    private static final long serialVersionUID = 1;

    public NotFound(String message) {
      super(message, null);
    }
  }

  /** What the caller may do has to be approved by others first; says by whom, and how. */
  public static final class ApprovalRequired extends KmsException {
    private static final long serialVersionUID = 1;

    public ApprovalRequired(String message) {
      super(message, null);
    }
  }

  /** A dry run came to its end: the call would succeed, and nothing of it was done. */
  public static final class DryRunOperation extends KmsException {
    private static final long serialVersionUID = 1;

    public DryRunOperation() {
      super("The request would have succeeded, but the DryRun option is set.", null);
    }
  }

  /** The key is disabled. */
  public static final class Disabled extends KmsException {
    private static final long serialVersionUID = 1;

    public Disabled(String message) {
      super(message, null);
    }
  }

  /** The key's state does not allow the operation. */
  public static final class InvalidState extends KmsException {
    private static final long serialVersionUID = 1;

    public InvalidState(String message) {
      super(message, null);
    }

    @Override
    public String errorCode() {
      return "KMSInvalidStateException";
    }
  }

  /** The key was made for another use, or has no such algorithm. */
  public static final class InvalidKeyUsage extends KmsException {
    private static final long serialVersionUID = 1;

    public InvalidKeyUsage(String message) {
      super(message, null);
    }
  }

  /**
   * The ciphertext cannot be decrypted. It is not said why: a changed byte, another encryption
   * context and a blob of another system look alike.
   */
  public static final class InvalidCiphertext extends KmsException {
    private static final long serialVersionUID = 1;

    public InvalidCiphertext() {
      super(
          "The ciphertext is not valid here: it was changed or cut, or the encryption context or the"
              + " key differ from those of the encryption. Compare the context pair by pair, then"
              + " the ciphertext's length and origin.",
          null);
    }
  }

  /** Key material to be imported is not the one that the key had, or that was named. */
  public static final class IncorrectKeyMaterial extends KmsException {
    private static final long serialVersionUID = 1;

    public IncorrectKeyMaterial(String message) {
      super(message, null);
    }
  }

  /** The import token is not one of this KMS for that key and caller; it is not said why. */
  public static final class InvalidImportToken extends KmsException {
    private static final long serialVersionUID = 1;

    public InvalidImportToken() {
      super(
          "The import token is not valid: it was altered, or is of another key, another account or"
              + " another KMS. Get parameters for this key with 'kms get-parameters-for-import', and"
              + " wrap the key material under their public key.",
          null);
    }
  }

  /** The import token is older than 24 hours. */
  public static final class ExpiredImportToken extends KmsException {
    private static final long serialVersionUID = 1;

    public ExpiredImportToken() {
      super(
          "The import token has expired: it is good for 24 hours. Get new parameters with 'kms"
              + " get-parameters-for-import', and wrap the key material under their public key.",
          null);
    }
  }

  /** The ciphertext belongs to a key other than the one that the caller named. */
  public static final class IncorrectKey extends KmsException {
    private static final long serialVersionUID = 1;

    public IncorrectKey(String message) {
      super(message, null);
    }
  }

  /** The signature does not fit the message, the key and the algorithm. */
  public static final class InvalidSignature extends KmsException {
    private static final long serialVersionUID = 1;

    public InvalidSignature() {
      super(
          "The signature is not valid for this message, key and algorithm. Check that all three are"
              + " those of the signing, and MessageType too.",
          null);
    }

    @Override
    public String errorCode() {
      return "KMSInvalidSignatureException";
    }
  }

  /** The MAC does not fit the message and the key. */
  public static final class InvalidMac extends KmsException {
    private static final long serialVersionUID = 1;

    public InvalidMac() {
      super(
          "The MAC is not valid for this message and key. Check that both are those it was made"
              + " with.",
          null);
    }

    @Override
    public String errorCode() {
      return "KMSInvalidMacException";
    }
  }

  /** A parameter has a value that it cannot have. */
  public static final class Validation extends KmsException {
    private static final long serialVersionUID = 1;

    public Validation(String message) {
      super(message, null);
    }
  }

  /** A name of a principal or a key has not the form of one. */
  public static final class InvalidArn extends KmsException {
    private static final long serialVersionUID = 1;

    public InvalidArn(String message) {
      super(message, null);
    }
  }

  /** A grant token is not good for this call; it is not said why. */
  public static final class InvalidGrantToken extends KmsException {
    private static final long serialVersionUID = 1;

    public InvalidGrantToken() {
      super(
          "The grant token is not valid: it was altered, is for another key, or its grant expired,"
              + " was retired or revoked. Leave it out, or ask whoever made the grant for a new one.",
          null);
    }
  }

  /** The name is taken. */
  public static final class AlreadyExists extends KmsException {
    private static final long serialVersionUID = 1;

    public AlreadyExists(String message) {
      super(message, null);
    }
  }

  /** There is no such user, group, role, policy or access key. */
  public static final class NoSuchEntity extends KmsException {
    private static final long serialVersionUID = 1;

    public NoSuchEntity(String message) {
      super(message, null);
    }

    @Override
    public String errorCode() {
      return "NoSuchEntity";
    }
  }

  /** There is a user, group, role or policy of that name. */
  public static final class EntityAlreadyExists extends KmsException {
    private static final long serialVersionUID = 1;

    public EntityAlreadyExists(String message) {
      super(message, null);
    }

    @Override
    public String errorCode() {
      return "EntityAlreadyExists";
    }
  }

  /** It is still in use, or has something that has to go first. */
  public static final class DeleteConflict extends KmsException {
    private static final long serialVersionUID = 1;

    public DeleteConflict(String message) {
      super(message, null);
    }

    @Override
    public String errorCode() {
      return "DeleteConflict";
    }
  }

  /** The session is over; a new one is to be had where this one came from. */
  public static final class ExpiredToken extends KmsException {
    private static final long serialVersionUID = 1;

    public ExpiredToken(String message) {
      super(message, null);
    }
  }

  /** Somebody else changed the same thing at the same moment; what they did stands. */
  public static final class Conflict extends KmsException {
    private static final long serialVersionUID = 1;

    public Conflict(String message) {
      super(message, null);
    }

    @Override
    public boolean isRetryable() {
      return true;
    }
  }

  /** There are as many of these as there may be. */
  public static final class LimitExceeded extends KmsException {
    private static final long serialVersionUID = 1;

    public LimitExceeded(String message) {
      super(message, null);
    }
  }

  /** A tag has a key or a value that it cannot have, or is in the request twice. */
  public static final class Tag extends KmsException {
    private static final long serialVersionUID = 1;

    public Tag(String message) {
      super(message, null);
    }
  }

  /** The policy is not one; the message names the line and column. */
  public static final class MalformedPolicyDocument extends KmsException {
    private static final long serialVersionUID = 1;

    public MalformedPolicyDocument(String message) {
      super(message, null);
    }
  }

  /** There is no such custom key store in the account. */
  public static final class CustomKeyStoreNotFound extends KmsException {
    private static final long serialVersionUID = 1;

    public CustomKeyStoreNotFound(String message) {
      super(message, null);
    }
  }

  /** The connection state of the custom key store does not allow the operation. */
  public static final class CustomKeyStoreInvalidState extends KmsException {
    private static final long serialVersionUID = 1;

    public CustomKeyStoreInvalidState(String message) {
      super(message, null);
    }
  }

  /** Another custom key store of the account has that name. */
  public static final class CustomKeyStoreNameInUse extends KmsException {
    private static final long serialVersionUID = 1;

    public CustomKeyStoreNameInUse(String message) {
      super(message, null);
    }
  }

  /** The custom key store still has keys. */
  public static final class CustomKeyStoreHasCMKs extends KmsException {
    private static final long serialVersionUID = 1;

    public CustomKeyStoreHasCMKs(String message) {
      super(message, null);
    }
  }

  /** Something else uses that token already. */
  public static final class CloudHsmClusterInUse extends KmsException {
    private static final long serialVersionUID = 1;

    public CloudHsmClusterInUse(String message) {
      super(message, null);
    }
  }

  /** There is no such token. */
  public static final class CloudHsmClusterNotFound extends KmsException {
    private static final long serialVersionUID = 1;

    public CloudHsmClusterNotFound(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The token is there and cannot be used as it is. */
  public static final class CloudHsmClusterInvalidConfiguration extends KmsException {
    private static final long serialVersionUID = 1;

    public CloudHsmClusterInvalidConfiguration(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The token is not the one that the custom key store was first connected to. */
  public static final class CloudHsmClusterNotRelated extends KmsException {
    private static final long serialVersionUID = 1;

    public CloudHsmClusterNotRelated(String message) {
      super(message, null);
    }
  }

  /** This KMS, HSM or key cannot do that at all. */
  public static final class UnsupportedOperation extends KmsException {
    private static final long serialVersionUID = 1;

    public UnsupportedOperation(String message) {
      super(message, null);
    }
  }

  /** The HSM cannot be reached or failed. */
  public static final class HsmUnavailable extends KmsException {
    private static final long serialVersionUID = 1;

    public HsmUnavailable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    public String errorCode() {
      return "DependencyTimeoutException";
    }

    @Override
    public boolean isRetryable() {
      return true;
    }
  }

  /** The store cannot be reached, read or written. */
  public static final class StoreUnavailable extends KmsException {
    private static final long serialVersionUID = 1;

    public StoreUnavailable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    public String errorCode() {
      return "KMSInternalException";
    }

    @Override
    public boolean isRetryable() {
      return true;
    }
  }

  /** What the store holds was changed by someone else than this KMS, or belongs to another one. */
  public static final class StoreTampered extends KmsException {
    private static final long serialVersionUID = 1;

    public StoreTampered(String message) {
      super(message, null);
    }

    @Override
    public String errorCode() {
      return "KMSInternalException";
    }
  }

  /** The call cannot be put on record, therefore it was refused. */
  public static final class AuditUnavailable extends KmsException {
    private static final long serialVersionUID = 1;

    public AuditUnavailable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    public String errorCode() {
      return "KMSInternalException";
    }

    @Override
    public boolean isRetryable() {
      return true;
    }
  }

  /** The settings cannot be used as they are. */
  public static final class Configuration extends KmsException {
    private static final long serialVersionUID = 1;

    public Configuration(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
