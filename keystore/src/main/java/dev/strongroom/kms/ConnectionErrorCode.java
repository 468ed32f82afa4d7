// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

/** Why a custom key store could not be connected: AWS's names where AWS has one. */
public enum ConnectionErrorCode {
  /** The token refuses the PIN, or there is none where pin-source points to. */
  INVALID_CREDENTIALS,
  /** The token takes no PIN any more, since too many wrong ones were tried. */
  USER_LOCKED_OUT,
  /** Nobody has set the PIN of the token's user. */
  USER_NOT_FOUND,
  /** The token's security officer is logged in. */
  USER_LOGGED_IN,
  /** The module works, and no slot of it has the token. */
  CLUSTER_NOT_FOUND,
  /** The module is not there, or the way to the token is broken. */
  NETWORK_ERRORS,
  /** The token lacks mechanisms; the message lists them. Not in AWS. */
  MISSING_MECHANISMS,
  /** The module lets keys out that must not leave the token. Not in AWS. */
  UNSAFE_TOKEN,
  /** Another token is in the slot, or this one was initialized anew. Not in AWS. */
  TOKEN_REPLACED,
  /** The token has no room for another object. Not in AWS. */
  TOKEN_FULL
}
