// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.jca;

import java.security.KeyStore;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.util.Collections;
import java.util.ServiceLoader;

/** Prints how this JVM found the provider, and what its KeyStore holds. */
final class InstallationProgram {
  private InstallationProgram() {}

  public static void main(String[] arguments) throws Exception {
    boolean loaded =
        ServiceLoader.load(Provider.class).stream()
            .anyMatch(found -> found.type().getSimpleName().equals("StrongroomProvider"));
    System.out.println("service loader: " + loaded);
    System.out.println("first: " + Security.getProviders()[0].getName());
    System.out.println("random: " + new SecureRandom().getProvider().getName());
    for (Provider provider : Security.getProviders()) {
      if (provider.getName().startsWith("Strongroom")) {
        System.out.println("installed: " + provider.getName());
        KeyStore keyStore = KeyStore.getInstance("KMS");
        keyStore.load(null, null);
        System.out.println("aliases: " + Collections.list(keyStore.aliases()));
      }
    }
  }
}
