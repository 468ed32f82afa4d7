// SPDX-License-Identifier: Apache-2.0
/** The ways in to the KMS: JCA services, adapters for other libraries, and the command line. */
module dev.strongroom.provider {
  requires static com.microsoft.sqlserver.jdbc;
  requires static jakarta.persistence;
  requires static kafka.clients;
  requires static org.jspecify;
  requires transitive dev.strongroom.keystore;
  requires java.logging;
  requires org.apache.commons.cli;

  exports dev.strongroom.adapter.jpa;
  exports dev.strongroom.adapter.kafka;
  exports dev.strongroom.adapter.mssql;
  exports dev.strongroom.adapter.postgresql;
  exports dev.strongroom.field;
  exports dev.strongroom.jca;

  provides java.security.Provider with
      dev.strongroom.jca.StrongroomProvider;
}
