// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code setup.lock} in the home. Whoever makes a KMS there holds its lock, which ends
 * with the process; while a domain key is being made the file holds its id, 36 ASCII characters,
 * and otherwise nothing.
 */
final class SetupFile implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final long PAUSE_MILLIS = 20;
  private static final int ID_CHARACTERS = 36;

  private final Path path;
  private final FileChannel channel;

  private SetupFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Waits until nobody else makes a KMS in this home.
   *
   * @throws KmsException.Configuration if the file cannot be written, or that takes a minute
   */
  static SetupFile enter(KmsConfig config) {
    Path path = config.home().resolve("setup.lock");
    FileChannel channel = null;
    boolean entered = false;
    try {
      channel =
          FileChannel.open(
              path,
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
              HomeFolder.secretFile());
      await(channel, path);
      entered = true;
      return new SetupFile(path, channel);
    } catch (IOException e) {
      throw unwritable(path, e);
    } finally {
      if (!entered) {
        close(channel);
      }
    }
  }

  private static void await(FileChannel channel, Path path) throws IOException {
    long start = System.nanoTime();
    while (lock(channel) == null) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new KmsException.Configuration(
            "Another process has been making a KMS in this home for a minute and holds "
                + path
                + ". Wait for it, or end it and run 'init' again: nothing is lost.",
            null);
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new KmsException.Configuration("Interrupted while waiting for " + path + ".", e);
      }
    }
  }

  /** Returns null where another process, or another thread of this one, holds the lock. */
  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /** Returns the id of the domain key that was being made, or a new one, which is on disk then. */
  UUID domainId() {
    return begun().orElseGet(this::renew);
  }

  /** Returns a new id in place of the one that was being made. */
  UUID renew() {
    UUID id = UUID.randomUUID();
    write(id.toString());
    return id;
  }

  /** Notes that no domain key is being made any more. */
  void finish() {
    write("");
  }

  private Optional<UUID> begun() {
    ByteBuffer content = ByteBuffer.allocate(ID_CHARACTERS);
    try {
      for (int read = 0; read >= 0 && content.hasRemaining(); ) {
        read = channel.read(content, content.position());
      }
      // A shorter one was interrupted before anything was made under it.
      return content.hasRemaining()
          ? Optional.empty()
          : Optional.of(UUID.fromString(new String(content.array(), US_ASCII)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw unwritable(path, e);
    }
  }

  private void write(String text) {
    ByteBuffer content = ByteBuffer.wrap(text.getBytes(US_ASCII));
    try {
      channel.truncate(0);
      while (content.hasRemaining()) {
        channel.write(content, content.position());
      }
      channel.force(true);
    } catch (IOException e) {
      throw unwritable(path, e);
    }
  }

  private static KmsException unwritable(Path path, IOException e) {
    return new KmsException.Configuration(
        path
            + " cannot be written ("
            + e.getMessage()
            + "). Make the home writable for this user and see that the disk is not full; nothing"
            + " was lost.",
        e);
  }

  /** Lets others make a KMS here. */
  @Override
  public void close() {
    close(channel);
  }

  private static void close(@Nullable FileChannel channel) {
    if (channel == null) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      // What had to be written was forced; the lock goes with the process at the latest.
      System.getLogger(SetupFile.class.getName())
          .log(System.Logger.Level.DEBUG, "The setup file did not close", e);
    }
  }
}
