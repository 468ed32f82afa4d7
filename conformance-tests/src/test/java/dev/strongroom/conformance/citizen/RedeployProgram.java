// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.citizen;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;

/**
 * A container that deploys {@link WebApplication} again and again, each time in a class loader of
 * its own, and looks what is left: prints a line for each round.
 *
 * <p>Arguments: how often, a file of settings, the form (see {@link WebApplication}), and the files
 * of the application.
 */
final class RedeployProgram {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private RedeployProgram() {}

  public static void main(String[] arguments) throws Exception {
    URL[] files = new URL[arguments.length - 3];
    for (int i = 0; i < files.length; i++) {
      files[i] = Path.of(arguments[i + 3]).toUri().toURL();
    }
    for (int round = 0; round < Integer.parseInt(arguments[0]); round++) {
      Set<String> threads = threads();
      WeakReference<ClassLoader> gone = deploy(files, arguments[1], arguments[2]);
      boolean isCollected = await(() -> gone.refersTo(null));
      await(() -> threads.containsAll(threads()));
      Set<String> more = threads();
      more.removeAll(threads);
      System.out.println((isCollected ? "collected" : "leaked") + " threads=" + more);
    }
    System.out.println("temporary=" + temporaryFiles());
    System.out.println("shown=" + shown());
  }

  /** Runs the application as a container does: in a thread of its own that has its loader. */
  private static WeakReference<ClassLoader> deploy(URL[] files, String settings, String form)
      throws Exception {
    URLClassLoader loader = new URLClassLoader(files, ClassLoader.getPlatformClassLoader());
    WeakReference<ClassLoader> reference = new WeakReference<>(loader);
    try (loader) {
      @SuppressWarnings("unchecked") // of all interfaces, one of the JDK is the same on both sides
      BiConsumer<String, String> application =
          (BiConsumer<String, String>)
              loader
                  .loadClass("dev.strongroom.conformance.citizen.WebApplication")
                  .getDeclaredConstructor()
                  .newInstance();
      Thread thread = new Thread(() -> application.accept(settings, form), "container");
      thread.setContextClassLoader(loader);
      thread.start();
      thread.join();
    }
    return reference;
  }

  private interface Claim {
    boolean holds();
  }

  private static boolean await(Claim claim) throws InterruptedException {
    long start = System.nanoTime();
    while (!claim.holds()) {
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        return false;
      }
      System.gc();
      Thread.sleep(20);
    }
    return true;
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        // The JDK's own, which waits for processes and stays for a minute after the last.
        .filter(thread -> !thread.getName().equals("process reaper"))
        .map(thread -> thread.getName() + "#" + thread.getId())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static long temporaryFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files.filter(file -> !file.getFileName().toString().startsWith("hsperf")).count();
    }
  }

  /** Returns what JMX shows of us; makes no MBean server, which would know the class loader. */
  static Set<String> shown() {
    return MBeanServerFactory.findMBeanServer(null).stream()
        .flatMap(server -> server.queryNames(null, null).stream())
        .map(ObjectName::toString)
        .filter(name -> name.startsWith("dev.strongroom:"))
        .collect(Collectors.toSet());
  }
}
