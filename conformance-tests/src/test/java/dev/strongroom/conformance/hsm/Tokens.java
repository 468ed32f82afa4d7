// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.hsm;

import dev.strongroom.hsm.HsmUri;
import dev.strongroom.hsm.cluster.ClusterHsm;
import dev.strongroom.hsm.pkcs11.Pkcs11Hsm;
import dev.strongroom.hsm.transport.DomainKeyCarrier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The SoftHSM2 tokens of a cluster, each with a module of its own that fails as it is told. */
public final class Tokens {
  private final List<FaultyModule> modules = new ArrayList<>();

  private Tokens() {}

  /** Makes {@code count} tokens in {@code folder}, called by their numbers. */
  public static Tokens in(Path folder, int count) throws IOException {
    Tokens tokens = new Tokens();
    for (int i = 0; i < count; i++) {
      Path own = Files.createDirectory(folder.resolve("member-" + i));
      SoftHsmToken token = SoftHsmToken.in(own, "member " + i);
      Path faulty = Files.createDirectory(own.resolve("faulty"));
      FaultyModule module = FaultyModule.before(token, faulty);
      // Loaded now, while its settings are selected; each library reads them once.
      Pkcs11Hsm.open(module.uri(), Set.of()).close();
      tokens.modules.add(module);
    }
    return tokens;
  }

  public FaultyModule get(int member) {
    return modules.get(member);
  }

  /** Returns what the cluster calls that member. */
  public String name(int member) {
    return get(member).uri().describe();
  }

  /** Returns the value for the setting {@code hsm}, with these members in this order. */
  public String setting(int... members) {
    return Arrays.stream(members)
        .mapToObj(member -> get(member).setting())
        .collect(Collectors.joining(" "));
  }

  /** Opens the cluster of these members. */
  public ClusterHsm open(int... members) {
    Map<String, Supplier<DomainKeyCarrier>> openers = new LinkedHashMap<>();
    for (int member : members) {
      HsmUri.Pkcs11 uri = get(member).uri();
      openers.put(uri.describe(), () -> Pkcs11Hsm.open(uri, Set.of()));
    }
    return new ClusterHsm(openers);
  }

  /** Makes every call of a member fail as one that was pulled out. */
  public void pull(int member) {
    try {
      get(member)
          .fail(
              "C_Sign 0x32",
              "C_SignInit 0x32",
              "C_UnwrapKey 0x32",
              "C_GenerateRandom 0x32",
              "C_GenerateKey 0x32",
              "C_GetSessionInfo 0x32",
              "C_OpenSession 0x32",
              "C_FindObjectsInit 0x32");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void plugIn(int member) {
    try {
      get(member).fail();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
