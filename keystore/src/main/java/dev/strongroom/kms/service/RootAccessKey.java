// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.iam.AccessKeys;
import dev.strongroom.kms.iam.Identities;
import dev.strongroom.kms.iam.IssuedAccessKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;

/**
 * Makes the account root's access key and writes it to the credentials file.
 *
 * <p>It is written to {@code credentials.new} first, then stored, then that file is renamed. Where
 * a kill came between, the next run finds in the store whether the key in that file counts: neither
 * a key that nobody knows nor a file that is wrong stays behind.
 */
final class RootAccessKey {

  /** What the identities call the account root. */
  private static final String ROOT = "";

  private final KmsConfig config;
  private final Identities identities;
  private final AccessKeys accessKeys;
  private final Path file;
  private final Path unfinished;

  RootAccessKey(KmsConfig config, Identities identities, AccessKeys accessKeys) {
    this.config = config;
    this.identities = identities;
    this.accessKeys = accessKeys;
    this.file = config.credentialsFile();
    this.unfinished = file.resolveSibling(file.getFileName() + ".new");
  }

  private String account() {
    return config.place().account();
  }

  /** Makes the key if the root has none and the file is not there, or goes on with making it. */
  void ensure() {
    if (Files.exists(file)) {
      return;
    }
    if (Files.exists(unfinished) || accessKeys.list(account(), ROOT).isEmpty()) {
      make();
    }
  }

  /**
   * Makes the key if the file is not there.
   *
   * @return whether there is a file now that was not there
   */
  boolean make() {
    if (Files.exists(file)) {
      return false;
    }
    try (SetupFile setup = SetupFile.enter(config)) {
      if (Files.exists(file)) {
        return false;
      }
      if (!counts()) {
        Files.deleteIfExists(unfinished);
        accessKeys.create(account(), ROOT, this::write).close();
      }
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** Returns whether the store has the key of the unfinished file. */
  private boolean counts() {
    if (!Files.exists(unfinished)) {
      return false;
    }
    try (Credentials credentials = CredentialSources.fromFile(unfinished)) {
      identities.authenticate(credentials.accessKeyId(), credentials.secret());
      return true;
    } catch (KmsException.UnrecognizedClient | KmsException.Configuration e) {
      return false; // not stored, or not even written to its end
    }
  }

  private void write(IssuedAccessKey key) {
    char[] secret = key.secret();
    byte[] text = CredentialSources.format(key.accessKeyId(), secret);
    try (FileChannel out =
        FileChannel.open(
            unfinished,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            HomeFolder.secretFile())) {
      ByteBuffer bytes = ByteBuffer.wrap(text);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    } catch (IOException e) {
      throw unwritable(e);
    } finally {
      Arrays.fill(secret, '\0');
      Arrays.fill(text, (byte) 0);
    }
  }

  private KmsException unwritable(IOException e) {
    return new KmsException.Configuration(
        "The root access key could not be written to "
            + file
            + " ("
            + e.getMessage()
            + "). Make its folder writable, see that the disk is not full, and run 'init' again.",
        e);
  }
}
