// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.changes;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.service.Kms;
import dev.strongroom.kms.service.KmsConfig;
import dev.strongroom.kms.service.KmsEngines;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A user in a process of its own. For each key id that it reads it says {@code in} once it may use
 * the key, goes on using it until it is refused, and prints when the last call began that was let
 * through: nanoseconds of the machine's monotonic clock, which all processes share.
 */
public final class UserProgram {
  private final Kms kms;

  private UserProgram(Kms kms) {
    this.kms = kms;
  }

  /** Takes the settings file; reads lines {@code key id, access key id, secret}. */
  public static void main(String[] arguments) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    KmsConfig config = KmsConfig.fromFile(Path.of(arguments[0]));
    UserProgram program = new UserProgram(KmsEngines.acquire(config));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", -1);
      program.use(KeyId.parse(words[0]), words[1], words[2].toCharArray());
    }
    KmsEngines.release(config);
  }

  private void use(KeyId key, String accessKeyId, char[] secret) {
    Caller caller = kms.authenticate(accessKeyId, secret);
    while (!isLetIn(caller, key)) {
      Thread.onSpinWait();
    }
    say("in");
    long lastLetIn;
    long start = System.nanoTime();
    do {
      lastLetIn = start;
      start = System.nanoTime();
    } while (isLetIn(caller, key));
    say(Long.toString(lastLetIn));
  }

  private boolean isLetIn(Caller caller, KeyId key) {
    try {
      kms.encrypt(
          caller,
          key,
          EncryptionAlgorithm.SYMMETRIC_DEFAULT,
          new byte[] {1},
          EncryptionContext.EMPTY);
      return true;
    } catch (KmsException.AccessDenied
        | KmsException.Disabled
        | KmsException.UnrecognizedClient e) {
      return false;
    }
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
