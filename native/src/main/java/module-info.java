// SPDX-License-Identifier: Apache-2.0
/** What a KMS needs of an HSM, and PKCS#11 as one answer. */
module dev.strongroom.hsm {
  requires static org.jspecify;
  requires static com.sun.jna;

  exports dev.strongroom.hsm;
  exports dev.strongroom.hsm.cluster;
  exports dev.strongroom.hsm.embedded;
  exports dev.strongroom.hsm.pkcs11;
  exports dev.strongroom.hsm.transport;

  opens dev.strongroom.hsm.pkcs11 to
      com.sun.jna;
}
