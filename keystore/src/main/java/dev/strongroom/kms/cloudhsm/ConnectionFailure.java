// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.cloudhsm;

import dev.strongroom.hsm.HsmException;
import dev.strongroom.kms.ConnectionErrorCode;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.HsmErrors;

/**
 * Why a custom key store could not be connected.
 *
 * @param code what is kept of it
 * @param told what its caller is told
 */
public record ConnectionFailure(ConnectionErrorCode code, KmsException told) {

  /** Returns what another token in the place of the right one is. */
  public static ConnectionFailure of(KmsException.CloudHsmClusterNotRelated e) {
    return new ConnectionFailure(ConnectionErrorCode.TOKEN_REPLACED, e);
  }

  /** Returns what a failure of the token is. */
  public static ConnectionFailure of(HsmException e) {
    ConnectionErrorCode code = code(e);
    String message = String.valueOf(e.getMessage());
    return new ConnectionFailure(
        code,
        switch (code) {
          case CLUSTER_NOT_FOUND -> new KmsException.CloudHsmClusterNotFound(message, e);
          case NETWORK_ERRORS, TOKEN_FULL -> HsmErrors.toKms(e);
          default -> new KmsException.CloudHsmClusterInvalidConfiguration(message, e);
        });
  }

  private static ConnectionErrorCode code(HsmException e) {
    if (e instanceof HsmException.LoginFailed login) {
      return switch (login.reason()) {
        case PIN -> ConnectionErrorCode.INVALID_CREDENTIALS;
        case LOCKED -> ConnectionErrorCode.USER_LOCKED_OUT;
        case NO_USER -> ConnectionErrorCode.USER_NOT_FOUND;
        case OTHER_USER -> ConnectionErrorCode.USER_LOGGED_IN;
      };
    }
    if (e instanceof HsmException.Unsupported) {
      return ConnectionErrorCode.MISSING_MECHANISMS;
    }
    if (e instanceof HsmException.Untrustworthy) {
      return ConnectionErrorCode.UNSAFE_TOKEN;
    }
    if (e instanceof HsmException.Full) {
      return ConnectionErrorCode.TOKEN_FULL;
    }
    return e instanceof HsmException.Unavailable away && away.isTokenAbsent()
        ? ConnectionErrorCode.CLUSTER_NOT_FOUND
        : ConnectionErrorCode.NETWORK_ERRORS;
  }
}
