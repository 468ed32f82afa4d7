// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
  private static final Checkpoint CHECKPOINT =
      new Checkpoint(
          "strongroom/domain/stream",
          42,
          base64(MerkleTree.leafHash(new byte[0])),
          Optional.of(base64(MerkleTree.leafHash(new byte[1]))),
          Instant.parse("2026-11-24T08:00:00Z"),
          List.of("assurance in-process", "store 7 abc"));

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static KeyPair keyPair() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static SignedNote signed(KeyPair pair, String text) throws Exception {
    Signature signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(pair.getPrivate());
    signer.update(text.getBytes(StandardCharsets.UTF_8));
    return SignedNote.of(text, "strongroom/domain/stream", pair.getPublic(), signer.sign());
  }

  @Test
  void textIsACheckpointOfC2sp() {
    assertEquals(
        """
        strongroom/domain/stream
        42
        bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=
        previous lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=
        time 2026-11-24T08:00:00Z
        assurance in-process
        store 7 abc
        """,
        CHECKPOINT.toText());
  }

  @Test
  void textReadsBack() {
    Checkpoint first =
        new Checkpoint("a", 0, CHECKPOINT.root(), Optional.empty(), CHECKPOINT.time(), List.of());
    assertEquals(Optional.of(CHECKPOINT), Checkpoint.parse(CHECKPOINT.toText()));
    assertEquals(Optional.of(first), Checkpoint.parse(first.toText()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a\n042\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\nprevious -\ntime 2026-11-24T08:00:00Z\n",
        "a\n42\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0\nprevious -\ntime 2026-11-24T08:00:00Z\n",
        "a\n42\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\nprevious -\ntime yesterday\n",
        "a\n42\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\nprevious -\ntime 2026-11-24T08:00:00Z\n\n",
        "a b\n42\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\nprevious -\ntime 2026-11-24T08:00:00Z\n"
      })
  void otherTextsAreNoCheckpoints(String text) {
    assertEquals(Optional.empty(), Checkpoint.parse(text));
  }

  @Test
  void noteReadsBackAndIsSignedByItsKeyAlone() throws Exception {
    KeyPair pair = keyPair();
    SignedNote note = SignedNote.parse(signed(pair, CHECKPOINT.toText()).toString()).orElseThrow();

    assertEquals(CHECKPOINT.toText(), note.text());
    assertTrue(note.isSignedBy(pair.getPublic()));
    assertFalse(note.isSignedBy(keyPair().getPublic()));
  }

  @Test
  void everyChangedCharacterOfANoteIsRefused() throws Exception {
    KeyPair pair = keyPair();
    String note = signed(pair, CHECKPOINT.toText()).toString();
    String name = "strongroom/domain/stream";
    int nameInLine = note.lastIndexOf(name);
    for (int i = 0; i < note.length() - 1; i++) {
      if (i >= nameInLine && i < nameInLine + name.length()) {
        continue; // the name of the key is a hint; the key's id and signature decide
      }
      char other = note.charAt(i) == 'x' ? 'y' : 'x';
      String changed = note.substring(0, i) + other + note.substring(i + 1);
      assertFalse(
          SignedNote.parse(changed).filter(n -> n.isSignedBy(pair.getPublic())).isPresent(),
          changed);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text\n",
        "text\n\n",
        "text\n\n\u2014 name\n",
        "text\n\n\u2014 name AAAA",
        "text\n\n\u2014 name ????????\n",
        "text\n\n- name AAAAAAAA\n",
        "text\n\n\u2014 name AAAAAAAA more\n"
      })
  void otherTextsAreNoNotes(String note) {
    assertEquals(Optional.empty(), SignedNote.parse(note));
  }
}
