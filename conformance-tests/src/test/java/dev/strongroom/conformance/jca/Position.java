// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.jca;

import java.security.Provider;
import java.security.Security;

/** Where a provider stands in the list. */
public enum Position {
  FIRST {
    @Override
    int number() {
      return 1;
    }
  },
  /** Behind SUN and SunRsaSign, before SunEC, SunJSSE and SunJCE. */
  MIDDLE {
    @Override
    int number() {
      return 3;
    }
  },
  LAST {
    @Override
    int number() {
      return Security.getProviders().length + 1;
    }
  };

  abstract int number();

  public void install(Provider provider) {
    if (Security.insertProviderAt(provider, number()) < 0) {
      throw new IllegalStateException(provider.getName() + " is installed already");
    }
  }
}
