// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.ConnectionErrorCode;
import dev.strongroom.kms.ConnectionState;
import java.time.Instant;
import java.util.Optional;

/**
 * A custom key store as the store keeps it.
 *
 * @param id as {@code cks-0123456789abcdef0}
 * @param name unique in its account
 * @param cluster the token: a PKCS#11 URI, with the place of the PIN and without the PIN
 * @param error why it could not be connected, if it could not; {@code errorMessage} in words
 * @param checkValue what tells its token from others; empty until it was connected once
 * @param revision the store's revision at which this was written; 0 for what is not yet stored
 */
public record CustomKeyStoreRow(
    String id,
    String account,
    String name,
    String cluster,
    ConnectionState state,
    Optional<ConnectionErrorCode> error,
    Optional<String> errorMessage,
    Optional<String> checkValue,
    Instant creationDate,
    long revision) {

  public boolean isConnected() {
    return state == ConnectionState.CONNECTED;
  }

  /** Returns it under a name, with a token. */
  public CustomKeyStoreRow with(String newName, String newCluster) {
    return new CustomKeyStoreRow(
        id,
        account,
        newName,
        newCluster,
        state,
        error,
        errorMessage,
        checkValue,
        creationDate,
        revision);
  }

  /** Returns it connected to the token of that check value. */
  public CustomKeyStoreRow connected(String check) {
    return in(ConnectionState.CONNECTED, Optional.empty(), Optional.empty(), Optional.of(check));
  }

  public CustomKeyStoreRow disconnected() {
    return in(ConnectionState.DISCONNECTED, Optional.empty(), Optional.empty(), checkValue);
  }

  /** Returns it with the reason why it could not be connected. */
  public CustomKeyStoreRow failed(ConnectionErrorCode code, String message) {
    return in(ConnectionState.FAILED, Optional.of(code), Optional.of(message), checkValue);
  }

  private CustomKeyStoreRow in(
      ConnectionState newState,
      Optional<ConnectionErrorCode> newError,
      Optional<String> newMessage,
      Optional<String> newCheck) {
    return new CustomKeyStoreRow(
        id,
        account,
        name,
        cluster,
        newState,
        newError,
        newMessage,
        newCheck,
        creationDate,
        revision);
  }
}
