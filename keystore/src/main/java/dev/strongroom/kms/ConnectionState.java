// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

/** Whether the keys of a custom key store can be used, by AWS's names. */
public enum ConnectionState {
  /** Its keys are used in its token. */
  CONNECTED,
  /** Somebody ended that, or never began it. Its keys are unavailable. */
  DISCONNECTED,
  /** It could not be connected. Its keys are unavailable. */
  FAILED
}
