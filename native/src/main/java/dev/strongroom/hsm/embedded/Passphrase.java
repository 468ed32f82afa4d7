// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.embedded;

import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.HsmUri;
import dev.strongroom.hsm.SecretSource;
import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The passphrase of the file: from where the setting says, or generated into a file beside it.
 *
 * <p>A generated one has 256 random bits and is not stretched, which every start would wait for;
 * one that a person chose, also one put in the place of the generated one, gets the 600,000
 * iterations of PBKDF2-HMAC-SHA256 that OWASP's Password Storage Cheat Sheet asks for.
 */
final class Passphrase {
  private static final int GENERATED_BYTES = 32;
  private static final int ITERATIONS_GENERATED = 1;
  private static final int ITERATIONS_CHOSEN = 600_000;
  private static final Pattern GENERATED = Pattern.compile("[A-Za-z0-9_-]{43}");
  private static final String SUFFIX = ".passphrase";

  private final SecretSource source;
  private final @Nullable Path generated;

  private Passphrase(SecretSource source, @Nullable Path generated) {
    this.source = source;
    this.generated = generated;
  }

  static Passphrase of(HsmUri.Embedded uri) {
    if (uri.pinSource().isPresent()) {
      return new Passphrase(uri.pinSource().get(), null);
    }
    String name = String.valueOf(uri.path().getFileName());
    String stem = name.endsWith(".p12") ? name.substring(0, name.length() - 4) : name;
    Path beside = uri.path().resolveSibling(stem + SUFFIX);
    return new Passphrase(SecretSource.file(beside), beside);
  }

  /** Returns how often PBKDF2 has to stretch a passphrase that was read. */
  int iterations(char[] passphrase) {
    boolean isGenerated =
        generated != null && GENERATED.matcher(CharBuffer.wrap(passphrase)).matches();
    return isGenerated ? ITERATIONS_GENERATED : ITERATIONS_CHOSEN;
  }

  /** Returns the passphrase; the caller zeroes it. */
  char[] read() {
    return source.read();
  }

  /**
   * Returns the passphrase, generated where there is none yet.
   *
   * @param fileExists whether there are entries under an older passphrase: then none is generated
   */
  char[] readOrGenerate(boolean fileExists) {
    if (generated != null && !fileExists && !Files.exists(generated)) {
      generate(generated);
    }
    return read();
  }

  private static void generate(Path path) {
    byte[] secret = new byte[GENERATED_BYTES];
    new SecureRandom().nextBytes(secret);
    byte[] text = Base64.getUrlEncoder().withoutPadding().encode(secret);
    try {
      Path folder = path.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Pkcs12File.write(path, text);
    } catch (IOException e) {
      throw new HsmException.Unavailable(
          "The passphrase file "
              + path
              + " cannot be written: "
              + e.getMessage()
              + ". Make its folder writable.",
          e);
    } finally {
      Arrays.fill(secret, (byte) 0);
      Arrays.fill(text, (byte) 0);
    }
  }
}
