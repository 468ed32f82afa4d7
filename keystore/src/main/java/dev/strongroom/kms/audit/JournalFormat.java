// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.nio.charset.StandardCharsets;

/**
 * The bytes of a journal, version 1.
 *
 * <p>A process writes one <em>stream</em>, named by a random UUID, as files {@code
 * <stream>-<index>.journal} (index: six or more decimal digits from 000000). A file is a magic
 * number and then frames. All integers are big-endian; a varint is LEB128, at most five bytes; a
 * text is a varint length and that many bytes of UTF-8.
 *
 * <pre>
 * file    offset length
 *              0      8  magic: 53 52 41 55 44 49 54 and the version, 01 ("SRAUDIT\1")
 *              8      …  frames, each at a multiple of 4; the first is a header
 *
 * frame        0      4  word: type u8, length of the payload u24. Written last: 0 is "nothing yet"
 *              4      4  CRC-32C of (number of records before this frame in the stream u64, word,
 *                        payload): finds accidents, and which record they hit; not a protection
 *              8 length  payload, at most 65,528 bytes
 *              …   0..3  zeros up to a multiple of 4
 *
 * 01 header    0     16  stream
 *             16      4  index of the file, from 0
 *             20      8  number of records in the files before
 *             28      8  time of its making, milliseconds since 1970
 *             36     32  MAC of the last seal in the file before; zeros in the first file
 *             68     16  the stream that this process had to give up before this one; zeros if none
 *             84      4  version of the domain key that the key of the stream comes from
 *             88      …  properties of the process: varint count, as many texts: name, value, …
 *
 * 02 entry     0      …  varint id (from 1, one more each in a file), varint count, as many texts
 *
 * 03 record    0      1  flags: 01 read only, 02 an error message follows, 04 a request
 *                        id follows
 *              1      6  time, milliseconds since 1970
 *              7      …  eight varints, ids of entries before, 0 for none: event name; caller (ARN,
 *                        access key id); key ARN; key material id; encryption context (name, value,
 *                        …); parameters (name, value, …); decided by; error code
 *              …      …  with flag 02: text, the error message
 *              …     16  with flag 04: the request id that the caller was told
 *              …      …  later versions may set more flags and append fields; readers pass over them
 *
 * 04 seal      0      1  kind: 1 a block ends, 2 the file ends, 3 the stream ends
 *              1      8  number i of the seal in the stream, from 0
 *              9      8  number of records before the seal in the stream
 *             17     32  MAC
 *
 * 05 checkpoint 0     …  UTF-8 of a signed note over the head of the tree below: see {@link
 *                        dev.strongroom.kms.audit.proof.Checkpoint}
 *
 * 80 store change 0    1  kind: 0 a transaction of the store is about to be committed, 1 more rows of
 *                        it, 2 it was committed
 *              1      8  revision of the store that it makes
 *              9      …  varint count, as many texts: row, its hash before, its hash after, …; an
 *                        empty hash is a row that is not there
 * </pre>
 *
 * A block is all bytes of a file after the seal before (or from the file's start) up to its own
 * seal. With k<sub>0</sub> the 32-byte key of the stream under that version of the domain key,
 *
 * <pre>
 * MAC(i) = HMAC-SHA256(k(i), "strongroom/1/audit/seal" 00 | stream 16 | i u64 | records u64 | kind u8
 *              | SHA-256(MAC(i-1) | block))              MAC(-1) is 32 zeros
 * k(i+1) = HMAC-SHA256(k(i), "strongroom/1/audit/next")  k(i) is then erased
 * </pre>
 *
 * The records of a stream are the leaves of an RFC 6962 tree. A leaf is
 *
 * <pre>
 * flags and time of the record 7 | call 32 | what follows the ids in the record
 * call = SHA-256(entry of the event name | of the caller | … | of the error code)
 * entry = SHA-256(what follows the id in the entry)      32 zeros for the id 0
 * </pre>
 *
 * A checkpoint is about the records before a seal that stands before it.
 *
 * <p>Types 06 to 7f are reserved for what a reader must understand: one that does not stops there.
 * Types 80 to ff may be passed over; they are part of their block like everything else. A word of 0
 * ends a file; what follows is zeros, unless a record was under way when the process was killed, or
 * the machine lost power.
 */
final class JournalFormat {
  static final byte[] MAGIC = "SRAUDIT\1".getBytes(StandardCharsets.ISO_8859_1);

  static final int HEADER = 1;
  static final int ENTRY = 2;
  static final int RECORD = 3;
  static final int SEAL = 4;
  static final int CHECKPOINT = 5;
  static final int FIRST_SKIPPABLE = 0x80;
  static final int STORE_CHANGE = 0x80;

  static final int FRAME_HEAD_BYTES = 8;
  static final int MAX_FRAME_BYTES = 65_536;
  static final int ALIGNMENT = 4;

  static final int READ_ONLY = 1;
  static final int HAS_ERROR_MESSAGE = 2;
  static final int HAS_REQUEST_ID = 4;
  static final int TIME_BYTES = 6;

  static final int HEADER_FIXED_BYTES = 88;
  static final int HEADER_COUNT_OFFSET = 20;
  static final int HEADER_MAC_OFFSET = 36;
  static final int HEADER_VERSION_OFFSET = 84;
  static final int SEAL_COUNT_OFFSET = 9;
  static final int SEAL_PAYLOAD_BYTES = 49;
  static final int SEAL_FRAME_BYTES = frameBytes(SEAL_PAYLOAD_BYTES);
  static final int MAC_BYTES = 32;
  static final int KEY_BYTES = 32;

  static final int BLOCK_ENDS = 1;
  static final int FILE_ENDS = 2;
  static final int STREAM_ENDS = 3;

  private JournalFormat() {}

  static int word(int type, int payloadBytes) {
    return type << 24 | payloadBytes;
  }

  static int type(int word) {
    return word >>> 24;
  }

  static int payloadBytes(int word) {
    return word & 0xff_ffff;
  }

  /** Returns whether this version understands a type, or may pass over it. */
  static boolean isKnown(int type) {
    return (type >= HEADER && type <= CHECKPOINT) || type >= FIRST_SKIPPABLE;
  }

  /** Returns the length of a whole frame, with its padding. */
  static int frameBytes(int payloadBytes) {
    return (FRAME_HEAD_BYTES + payloadBytes + ALIGNMENT - 1) & -ALIGNMENT;
  }
}
