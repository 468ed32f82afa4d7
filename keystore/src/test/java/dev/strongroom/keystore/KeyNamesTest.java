// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyNamesTest {
  private static final String ID = "1234abcd-12ab-34cd-56ef-1234567890ab";
  private static final String ARN = "arn:aws:kms:local:000000000000:";

  @Test
  void aBareNameIsAnAlias() {
    assertEquals(new Alias("alias/app"), KeyNames.parse("app"));
    assertEquals(new Alias("alias/app"), KeyNames.parse("alias/app"));
    assertEquals(new Alias("alias/team/app"), KeyNames.parse("team/app"));
  }

  @Test
  void aKeyIdIsAKeyIdAndAnArnAnArn() {
    assertEquals(KeyId.parse(ID), KeyNames.parse(ID));
    assertEquals(KeyArn.parse(ARN + "key/" + ID), KeyNames.parse(ARN + "key/" + ID));
  }

  @Test
  void onlyAliasesHaveOne() {
    assertEquals(Optional.of(new Alias("alias/app")), KeyNames.alias(ARN + "alias/app"));
    assertEquals(Optional.empty(), KeyNames.alias(ID));
    assertEquals(Optional.empty(), KeyNames.alias(ARN + "key/" + ID));
  }

  @Test
  void whatIsNoNameIsRefused() {
    for (String text : new String[] {"", "two words", "alias/", "arn:aws:s3:::bucket"}) {
      assertThrows(IllegalArgumentException.class, () -> KeyNames.parse(text), text);
    }
  }

  @Test
  void aFilterIsAGlobOverTheWholeName() {
    assertTrue(shows("web-*", "web-1"));
    assertTrue(shows("web-?", "web-1"));
    assertTrue(shows("*", "team/app"));
    assertTrue(shows("a.c", "a.c"));
    assertFalse(shows("a.c", "abc"));
    assertFalse(shows("web-?", "web-10"));
    assertFalse(shows("web", "web-1"));
  }

  private static boolean shows(String glob, String name) {
    return new AliasFilter(glob).pattern().matcher(name).matches();
  }
}
