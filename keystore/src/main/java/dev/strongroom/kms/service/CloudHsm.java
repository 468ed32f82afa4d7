// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.custody.Custody;
import java.security.PublicKey;
import java.util.List;

/**
 * The HSM under the KMS, by operations that AWS has in another form: for callers of the account
 * that the KMS was made with, whose policies let them ({@code cloudhsm:RotateDomainKey}).
 * Thread-safe.
 */
public interface CloudHsm {

  /** Who wants to know how far a rotation is: rows of the store. Called by the rotating thread. */
  interface Progress {
    void advanced(long done, long total);
  }

  /**
   * Makes a new version of the domain key in the HSM, brings all key tokens and all rows of the
   * store under it, verifies all and retires the version before. The wrap policy of the new one is
   * that of the setting {@code wrap-policy}. This process and others work on meanwhile; the call
   * returns when all is done.
   *
   * <p>Retired versions stay in the HSM: verifiers of access keys, sealed parts of the trail and,
   * where the wrap policy was strict, key tokens are under them. What was leaked with the old one
   * stays leaked: rotate the KMS keys as well.
   *
   * @throws KmsException.InvalidState if another rotation is under way, or was interrupted
   * @throws KmsException.ApprovalRequired if the account's approval rule demands approvals
   */
  DomainKeyDescription rotateDomainKey(Caller caller, Progress progress);

  /**
   * Goes on with a rotation that was interrupted. A process that is kept running does so by itself
   * within a minute or two.
   *
   * @throws KmsException.InvalidState if there is none
   */
  DomainKeyDescription resumeDomainKeyRotation(Caller caller, Progress progress);

  /** Returns the tokens that hold the domain key and how they are. */
  ClusterDescription describeCluster(Caller caller);

  /**
   * Gives a member of the cluster the versions of the domain key that it lacks: wrapped under an
   * RSA key that it makes for this, and compared by check value before it gets calls.
   *
   * @param member its name as {@link #describeCluster} shows it, or the label of its token
   * @throws KmsException.UnsupportedOperation if the keys are not extractable where they are, as
   *     those that PKCS#11 tokens make are: then a rotation gives it the next version
   */
  ClusterDescription joinCluster(Caller caller, String member);

  /**
   * Destroys the domain key in a member of the cluster; after that take it out of the settings.
   *
   * @param member as in {@link #joinCluster}
   * @throws KmsException.InvalidState if it is the last one that has a version, or the setting
   *     {@code minDomainKeyCopies} demands it
   */
  ClusterDescription leaveCluster(Caller caller, String member);

  /**
   * Takes the domain key, all its versions, out for custodians; it stays in the HSM. {@link
   * KmsSetup#importDomainKey} brings it back with the shares of enough of them.
   *
   * @param custodians RSA keys of 2048 bits or more, none twice
   * @param threshold how many of them bring it back, 2 or more
   * @throws KmsException.UnsupportedOperation if the HSM does not let it out, as PKCS#11 tokens
   *     that keep what is not extractable
   */
  Custody.Handout exportDomainKey(Caller caller, List<PublicKey> custodians, int threshold);

  /** Returns the versions of the domain key, and how far a rotation is. */
  DomainKeyDescription describeDomainKey(Caller caller);
}
