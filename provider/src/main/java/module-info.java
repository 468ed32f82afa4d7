// SPDX-License-Identifier: Apache-2.0
/** The ways in to the KMS: JCA services, adapters for other libraries, and the command line. */
module dev.strongroom.provider {
  requires static org.jspecify;
  requires transitive dev.strongroom.keystore;
  requires info.picocli;
  requires java.logging;

  exports dev.strongroom.field;
  exports dev.strongroom.jca;

  provides java.security.Provider with
      dev.strongroom.jca.StrongroomProvider;
}
