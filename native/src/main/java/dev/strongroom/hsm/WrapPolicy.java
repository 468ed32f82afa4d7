// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm;

/** What the unwrap template of a domain key lets happen to the backing keys opened under it. */
public enum WrapPolicy {
  /** The KMS can wrap an opened backing key again; so could code that holds the PIN. */
  OPEN,
  /**
   * The wrapping key's {@code CKA_UNWRAP_TEMPLATE} makes every opened key unextractable for ever.
   */
  STRICT,
  /** Opened keys can be wrapped again only under keys that a security officer marked trusted. */
  TRUSTED
}
