// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.hsm.SoftHsmToken;
import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.hsm.pkcs11.Pkcs11Hsm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code init} does with the domain key of an {@code init} that was killed. */
@Tag("jar")
class UnfinishedDomainKeyTest {
  private final SoftHsmToken token;
  private final Home home;
  private final DomainKeyId begun = new DomainKeyId(UUID.randomUUID(), 1);

  UnfinishedDomainKeyTest(@TempDir Path folder) throws Exception {
    this.token = SoftHsmToken.in(folder);
    this.home = Home.on(token, folder);
  }

  /** Leaves what a kill leaves after all objects were made, and before the store knows of them. */
  private void begin(WrapPolicy policy) throws Exception {
    try (Hsm hsm = Pkcs11Hsm.open(token.select().uri(), Set.of())) {
      hsm.createDomainKey(begun, policy);
    }
    Files.writeString(setupFile(), begun.domain().toString());
  }

  private Path setupFile() {
    return home.path().resolve("setup.lock");
  }

  @Test
  void completeOneIsTaken() throws Exception {
    begin(WrapPolicy.OPEN);

    String printed = home.done("init");

    assertTrue(printed.contains(begun.toString()), printed);
    assertEquals(4, token.ids().size());
    assertEquals("", Files.readString(setupFile()));
    home.done("kms", "create-key", "--alias-name", "alias/k");
    home.assertUsable("alias/k");
  }

  @Test
  void incompleteOneIsReplaced() throws Exception {
    begin(WrapPolicy.OPEN);
    token.deleteKdf(begun);
    assertEquals(3, token.ids().size());

    String printed = home.done("init");

    assertTrue(printed.contains(begun.toString()), printed);
    assertEquals(4, token.ids().size());
    home.done("doctor");
  }

  @Test
  void oneOfAnotherWrapPolicyIsLeftAloneAndNamed() throws Exception {
    begin(WrapPolicy.STRICT);

    String printed = home.done("init");

    assertTrue(printed.contains("Domain key " + begun.domain() + " was not finished"), printed);
    assertFalse(printed.contains("domain key   " + begun), printed);
    assertEquals(8, token.ids().size());
    home.done("doctor");
  }

  @Test
  void idThatWasNotWrittenToItsEndIsForgotten() throws Exception {
    Files.writeString(setupFile(), begun.domain().toString().substring(0, 20));

    assertFalse(home.done("init").contains(begun.domain().toString()));
  }
}
