// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Map;

/** Loads Strongroom a second time, as a web application with its own copy does. */
final class OtherLoader {
  private OtherLoader() {}

  /** Returns what the static factory {@code of(Map)} of the other copy's class makes. */
  static Object instance(String type, Map<String, String> argument) throws Exception {
    String[] path = System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1);
    URL[] urls = new URL[path.length];
    for (int i = 0; i < path.length; i++) {
      urls[i] = Path.of(path[i]).toUri().toURL();
    }
    try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
      return loader.loadClass(type).getMethod("of", Map.class).invoke(null, argument);
    }
  }
}
