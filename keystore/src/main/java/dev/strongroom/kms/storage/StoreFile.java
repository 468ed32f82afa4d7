// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A file of the store, known by what it is and not by its name alone. SQLite goes on with a file
 * that was removed or replaced, and whatever it writes there is lost with the last process that has
 * it open. Where the system tells nothing but names, an absence is noticed only. Thread-safe.
 */
final class StoreFile {
  private final String path;

  /** Device and inode; null until the file was seen. While somebody has it open they stay its. */
  private final AtomicReference<@Nullable Object> seen = new AtomicReference<>();

  StoreFile(String path) {
    this.path = path;
  }

  /**
   * Remembers the file at the first call that finds it.
   *
   * @throws KmsException.StoreUnavailable if the file that was found once is not there any more
   */
  void requireInPlace() {
    Object now = key().orElse(null);
    if (now != null && seen.compareAndSet(null, now)) {
      return;
    }
    Object known = seen.get();
    if (known != null && !known.equals(now)) {
      throw new KmsException.StoreUnavailable(
          "The file "
              + path
              + " of the store was removed or replaced while it was in use. Stop all processes that"
              + " use the store and put the file back, or restore the last backup as a whole.",
          null);
    }
  }

  /** Returns what the file is, or empty where there is none. */
  private Optional<Object> key() {
    try {
      Object key = Files.readAttributes(Path.of(path), BasicFileAttributes.class).fileKey();
      return Optional.of(key == null ? path : key);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new KmsException.StoreUnavailable(
          "The file "
              + path
              + " of the store cannot be looked at: "
              + e
              + ". Give this user the right to read its folder.",
          e);
    }
  }
}
