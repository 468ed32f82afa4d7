// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.HashAlgorithm;

/** A CK_MECHANISM: a type and parameters that are all CK_ULONG (PKCS#11 v2.40 §3.4). */
final class Mechanism {
  private static final long[] NONE = {};

  /** CKZ_DATA_SPECIFIED: the label of OAEP is in the parameters. */
  private static final long DATA_SPECIFIED = 1;

  private final long type;
  private final long[] parameters;
  private final boolean emptyLabel;

  private Mechanism(long type, long[] parameters, boolean emptyLabel) {
    this.type = type;
    this.parameters = parameters;
    this.emptyLabel = emptyLabel;
  }

  static Mechanism of(long type) {
    return new Mechanism(type, NONE, false);
  }

  /** CK_RSA_PKCS_PSS_PARAMS; the input is a hash. */
  static Mechanism pss(HashAlgorithm hash, int saltBytes) {
    long[] parameters = {Ckm.digest(hash), Ckm.mgf1(hash), saltBytes};
    return new Mechanism(Ckm.RSA_PKCS_PSS, parameters, false);
  }

  /** CK_RSA_PKCS_OAEP_PARAMS with an empty label. */
  static Mechanism oaep(HashAlgorithm hash, HashAlgorithm mgfHash) {
    long[] parameters = {Ckm.digest(hash), Ckm.mgf1(mgfHash), DATA_SPECIFIED};
    return new Mechanism(Ckm.RSA_PKCS_OAEP, parameters, true);
  }

  long type() {
    return type;
  }

  /** Lends the parameters, which nobody changes. */
  long[] parameters() {
    return parameters;
  }

  boolean hasEmptyLabel() {
    return emptyLabel;
  }
}
