// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.metrics;

import java.util.Optional;

/** Which modules of the JDK there are: a run-time image need not have them all. */
final class JdkModules {

  private JdkModules() {}

  /** Returns whether the module is there and, where we are a module ourselves, resolved for us. */
  static boolean canUse(String name) {
    Optional<Module> found = ModuleLayer.boot().findModule(name);
    return found.isPresent() && JdkModules.class.getModule().canRead(found.get());
  }
}
