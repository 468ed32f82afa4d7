// SPDX-License-Identifier: Apache-2.0
/** The KMS itself, and its keys as KeyStore entries. */
@SuppressWarnings("module") // the module provider is compiled after this one
module dev.strongroom.keystore {
  requires static java.management;
  requires static jdk.jfr;
  requires static org.jspecify;
  requires static org.postgresql.jdbc;
  requires com.fasterxml.jackson.core;
  requires dev.strongroom.hsm;
  requires java.sql;
  requires org.bouncycastle.provider;
  requires org.xerial.sqlitejdbc;

  exports dev.strongroom.keystore;
  exports dev.strongroom.kms;
  exports dev.strongroom.kms.approval;
  exports dev.strongroom.kms.audit;
  exports dev.strongroom.kms.audit.export;
  exports dev.strongroom.kms.audit.usage;
  exports dev.strongroom.kms.crypto to
      dev.strongroom.provider;
  exports dev.strongroom.kms.crypto.envelope;
  exports dev.strongroom.kms.crypto.envelope.keyring;
  exports dev.strongroom.kms.custody;
  exports dev.strongroom.kms.expectations;
  exports dev.strongroom.kms.json;
  exports dev.strongroom.kms.metrics;
  exports dev.strongroom.kms.key to
      dev.strongroom.provider;
  exports dev.strongroom.kms.service;
}
