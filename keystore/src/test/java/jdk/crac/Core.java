// SPDX-License-Identifier: Apache-2.0
package jdk.crac;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Stands for the class of that name in builds of the JDK that have checkpoints, of which no package
 * registry has one: it calls hooks as they do, and holds them weakly as they do.
 */
public final class Core {
  private static final Global GLOBAL = new Global();

  private Core() {}

  public static Context<Resource> getGlobalContext() {
    return GLOBAL;
  }

  private static final class Global extends Context<Resource> {
    private final Set<Resource> resources =
        Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    @Override
    public void register(Resource resource) {
      resources.add(resource);
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) throws Exception {
      for (Resource resource : copy()) {
        resource.beforeCheckpoint(this);
      }
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) throws Exception {
      for (Resource resource : copy()) {
        resource.afterRestore(this);
      }
    }

    private List<Resource> copy() {
      return new ArrayList<>(resources);
    }
  }
}
