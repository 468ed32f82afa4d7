// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.hsm;

import dev.strongroom.hsm.HsmUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** OpenSC's spy: a PKCS#11 module in front of a token's, which writes down each call. */
public record Spy(SoftHsmToken token, Path module, Path log) {
  private static final Pattern CALL = Pattern.compile("^\\d+: (C_\\w+)");

  /** Lets the spy of this token, when it is loaded next, find the token's own module. */
  public static Spy before(SoftHsmToken token, Path folder) throws IOException {
    Path module = folder.resolve("spy-" + token.module().getFileName());
    Files.copy(Rig.file("pkcs11-spy.so"), module);
    Path log = folder.resolve("spy.log");
    token.select();
    Rig.setEnvironment("PKCS11SPY", token.module().toString());
    Rig.setEnvironment("PKCS11SPY_OUTPUT", log.toString());
    return new Spy(token, module, log);
  }

  HsmUri.Pkcs11 uri() {
    return (HsmUri.Pkcs11) HsmUri.parse(setting());
  }

  /** Returns the value for the setting {@code hsm}. */
  public String setting() {
    return token.setting().replace(token.module().toString(), module.toString());
  }

  /** Returns the functions that were called until now, in order. */
  public List<String> calls() throws IOException {
    return Files.readString(log)
        .lines()
        .flatMap(line -> CALL.matcher(line).results())
        .map(found -> found.group(1))
        .toList();
  }

  /** Returns how often a function was called until now. */
  long calls(String function) throws IOException {
    Pattern call = Pattern.compile("\\d+: " + function);
    return Files.readString(log).lines().filter(line -> call.matcher(line).matches()).count();
  }
}
