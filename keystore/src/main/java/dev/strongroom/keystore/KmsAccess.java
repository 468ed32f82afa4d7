// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.service.Kms;

/**
 * A way to a KMS: which one, and who calls when nobody else is named.
 *
 * <p>Opening the KMS is put off to the first use. All methods may throw a {@link
 * dev.strongroom.kms.KmsException}, and an {@link IllegalStateException} after the provider was
 * closed. Thread-safe.
 */
public interface KmsAccess {

  /** Returns the KMS of these settings, and opens it if nobody did. */
  Kms kms();

  /** Returns the caller who logged in, else that of the settings' access key. */
  Caller caller();

  /**
   * Returns the way to the KMS and the caller that a descriptor names; what it leaves out is as
   * here.
   */
  KmsAccess of(KeyStoreDescriptor descriptor);
}
