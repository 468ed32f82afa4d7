// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.hsm;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.HsmUri;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A fresh SoftHSM2 token with a module of its own.
 *
 * <p>SoftHSM reads its settings once, when it is initialized: so each token gets a copy of the
 * library under another name, which the process loads as another library.
 */
public final class SoftHsmToken {
  public static final String LABEL = "kms test";

  private final Path folder;
  private final String label;
  private byte[] whole = {};

  private SoftHsmToken(Path folder, String label) {
    this.folder = folder;
    this.label = label;
  }

  /** Makes the token in an empty {@code folder}; its user PIN is 1234. */
  public static SoftHsmToken in(Path folder) {
    return in(folder, LABEL);
  }

  /** Does the same with a token of that label. */
  public static SoftHsmToken in(Path folder, String label) {
    Path library = Rig.file("libsofthsm2.so");
    SoftHsmToken token = new SoftHsmToken(folder, label);
    try {
      Files.createDirectory(token.tokens());
      token.configure("ALL");
      Files.copy(library, token.module());
      token.pinFile("1234");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    token.util("--init-token", "--free", "--label", label, "--so-pin", "12345678", "--pin", "1234");
    try {
      token.whole = token.tokenFile();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return token;
  }

  private void configure(String mechanisms) throws IOException {
    Files.writeString(
        settings(),
        String.join(
            "\n",
            "directories.tokendir = " + tokens(),
            "objectstore.backend = file",
            "log.level = ERROR",
            "slots.removable = false",
            "slots.mechanisms = " + mechanisms,
            "library.reset_on_fork = false",
            ""));
  }

  /** Makes the token, which somebody has used, refuse these mechanisms. */
  public void withoutMechanisms(String... names) throws IOException {
    // SoftHSM 2.6 overlooks the first name of a list that takes away.
    configure("-CKM_MD5," + String.join(",", names));
    restart();
  }

  private void util(String... arguments) {
    List<String> all = new ArrayList<>(List.of("--module", module().toString()));
    all.addAll(List.of(arguments));
    Rig.run(Map.of("SOFTHSM2_CONF", settings().toString()), "softhsm2-util", all);
  }

  /** Lets the library of this token, when it is loaded next, find this token. */
  public SoftHsmToken select() {
    Rig.setEnvironment("SOFTHSM2_CONF", settings().toString());
    return this;
  }

  /** Takes the token out of its slot, under whoever uses it: session objects are gone with it. */
  public void takeAway() throws IOException {
    Files.move(tokens(), away());
    restart();
  }

  /** Ends the library for all who use it; the next use begins it anew, with what it reads then. */
  private void restart() {
    Map<String, Integer> options = Map.of(Library.OPTION_OPEN_FLAGS, SessionObjects.RTLD_NOW);
    NativeLibrary library = NativeLibrary.getInstance(module().toString(), options);
    Object code = library.getFunction("C_Finalize").invoke(Long.class, new Object[] {null});
    if (!Long.valueOf(0).equals(code)) {
      throw new AssertionError("C_Finalize returned " + code);
    }
  }

  /** Puts the token back. */
  public void bringBack() throws IOException {
    Files.move(away(), tokens());
  }

  /** Copies the token as it is, for {@link #restore}. */
  public void backUp() throws IOException {
    copy(tokens(), folder.resolve("backup"));
  }

  /** Brings the token back to what it was at {@link #backUp}, under whoever uses it. */
  public void restore() throws IOException {
    Files.move(tokens(), folder.resolve("before-restore"));
    copy(folder.resolve("backup"), tokens());
    restart();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }

  private Path away() {
    return folder.resolve("away");
  }

  /** Destroys the kdf object of a domain key, as an operator's mistake would. */
  public void deleteKdf(DomainKeyId id) {
    UUID domain = id.domain();
    String ckaId = String.format("%s%08x02", domain.toString().replace("-", ""), id.version());
    tool("--delete-object", "--type", "secrkey", "--id", ckaId);
  }

  /**
   * Puts the token's own file back where it was cut off: SoftHSM writes it anew at each login, not
   * in one step, and a kill in between costs the token. Returns whether that was so.
   */
  public boolean mend() throws IOException {
    try (Stream<Path> files = Files.walk(tokens())) {
      Path file = files.filter(path -> path.endsWith("token.object")).findFirst().orElseThrow();
      boolean cut = Files.size(file) < whole.length;
      if (cut) {
        Files.write(file, whole);
      }
      return cut;
    }
  }

  private byte[] tokenFile() throws IOException {
    try (Stream<Path> files = Files.walk(tokens())) {
      return Files.readAllBytes(
          files.filter(path -> path.endsWith("token.object")).findFirst().orElseThrow());
    }
  }

  /** Returns the CKA_ID of each object, in hexadecimal, as another program finds them. */
  public List<String> ids() {
    return tool("--list-objects")
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("ID:"))
        .map(line -> line.substring("ID:".length()).strip())
        .toList();
  }

  private String tool(String... arguments) {
    List<String> all = new ArrayList<>(List.of("--module", module().toString()));
    all.addAll(List.of("--token-label", label, "--login", "--pin", "1234"));
    all.addAll(List.of(arguments));
    return Rig.run(Map.of("SOFTHSM2_CONF", settings().toString()), "pkcs11-tool", all);
  }

  /** Writes a PIN into the file that {@link #uri} points to. */
  public void pinFile(String pin) throws IOException {
    Path file = folder.resolve("pin");
    Files.writeString(file, pin + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  public Path tokens() {
    return folder.resolve("tokens");
  }

  public Path module() {
    return folder.resolve("libsofthsm2-" + folder.getFileName() + ".so");
  }

  /** Returns the configuration, for SOFTHSM2_CONF of processes that are to find this token. */
  public Path settings() {
    return folder.resolve("softhsm2.conf");
  }

  public HsmUri.Pkcs11 uri(String... more) {
    return (HsmUri.Pkcs11) HsmUri.parse(setting() + String.join("", more));
  }

  /** Returns the value for the setting {@code hsm}. */
  public String setting() {
    return "pkcs11:token="
        + label.replace(" ", "%20")
        + "?module-path="
        + module()
        + "&pin-source=file:"
        + folder.resolve("pin");
  }

  /** Returns how many files the token has, of which the library writes one for each object. */
  public long files() {
    try (Stream<Path> files = Files.walk(tokens())) {
      return files.filter(file -> file.toString().endsWith(".object")).count();
    } catch (IOException | UncheckedIOException e) {
      return 0; // the library is just replacing one
    }
  }
}
