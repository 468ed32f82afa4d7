// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The stream that this process writes: its current file, the windows on it, and its seals.
 *
 * <p>{@link #append}, {@link #wantsRoom} and the {@code …Locked} methods need the recorder's lock.
 * The others are called by the journal's thread without it, so that no caller waits for the disk.
 */
final class StreamWriter {
  private static final UUID NONE = new UUID(0, 0);
  private static final long FIRST_BYTES = 131_072;
  private static final long MOST_BYTES_AHEAD = 2L << 20;
  private static final int READ_BYTES = 65_536;

  // The hashes of a file's entries are kept: so many take 8 MiB.
  private static final int MOST_ENTRIES = 262_144;

  // A full disk must leave room to end the stream: records keep off the places of two seals, and
  // the seal of a block off one.
  private static final int BEHIND_RECORDS = 2 * JournalFormat.SEAL_FRAME_BYTES;
  private static final int BEHIND_BLOCKS = JournalFormat.SEAL_FRAME_BYTES;

  private final JournalSettings settings;
  private final Name name;
  private final SealChain chain;
  private final Dictionary dictionary = new Dictionary();
  private final FrameWriter frame = new FrameWriter();
  private final byte[] readBuffer = new byte[READ_BYTES];

  private final Path folder;
  private final List<Long> fileEnds = new ArrayList<>();
  private final Optional<OwnerFile> owner;
  private JournalFile file;
  private Window window;
  private @Nullable Window nextWindow;
  private int index;
  private long position;
  private long bytes;
  private long records;
  private long hashedTo;
  private long sealedTo;
  private boolean isEnded;

  /** The id of a stream, and the version of the domain key that its key comes from. */
  private record Name(UUID stream, int domainVersion) {}

  private StreamWriter(
      JournalSettings settings,
      Path folder,
      Name name,
      SealChain chain,
      Optional<OwnerFile> owner,
      JournalFile file,
      Window window) {
    this.settings = settings;
    this.folder = folder;
    this.name = name;
    this.chain = chain;
    this.owner = owner;
    this.file = file;
    this.window = window;
  }

  /**
   * Makes a stream with its first file.
   *
   * @param folder that of the two that it is written to first
   * @param before the stream that was given up before; null if none
   */
  static StreamWriter open(
      JournalSettings settings, Path folder, StreamKeys keys, @Nullable UUID before, long nowMillis)
      throws IOException {
    UUID stream = UUID.randomUUID();
    Name name = new Name(stream, keys.currentVersion());
    SealChain chain = new SealChain(stream, keys.keyOf(stream, name.domainVersion()).orElseThrow());
    Optional<OwnerFile> owner = Optional.empty();
    JournalFile file = null;
    StreamWriter writer = null;
    try {
      owner = OwnerFile.create(folder, stream);
      file = JournalFile.create(folder, stream, 0, FIRST_BYTES);
      writer = new StreamWriter(settings, folder, name, chain, owner, file, file.firstWindow());
      writer.header(before == null ? NONE : before, nowMillis);
      return writer;
    } finally {
      if (writer == null) {
        chain.close();
        if (file != null) {
          file.discard();
        }
        owner.ifPresent(OwnerFile::delete);
      }
    }
  }

  /**
   * Goes on in a stream that its process left open, to end it.
   *
   * @param chain as it is behind the last frame; closed with this writer
   */
  static StreamWriter resume(
      JournalSettings settings, OpenEnd from, SealChain chain, long nowMillis) throws IOException {
    Path folder = from.folder();
    JournalFile file =
        from.isFileEnded()
            ? JournalFile.create(folder, from.stream(), from.index() + 1, FIRST_BYTES)
            : JournalFile.reopen(from.file(), from.position(), FIRST_BYTES);
    Name name = new Name(from.stream(), from.domainVersion());
    boolean isWhole = false;
    try {
      Window window = file.windowAfter(from.isFileEnded() ? 0 : from.position());
      StreamWriter writer =
          new StreamWriter(settings, folder, name, chain, Optional.empty(), file, window);
      writer.records = from.records();
      writer.index = from.index();
      if (from.isFileEnded()) {
        writer.index++;
        writer.header(NONE, nowMillis);
      } else {
        writer.position = from.position();
        writer.hashedTo = from.position();
        writer.sealedTo = from.sealedTo();
      }
      isWhole = true;
      return writer;
    } finally {
      if (!isWhole) {
        file.abandon();
      }
    }
  }

  UUID stream() {
    return name.stream();
  }

  /** Returns where it is written to. */
  Path folder() {
    return folder;
  }

  private void header(UUID before, long nowMillis) {
    window.putMagic();
    position = JournalFormat.MAGIC.length;
    frame
        .begin(JournalFormat.HEADER)
        .uuid(name.stream())
        .u32(index)
        .u64(records)
        .u64(nowMillis)
        .raw(chain.previousMac())
        .uuid(before)
        .u32(name.domainVersion());
    EventEncoder.pairs(frame, EventEncoder.sorted(settings.process()));
    putFrame();
  }

  /**
   * Appends a record, after the entries that it needs and the file has not.
   *
   * @return false if no room is ready: the caller waits for the journal's thread and tries again
   */
  boolean append(AuditEvent event, long timeMillis) {
    int name = idOf(event.eventName());
    int caller = idOf(event.caller());
    int key = idOf(event.key());
    int material = idOf(event.keyMaterialId());
    int context = event.context().isEmpty() ? 0 : idOf(event.context());
    int parameters = event.parameters().isEmpty() ? 0 : idOf(event.parameters());
    int decidedBy = idOf(event.decidedBy());
    int error = idOf(event.errorCode());
    if ((name | caller | key | material | context | parameters | decidedBy | error) < 0) {
      return false;
    }
    EventEncoder.record(frame, event, timeMillis);
    frame.varint(name).varint(caller).varint(key).varint(material);
    frame.varint(context).varint(parameters).varint(decidedBy).varint(error);
    EventEncoder.recordEnd(frame, event);
    if (!fits(frame.frameBytes(), BEHIND_RECORDS)) {
      return false;
    }
    putFrame();
    records++;
    return true;
  }

  /**
   * Returns the id of a value, whose entry is written if need be; -1 if there is no room for it.
   */
  private int idOf(@Nullable Object value) {
    if (value == null) {
      return 0;
    }
    int known = dictionary.find(value);
    if (known > 0) {
      return known;
    }
    int id = dictionary.nextId();
    EventEncoder.entry(frame, id, value);
    if (!fits(frame.frameBytes(), BEHIND_RECORDS)) {
      return -1;
    }
    putFrame();
    dictionary.add(value);
    return id;
  }

  /** Returns whether there is room for that many bytes; moves on to the next window for it. */
  private boolean fits(int bytes, int behind) {
    long needed = position + bytes + behind;
    if (needed <= window.end()) {
      return true;
    }
    Window next = nextWindow;
    if (next == null || needed > next.end()) {
      return false;
    }
    window = next;
    nextWindow = null;
    return true;
  }

  private void putFrame() {
    frame.put(window, position, records);
    position += frame.frameBytes();
    bytes += frame.frameBytes();
  }

  /** Returns whether the journal's thread should make room, ahead of need. */
  boolean wantsRoom() {
    return nextWindow == null && position > window.end() - window.size() / 2;
  }

  /** Returns whether room is to be had in the next file only. */
  boolean isFileLongEnoughLocked() {
    return file.allocated() >= settings.maxFileBytes() || dictionary.nextId() > MOST_ENTRIES;
  }

  /** Makes the file longer; {@link #takeRoomLocked} then takes what was made. */
  Window makeRoom() throws IOException {
    long end = file.allocated();
    file.allocate(Math.min(settings.maxFileBytes(), end + Math.min(end, MOST_BYTES_AHEAD)));
    return file.windowAfter(end);
  }

  void takeRoomLocked(Window room) {
    nextWindow = room;
  }

  /** Makes the next file; {@link #rotateLocked} then moves to it. */
  JournalFile makeNextFile() throws IOException {
    long bytes = Math.min(settings.maxFileBytes(), MOST_BYTES_AHEAD);
    return JournalFile.create(folder, name.stream(), index + 1, bytes);
  }

  /** Ends the file and goes on in the next; returns what makes the end durable. */
  Ending rotateLocked(JournalFile next, Window first, long nowMillis) throws IOException {
    seal(JournalFormat.FILE_ENDS, 0);
    Ending ending = new Ending(file, position);
    fileEnds.add(position);
    file = next;
    window = first;
    nextWindow = null;
    index++;
    hashedTo = 0;
    sealedTo = 0;
    dictionary.clear();
    header(NONE, nowMillis);
    return ending;
  }

  /** Returns how many bytes all frames took so far, in all files. */
  long bytesLocked() {
    return bytes;
  }

  /** Opens the file that is written once more. */
  FileChannel openToRead() throws IOException {
    return file.openToRead();
  }

  /** Returns the index of the file that is written. */
  int indexLocked() {
    return index;
  }

  /** Returns where a file ended before. */
  long endOfLocked(int ended) {
    return fileEnds.get(ended);
  }

  /** Returns the position after the last frame. */
  long positionLocked() {
    return position;
  }

  /** Returns the position after the last seal of the file, which the journal's thread wrote. */
  long sealedTo() {
    return sealedTo;
  }

  /** Hashes frames ahead of their seal, so that the lock is not held for long. */
  void hashTo(long target) throws IOException {
    while (hashedTo < target) {
      int length = (int) Math.min(READ_BYTES, target - hashedTo);
      file.read(hashedTo, readBuffer, length);
      chain.update(readBuffer, 0, length);
      hashedTo += length;
    }
  }

  /**
   * Appends a checkpoint.
   *
   * @return false if there is no room for it now
   */
  boolean appendCheckpointLocked(byte[] note) {
    frame.begin(JournalFormat.CHECKPOINT).raw(note);
    if (!fits(frame.frameBytes(), BEHIND_RECORDS)) {
      return false;
    }
    putFrame();
    return true;
  }

  /**
   * Appends what is said of a change of the store.
   *
   * @return false if no room is ready, as for records
   */
  boolean append(ChangeFrame change) {
    change.write(frame);
    if (!fits(frame.frameBytes(), BEHIND_RECORDS)) {
      return false;
    }
    putFrame();
    return true;
  }

  /** Ends the block, if there is anything in it. */
  void sealBlockLocked() throws IOException {
    if (position > sealedTo) {
      seal(JournalFormat.BLOCK_ENDS, BEHIND_BLOCKS);
    }
  }

  /** Ends the stream; returns what makes the end durable. */
  Ending endLocked() throws IOException {
    isEnded = seal(JournalFormat.STREAM_ENDS, 0);
    return new Ending(file, position);
  }

  /** Returns how the stream ended; null if there was no room for its last seal. */
  @Nullable StreamEnd end() {
    return isEnded ? new StreamEnd(chain.number(), records, chain.previousMac()) : null;
  }

  /** Returns whether there was room for the seal. */
  private boolean seal(int kind, int behind) throws IOException {
    if (!fits(JournalFormat.SEAL_FRAME_BYTES, behind)) {
      return false;
    }
    hashTo(position);
    frame.begin(JournalFormat.SEAL).u8(kind).u64(chain.number()).u64(records);
    frame.raw(chain.seal(kind, records));
    putFrame();
    // The seal vouches for itself by its MAC, which the next block begins with.
    hashedTo = position;
    sealedTo = position;
    return true;
  }

  /** Returns when all that was appended before is on the disk. */
  void force() throws IOException {
    file.force();
  }

  /** Erases the key and closes the file as it is, if that was not done. */
  void abandon() {
    chain.close();
    file.abandon();
    owner.ifPresent(OwnerFile::close);
  }

  /** The end of the stream is registered: nobody has to seal it when this process is gone. */
  void letGo() {
    owner.ifPresent(OwnerFile::delete);
  }

  /** Erases the key and deletes the file, which holds no record. */
  void discard() {
    chain.close();
    file.discard();
    owner.ifPresent(OwnerFile::delete);
  }

  /** The end of a file: where to cut it. */
  record Ending(JournalFile file, long length) {
    void makeDurable() throws IOException {
      file.closeAt(length);
    }
  }
}
