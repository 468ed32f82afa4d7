// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.export;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of an export, which one process at a time writes to. What an export writes it has all
 * of or nothing: it is put together in {@value #STAGED}, which gets the name {@value #COMMITTED}
 * when it is whole, and is then moved to where it belongs. Opening goes on with moving, and throws
 * away what was never whole. Not thread-safe.
 */
final class ExportFolder implements AutoCloseable {
  private static final String STAGED = ".staged";
  private static final String COMMITTED = ".committed";
  private static final String LOCK = ".lock";

  /** The folders that are open here: closing a second channel would give up the first's lock. */
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  private final Path root;
  private final Readers readers;
  private final FileChannel lockFile;
  private int parts;

  private ExportFolder(Path root, Readers readers, FileChannel lockFile) {
    this.root = root;
    this.readers = readers;
    this.lockFile = lockFile;
  }

  /**
   * Opens a folder, which is made if it is not there.
   *
   * @throws BusyException if another export is under way
   */
  static ExportFolder open(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) { // JDK 17 would refuse a symbolic link to a folder
      Files.createDirectories(folder, Readers.of(folder).ofFolder());
    }
    Path root = folder.toRealPath();
    if (!OPEN.add(root)) {
      throw new BusyException();
    }
    try {
      return openAlone(root);
    } catch (IOException | RuntimeException e) {
      OPEN.remove(root);
      throw e;
    }
  }

  private static ExportFolder openAlone(Path root) throws IOException {
    Readers readers = Readers.of(root);
    FileChannel lockFile =
        FileChannel.open(
            root.resolve(LOCK),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            readers.ofFile());
    try {
      if (!isLocked(lockFile)) {
        throw new BusyException();
      }
      ExportFolder open = new ExportFolder(root, readers, lockFile);
      open.moveCommitted();
      delete(root.resolve(STAGED));
      Files.createDirectory(root.resolve(STAGED), readers.ofFolder());
      return open;
    } catch (IOException | RuntimeException e) {
      lockFile.close();
      throw e;
    }
  }

  private static boolean isLocked(FileChannel file) throws IOException {
    try {
      FileLock lock = file.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException sameJvm) {
      return false;
    }
  }

  /** Another export writes to the folder. */
  static final class BusyException extends IOException {
    private static final long serialVersionUID = 1;

    BusyException() {
      super("another export writes to it");
    }
  }

  /** Returns the folder's own name, which stands for CloudTrail's bucket. */
  String name() {
    Path name = root.getFileName();
    return name == null ? "root" : name.toString();
  }

  /** Returns what the export holds. */
  ObjectFolder objects() {
    return new ObjectFolder(root);
  }

  Readers readers() {
    return readers;
  }

  /** Returns a name for a file whose place is not known yet. */
  Path newPart() {
    return root.resolve(STAGED).resolve("part-" + parts++);
  }

  /** Puts a part where it will be in the export. */
  void stage(Path part, String object) throws IOException {
    Path target = root.resolve(STAGED).resolve("files").resolve(object);
    Files.createDirectories(parent(target), readers.ofFolder());
    Files.move(part, target);
  }

  /** Writes a whole file of the export. */
  void stage(byte[] content, String object) throws IOException {
    Path part = newPart();
    DurableFile.write(part, content, readers);
    stage(part, object);
  }

  /** Makes all that was staged part of the export. */
  void commit() throws IOException {
    forceFolders(root.resolve(STAGED));
    Files.move(root.resolve(STAGED), root.resolve(COMMITTED), StandardCopyOption.ATOMIC_MOVE);
    DurableFile.forceFolder(root);
    moveCommitted();
  }

  private void moveCommitted() throws IOException {
    Path committed = root.resolve(COMMITTED);
    Path files = committed.resolve("files");
    if (Files.isDirectory(committed, LinkOption.NOFOLLOW_LINKS)
        && Files.isDirectory(files, LinkOption.NOFOLLOW_LINKS)) {
      for (Path file : allIn(files)) {
        Path target = root.resolve(files.relativize(file).toString());
        makeFolder(parent(target));
        Files.move(file, target, StandardCopyOption.REPLACE_EXISTING);
        DurableFile.forceFolder(parent(target));
      }
    }
    delete(committed);
  }

  /**
   * Makes a folder below the root that outlives a loss of power. A link on the way is an error: it
   * would have what lies here, perhaps not by us, put elsewhere.
   */
  private void makeFolder(Path folder) throws IOException {
    if (folder.equals(root) || Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      requireBelowRoot(folder);
      return;
    }
    makeFolder(parent(folder));
    Files.createDirectory(folder, readers.ofFolder());
    DurableFile.forceFolder(parent(folder));
  }

  private void requireBelowRoot(Path folder) throws IOException {
    if (!folder.toRealPath().equals(folder)) {
      throw new IOException("a link leads out of it, at " + folder);
    }
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("not in a folder: " + path);
    }
    return parent;
  }

  private static List<Path> allIn(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)).toList();
    }
  }

  private static void forceFolders(Path folder) throws IOException {
    List<Path> folders;
    try (Stream<Path> paths = Files.walk(folder)) {
      folders = new ArrayList<>(paths.filter(Files::isDirectory).toList());
    }
    for (Path each : folders) {
      DurableFile.forceFolder(each);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public void close() throws IOException {
    try {
      delete(root.resolve(STAGED));
    } finally {
      try {
        lockFile.close();
      } finally {
        OPEN.remove(root);
      }
    }
  }
}
