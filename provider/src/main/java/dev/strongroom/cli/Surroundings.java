// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.service.Health.Finding;
import dev.strongroom.kms.service.Health.Severity;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Looks at what a KMS cannot see from inside: the Java it runs on, file modes. */
final class Surroundings {

  private Surroundings() {}

  /** Returns what was found. */
  static List<Finding> look(Path home) throws IOException {
    List<Finding> findings = new ArrayList<>();
    findings.add(java());
    findings.add(nativeAccess());
    findings.addAll(modes(home));
    return findings;
  }

  private static String property(String name, String fallback) {
    return System.getProperty(name, fallback);
  }

  private static Finding java() {
    String name = property("java.runtime.name", "") + " " + Runtime.version();
    boolean needsSignedJar = name.startsWith("Java(TM)");
    return needsSignedJar
        ? new Finding(
            Severity.WARNING,
            "java",
            name
                + " loads Cipher, Mac, KeyGenerator and KeyAgreement only from signed jars, and this"
                + " one is not; KeyStore and Signature work. Use an OpenJDK build.")
        : new Finding(Severity.OK, "java", name + ", " + property("java.vendor", "") + ".");
  }

  /** From JDK 24 on, loading a native library without leave prints a warning, later it fails. */
  private static Finding nativeAccess() {
    if (Runtime.version().feature() < 24 || mayLoadNativeCode()) {
      return new Finding(Severity.OK, "java", "Native libraries may be loaded.");
    }
    return new Finding(
        Severity.NOTE,
        "java",
        "Native libraries load with a warning, and not at all in later JDKs. Start java with"
            + " --enable-native-access=ALL-UNNAMED.");
  }

  private static boolean mayLoadNativeCode() {
    try {
      Object enabled =
          Module.class.getMethod("isNativeAccessEnabled").invoke(Surroundings.class.getModule());
      return Boolean.TRUE.equals(enabled);
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      throw new LinkageError("Module.isNativeAccessEnabled is public since JDK 22", e);
    }
  }

  /** Only this user may read the home: because its folder is closed, or all that is in it. */
  private static List<Finding> modes(Path home) throws IOException {
    boolean hasModes = home.getFileSystem().supportedFileAttributeViews().contains("posix");
    if (!hasModes || !Files.isDirectory(home)) {
      return List.of();
    }
    List<Finding> findings = new ArrayList<>();
    if (isOpen(home)) {
      try (Stream<Path> files = Files.list(home)) {
        for (Path file : files.sorted().toList()) {
          if (isOpen(file)) {
            findings.add(finding(file));
          }
        }
      }
    }
    return findings.isEmpty()
        ? List.of(new Finding(Severity.OK, "home", "Only this user may read " + home + "."))
        : findings;
  }

  private static boolean isOpen(Path file) throws IOException {
    return !Files.isSymbolicLink(file)
        && Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS).stream()
            .anyMatch(permission -> !permission.name().startsWith("OWNER"));
  }

  private static Finding finding(Path file) {
    return new Finding(
        Severity.WARNING, "home", file + " is open to other users. Run 'chmod go= " + file + "'.");
  }
}
