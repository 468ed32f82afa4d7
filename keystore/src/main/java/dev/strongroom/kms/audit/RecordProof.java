// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.util.List;
import java.util.UUID;

/**
 * That a record stands in a stream that the HSM signed; {@link JournalFormat} and RFC 6962 §2.1 say
 * how to check it with nothing of ours.
 *
 * @param stream the journal
 * @param index the record's place in it, from 0
 * @param head base64 of the record's flags and time, 7 bytes
 * @param entries the texts of the event name; caller (ARN, access key id); key ARN; key material
 *     id; encryption context (name, value, …); parameters (name, value, …); decided by; error code.
 *     Empty where the record has none
 * @param rest base64 of what follows in the record
 * @param size how many records the checkpoint covers
 * @param path the audit path, from the record's sibling upwards, in base64
 * @param checkpoint the signed note
 */
public record RecordProof(
    UUID stream,
    long index,
    String head,
    List<List<String>> entries,
    String rest,
    long size,
    List<String> path,
    String checkpoint) {

  public RecordProof {
    entries = entries.stream().map(List::copyOf).toList();
    path = List.copyOf(path);
  }
}
