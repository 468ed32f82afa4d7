// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key;

import dev.strongroom.hsm.HsmException;
import dev.strongroom.kms.KmsException;

/** The one place that turns what an HSM says into what the KMS says. */
public final class HsmErrors {

  private HsmErrors() {}

  /** Returns the KMS's failure for the HSM's, which becomes its cause. */
  public static KmsException toKms(HsmException e) {
    if (e instanceof HsmException.Unsupported) {
      return new KmsException.UnsupportedOperation(String.valueOf(e.getMessage()));
    }
    if (e instanceof HsmException.Full) {
      return new KmsException.LimitExceeded(String.valueOf(e.getMessage()));
    }
    if (e instanceof HsmException.LoginFailed || e instanceof HsmException.Untrustworthy) {
      return new KmsException.Configuration(String.valueOf(e.getMessage()), e);
    }
    if (e instanceof HsmException.Tampered) {
      return KeyToken.tampered();
    }
    return new KmsException.HsmUnavailable(String.valueOf(e.getMessage()), e);
  }
}
