// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KmsException;
import java.time.Instant;
import java.util.List;

/**
 * The accounts of a KMS. Each has its own root, identities, keys, aliases and records; what is in
 * one, callers of another neither see nor use, unless a key policy or a grant names them or their
 * account, and then by the key's ARN.
 *
 * <p>The account that the KMS was made with, the <i>management account</i>, makes the others. It
 * has no rights in them. Thread-safe.
 */
public interface Organizations {

  /**
   * CreateAccount: makes an account with a root, who may do everything in it; where that fails,
   * there is neither.
   *
   * @param name 1 to 50 printable ASCII characters
   * @return the account with the root's access key, whose secret is shown this once
   * @throws KmsException.AccessDenied if the caller is not of the management account, or may not
   * @throws KmsException.Validation if it is no name
   * @throws KmsException.LimitExceeded if there are 1000 accounts
   */
  NewAccount createAccount(Caller caller, String name);

  /** ListAccounts: in the order in which they were made. */
  List<Account> listAccounts(Caller caller);

  /**
   * An account.
   *
   * @param id 12 digits
   * @param name empty for the management account
   */
  record Account(String id, String name, Instant joined) {

    /** Returns the ARN of its root. */
    public String rootArn() {
      return "arn:aws:iam::" + id + ":root";
    }
  }

  /**
   * An account that was just made.
   *
   * @param rootAccessKey belongs to the receiver, who destroys it
   */
  record NewAccount(Account account, NewAccessKey rootAccessKey) {}
}
