// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.proof.AuditPath;
import dev.strongroom.kms.audit.proof.Checkpoint;
import dev.strongroom.kms.audit.proof.SignedNote;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes proofs of single records. Reads a stream twice; keeps no more of it than a proof has.
 *
 * <p>Thread-safe.
 */
final class AuditProver {
  private final AuditVerifier verifier;

  AuditProver(AuditVerifier verifier) {
    this.verifier = verifier;
  }

  /**
   * Returns the proof of a record.
   *
   * @param eventId as {@link CloudTrailJson} shows it
   * @throws KmsException.NotFound if there is none, or no checkpoint behind it yet
   */
  RecordProof prove(UUID eventId) {
    try {
      for (Map.Entry<UUID, SortedMap<Integer, Path>> stream : verifier.readable().entrySet()) {
        Search search = new Search(stream.getKey(), eventId);
        StreamWalk.walk(stream.getValue(), search);
        if (search.found >= 0) {
          return prove(stream.getValue(), search);
        }
      }
    } catch (IOException e) {
      throw new KmsException.AuditUnavailable("The audit trail cannot be read (" + e + ").", e);
    }
    throw new KmsException.NotFound(
        "There is no event "
            + eventId
            + ". 'cloudtrail lookup-events' shows those that there are.");
  }

  private static RecordProof prove(SortedMap<Integer, Path> files, Search search)
      throws IOException {
    if (search.note == null) {
      throw new KmsException.NotFound(
          "The event is not signed yet. A checkpoint comes within ten seconds, and when its process"
              + " ends.");
    }
    AuditPath path = new AuditPath(search.found, search.size);
    Leaves leaves = new Leaves(path);
    StreamWalk.walk(files, leaves);
    if (leaves.count < search.size) {
      throw new KmsException.AuditUnavailable(
          "The event cannot be proved: records before the checkpoint of its stream "
              + search.stream
              + " are damaged. 'cloudtrail validate-logs' says which.",
          null);
    }
    Base64.Encoder base64 = Base64.getEncoder();
    return new RecordProof(
        search.stream,
        search.found,
        base64.encodeToString(search.head),
        search.texts,
        base64.encodeToString(search.rest),
        search.size,
        path.hashes().stream().map(base64::encodeToString).toList(),
        search.note);
  }

  /** Finds the record, and the first checkpoint that covers it. */
  private static final class Search extends LenientVisitor {
    private final UUID stream;
    private final UUID eventId;
    private final Map<Integer, List<String>> entries = new HashMap<>();
    private final List<List<String>> texts = new ArrayList<>();
    private long found = -1;
    private byte[] head = new byte[0];
    private byte[] rest = new byte[0];
    private long size;
    private @Nullable String note;

    Search(UUID stream, UUID eventId) {
      this.stream = stream;
      this.eventId = eventId;
    }

    @Override
    public void file(int index, String name) {
      entries.clear();
    }

    @Override
    public void frame(FileScan scan, long before) throws FrameReader.Malformed {
      if (scan.type() == JournalFormat.CHECKPOINT) {
        checkpoint(scan.payload());
      } else if (found < 0 && scan.type() == JournalFormat.ENTRY) {
        FrameReader entry = scan.payload();
        entries.put(entry.varint(), entry.texts());
      } else if (found < 0
          && scan.type() == JournalFormat.RECORD
          && AuditRecord.derivedId("event", stream, before).equals(eventId)) {
        record(scan.payload());
        found = before;
      }
    }

    private void record(FrameReader payload) throws FrameReader.Malformed {
      head = payload.raw(RecordTree.FIXED_BYTES);
      for (int i = 0; i < RecordTree.IDS; i++) {
        texts.add(entries.getOrDefault(payload.varint(), List.of()));
      }
      rest = payload.raw(payload.remaining());
    }

    private void checkpoint(FrameReader payload) throws FrameReader.Malformed {
      String text = new String(payload.raw(payload.remaining()), StandardCharsets.UTF_8);
      SignedNote.parse(text)
          .flatMap(signed -> Checkpoint.parse(signed.text()))
          .filter(checkpoint -> note == null && found >= 0 && checkpoint.size() > found)
          .ifPresent(
              checkpoint -> {
                note = text;
                size = checkpoint.size();
              });
    }
  }

  /** Hands the leaves to a path. */
  private static final class Leaves extends LenientVisitor {
    private final AuditPath path;
    private final RecordTree tree = new RecordTree();
    private long count;

    Leaves(AuditPath path) {
      this.path = path;
    }

    @Override
    public void file(int index, String name) {
      tree.beginFile();
    }

    @Override
    public void frame(FileScan scan, long before) throws FrameReader.Malformed {
      if (scan.type() == JournalFormat.ENTRY) {
        tree.entry(scan.payload());
      } else if (scan.type() == JournalFormat.RECORD) {
        path.add(tree.leafHash(scan.payload()));
        count++;
      }
    }
  }
}
