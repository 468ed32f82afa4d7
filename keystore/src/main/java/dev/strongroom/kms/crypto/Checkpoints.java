// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Tells who asks before this JVM is written to a checkpoint from which it may be restored more than
 * once (CRaC: Coordinated Restore at Checkpoint, package {@code jdk.crac}). On a JDK that has no
 * checkpoints nothing happens.
 *
 * <p>By reflection, because the package exists in some builds of the JDK only.
 */
public final class Checkpoints {

  /** What has to be done before a checkpoint. */
  @FunctionalInterface
  public interface Hook {

    /**
     * Drops whatever copies of this process must not share.
     *
     * @throws IllegalStateException if there must not be a checkpoint now; the JVM goes on
     */
    void beforeCheckpoint();
  }

  private Checkpoints() {}

  /**
   * Registers a hook.
   *
   * @return what the caller has to hold for as long as the hook is to be called: the JDK holds it
   *     weakly
   */
  public static Object register(Hook hook) {
    try {
      Class<?> core = Class.forName("jdk.crac.Core");
      Class<?> resource = Class.forName("jdk.crac.Resource");
      Class<?> context = Class.forName("jdk.crac.Context");
      Object proxy =
          Proxy.newProxyInstance(
              Checkpoints.class.getClassLoader(),
              new Class<?>[] {resource},
              (self, method, arguments) ->
                  switch (method.getName()) {
                    case "beforeCheckpoint" -> {
                      hook.beforeCheckpoint();
                      yield null;
                    }
                    case "equals" -> self == arguments[0];
                    case "hashCode" -> System.identityHashCode(self);
                    case "toString" -> "Strongroom's hook before checkpoints";
                    default -> null; // afterRestore: everything is opened when it is next needed
                  });
      Object global = core.getMethod("getGlobalContext").invoke(null);
      context.getMethod("register", resource).invoke(global, proxy);
      return proxy;
    } catch (ClassNotFoundException e) {
      return hook; // a JDK without checkpoints
    } catch (InvocationTargetException | NoSuchMethodException | IllegalAccessException e) {
      throw new IllegalStateException(
          "This JDK has checkpoints, but not as jdk.crac describes them. Use another build, or"
              + " start it without checkpoints and with snapshot-safe=true.",
          e);
    }
  }
}
