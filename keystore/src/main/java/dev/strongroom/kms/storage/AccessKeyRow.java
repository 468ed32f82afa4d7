// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import java.time.Instant;

/** An access key as the store keeps it: with a verifier in place of the secret. */
public final class AccessKeyRow {
  private final String accessKeyId;
  private final String account;
  private final String userName;
  private final byte[] verifier;
  private final boolean active;
  private final Instant creationDate;

  /**
   * Copies {@code verifier}.
   *
   * @param userName empty for the account root
   * @param verifier 32 bytes that the secret yields under the domain key
   */
  public AccessKeyRow(
      String accessKeyId,
      String account,
      String userName,
      byte[] verifier,
      boolean active,
      Instant creationDate) {
    this.accessKeyId = accessKeyId;
    this.account = account;
    this.userName = userName;
    this.verifier = verifier.clone();
    this.active = active;
    this.creationDate = creationDate;
  }

  public String accessKeyId() {
    return accessKeyId;
  }

  public String account() {
    return account;
  }

  public String userName() {
    return userName;
  }

  public byte[] verifier() {
    return verifier.clone();
  }

  public boolean isActive() {
    return active;
  }

  public Instant creationDate() {
    return creationDate;
  }

  AccessKeyRow withActive(boolean isActive) {
    return new AccessKeyRow(accessKeyId, account, userName, verifier, isActive, creationDate);
  }
}
