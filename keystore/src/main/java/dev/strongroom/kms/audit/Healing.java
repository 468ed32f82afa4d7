// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;

/**
 * Copies what one of two folders lacks of streams that ended: files that are missing, and ends of
 * files. What is copied is verified before; a copy that was changed is left as it is, for {@code
 * cloudtrail validate-logs} to name it. A log line says what was copied.
 *
 * <p>Not thread-safe; two processes that do this at once write the same.
 */
final class Healing {
  private static final Logger LOG = System.getLogger(Healing.class.getName());
  private static final int BUFFER_BYTES = 65_536;

  private final TrailFolders folders;
  private final StreamKeys keys;
  private final StreamRegister register;
  private final Notary notary;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private final ByteBuffer present = ByteBuffer.allocate(BUFFER_BYTES);

  Healing(TrailFolders folders, StreamKeys keys, StreamRegister register, Notary notary) {
    this.folders = folders;
    this.keys = keys;
    this.register = register;
    this.notary = notary;
  }

  /**
   * Looks at the files of all streams whose end is registered.
   *
   * @param givenUp and of those without an end
   */
  void heal(Set<UUID> givenUp) {
    Path first = folders.first();
    Path second = folders.second().orElseThrow();
    try {
      Map<UUID, SortedMap<Integer, Path>> inFirst = StreamFiles.in(first);
      Map<UUID, SortedMap<Integer, Path>> inSecond = StreamFiles.in(second);
      fill(inFirst, second, inSecond, givenUp);
      fill(inSecond, first, inFirst, givenUp);
    } catch (IOException | RuntimeException e) {
      // The store may be away, or a folder. The next start tries again.
      LOG.log(Level.WARNING, "The two folders of the audit trail are not alike yet: " + e);
    }
  }

  private void fill(
      Map<UUID, SortedMap<Integer, Path>> from,
      Path to,
      Map<UUID, SortedMap<Integer, Path>> there,
      Set<UUID> givenUp)
      throws IOException {
    for (Map.Entry<UUID, SortedMap<Integer, Path>> stream : from.entrySet()) {
      UUID id = stream.getKey();
      SortedMap<Integer, Path> files = there.getOrDefault(id, Collections.emptySortedMap());
      if (isUnlike(stream.getValue(), files) && (givenUp.contains(id) || isEnded(id))) {
        heal(id, stream.getValue(), to);
      }
    }
  }

  private static boolean isUnlike(SortedMap<Integer, Path> from, SortedMap<Integer, Path> there)
      throws IOException {
    for (Map.Entry<Integer, Path> file : from.entrySet()) {
      Path copy = there.get(file.getKey());
      if (copy == null || Files.size(copy) != Files.size(file.getValue())) {
        return true;
      }
    }
    return false;
  }

  private boolean isEnded(UUID stream) {
    return register.find(stream).flatMap(RegisteredStream::end).isPresent();
  }

  private void heal(UUID stream, SortedMap<Integer, Path> files, Path to) throws IOException {
    Path from = files.values().iterator().next().getParent();
    if (from == null || !isIntact(stream, from)) {
      return; // validate-logs names what is wrong.
    }
    long copied = 0;
    for (Map.Entry<Integer, Path> file : files.entrySet()) {
      copied += heal(stream, file.getKey(), file.getValue(), to);
    }
    if (copied > 0) {
      LOG.log(
          Level.WARNING,
          "The copy of the audit stream {0} in {1} was not whole: {2} bytes were copied from {3}",
          stream,
          to,
          Long.toString(copied),
          from);
    }
  }

  private boolean isIntact(UUID stream, Path folder) {
    return new AuditVerifier(TrailFolders.of(folder), keys, register, notary)
        .verify(stream)
        .isIntact();
  }

  /** Returns how many bytes were copied. */
  private long heal(UUID stream, int index, Path file, Path to) throws IOException {
    Path copy = to.resolve(file.getFileName());
    boolean isThere = Files.exists(copy);
    if (isThere && !isBehind(copy, file)) {
      return 0;
    }
    long length = Files.size(file);
    long from = isThere ? endOfFrames(copy) : 0;
    try (FileChannel source = FileChannel.open(file, StandardOpenOption.READ)) {
      if (from < 0 || from > length || !isPrefix(source, copy, from)) {
        LOG.log(Level.WARNING, "{0} was changed, and is left as it is. {1} is whole.", copy, file);
        return 0;
      }
      JournalFile target =
          isThere ? JournalFile.reopen(copy, from, 0) : JournalFile.create(to, stream, index, 0);
      try {
        append(source, target, from, length);
        target.closeAt(length);
      } finally {
        target.abandon();
      }
    }
    return length - from;
  }

  /** Behind its last frame a process that was killed may have left a part of one. */
  private static boolean isBehind(Path copy, Path file) throws IOException {
    FileComparison.Result result = FileComparison.of(copy, file);
    return result == FileComparison.Result.ONE_IS_BEHIND
        || result == FileComparison.Result.DIFFERENT
        || (result == FileComparison.Result.SAME && Files.size(copy) > Files.size(file));
  }

  /** Returns where the frames of a file end that can be read; -1 if one before that cannot be. */
  private static long endOfFrames(Path file) throws IOException {
    FrameEnd end = new FrameEnd();
    StreamWalk.walkFile(file, end);
    return end.isDamaged ? -1 : end.offset;
  }

  /** Finds the place behind the last frame. */
  private static final class FrameEnd extends LenientVisitor {
    private long offset;
    private boolean isDamaged;

    @Override
    public void file(int index, String name) {}

    @Override
    public void frame(FileScan scan, long records) {}

    @Override
    public void damage(long at, long records) {
      isDamaged = true;
    }

    @Override
    public void unknown(long at, long records) {
      isDamaged = true;
    }

    @Override
    public void end(long at, long records, long tornBytes) {
      offset = at;
    }
  }

  private boolean isPrefix(FileChannel source, Path copy, long length) throws IOException {
    if (length == 0) {
      return true;
    }
    try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.READ)) {
      for (long at = 0; at < length; at += BUFFER_BYTES) {
        int bytes = (int) Math.min(BUFFER_BYTES, length - at);
        if (!fill(source, buffer, at, bytes).equals(fill(channel, present, at, bytes))) {
          return false;
        }
      }
    }
    return true;
  }

  private static ByteBuffer fill(FileChannel from, ByteBuffer target, long position, int bytes)
      throws IOException {
    target.clear().limit(bytes);
    int read = 0;
    while (target.hasRemaining() && read >= 0) {
      read = from.read(target, position + target.position());
    }
    return target.flip();
  }

  private void append(FileChannel source, JournalFile target, long from, long length)
      throws IOException {
    for (long at = from; at < length; at += BUFFER_BYTES) {
      target.write(at, fill(source, buffer, at, (int) Math.min(BUFFER_BYTES, length - at)));
    }
  }
}
