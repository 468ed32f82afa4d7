// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.export;

import dev.strongroom.kms.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.PublicKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.stream.Stream;

/**
 * Verifies an export from its newest digest back to its first, by CloudTrail's rules: each digest
 * is signed and stands where it says, names the one before by its hash and signature, and names
 * every log file by its hash. More than that: no record is missing between two exports, and under
 * {@code AWSLogs} is no file that no digest names. That the newest exports were removed together
 * with the {@link Cursor} cannot be seen, unless all were.
 *
 * <p>Needs public keys only. Not thread-safe.
 */
public final class ExportCheck {
  private final ObjectFolder folder;
  private final Collection<PublicKey> keys;
  private final List<ExportVerification.Finding> findings = new ArrayList<>();

  /** Digests that nobody has followed to yet, by the time in their names. */
  private final NavigableMap<String, String> unseen = new TreeMap<>();

  private final Set<String> unnamed = new TreeSet<>();
  private final Set<String> named = new HashSet<>();
  private final Deque<Digest> oldestFirst = new ArrayDeque<>();

  private ExportCheck(ObjectFolder folder, Collection<PublicKey> keys) {
    this.folder = folder;
    this.keys = keys;
  }

  /**
   * Verifies a folder.
   *
   * @param keys the public keys that digests may be signed with
   * @throws IOException if the folder cannot be read
   */
  public static ExportVerification run(Path folder, Collection<PublicKey> keys) throws IOException {
    ExportCheck check = new ExportCheck(new ObjectFolder(folder.toRealPath()), List.copyOf(keys));
    check.list();
    check.chain();
    check.ranges();
    check.cursor();
    check.unnamed.forEach(file -> check.add(file, "No digest names this file."));
    return new ExportVerification(check.oldestFirst.size(), check.named.size(), check.findings);
  }

  private void list() throws IOException {
    Path logs = folder.root().resolve(Names.LOGS);
    if (!Files.exists(logs, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(logs)) {
      paths.forEach(this::list);
    } catch (UncheckedIOException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private void list(Path path) {
    String object = folder.root().relativize(path).toString().replace('\\', '/');
    Matcher digest = Names.DIGEST.matcher(object);
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      add(object, "This is a link, or no file at all: no export has that.");
    } else if (digest.matches()) {
      unseen.put(digest.group(1) + object, object);
    } else {
      unnamed.add(object);
    }
  }

  /** Follows the chain; where it is broken it goes on with the newest digest that is left. */
  private void chain() {
    Optional<Digest.Previous> expected = Optional.empty();
    while (!unseen.isEmpty()) {
      String object = unseen.pollLastEntry().getValue();
      if (expected.isEmpty() || expected.get().object().equals(object)) {
        expected = digest(object, expected);
      } else if (unseen.containsValue(expected.get().object())) {
        unnamed.remove(Names.signature(object));
        add(object, "The digest stands beside the chain: the one after it does not name it.");
      } else {
        add(expected.get().object(), "The digest is missing.");
        expected = digest(object, Optional.empty());
      }
    }
    expected.ifPresent(last -> add(last.object(), "The digest is missing."));
  }

  /** Verifies one digest and returns the one that must come before. */
  private Optional<Digest.Previous> digest(String object, Optional<Digest.Previous> expected) {
    unnamed.remove(Names.signature(object));
    SignedDigest signed;
    try {
      signed = SignedDigest.read(folder, object);
    } catch (IOException e) {
      add(object, "The digest cannot be read (" + e + ").");
      return Optional.empty();
    }
    Digest digest = signed.digest();
    if (!digest.object().equals(object)) {
      add(object, "The digest was moved: it belongs at " + digest.object() + ".");
    }
    if (expected.isPresent()
        && !(expected.get().hash().equals(signed.hash())
            && expected.get().signature().equals(signed.signature()))) {
      add(object, "The digest was changed: the next one has another hash or signature of it.");
    }
    if (keys.stream().noneMatch(signed::isSignedBy)) {
      add(object, "The digest is not signed with one of these public keys.");
    }
    oldestFirst.addFirst(digest);
    digest.logFiles().forEach(this::logFile);
    if (digest.previous().isEmpty() && !unseen.isEmpty()) {
      add(object, "A chain begins with this digest; those before it are not tied to it.");
    }
    return digest.previous();
  }

  private void logFile(Digest.LogFile file) {
    named.add(file.object());
    unnamed.remove(file.object());
    try {
      if (!hash(folder.resolve(file.object())).equals(file.hash())) {
        add(file.object(), "The log file was changed: its digest has another hash of it.");
      }
    } catch (NoSuchFileException e) {
      add(file.object(), "The log file is missing.");
    } catch (IOException e) {
      add(file.object(), "The log file cannot be read (" + e + ").");
    }
  }

  private static String hash(Path file) throws IOException {
    try (DigestInputStream in = new DigestInputStream(ZippedFile.open(file), Sha256.begin())) {
      in.transferTo(OutputStream.nullOutputStream());
      return Hex.of(in.getMessageDigest().digest());
    }
  }

  /** Each export must begin with the record after the last one of the export before. */
  private void ranges() {
    Map<UUID, Long> reached = new HashMap<>();
    for (Digest digest : oldestFirst) {
      for (Digest.Range range : digest.ranges()) {
        long expected = reached.getOrDefault(range.stream(), 0L);
        if (range.from() != expected) {
          add(
              digest.object(),
              "Records of stream "
                  + range.stream()
                  + (range.from() > expected ? " are missing" : " were exported twice")
                  + ": this export begins with record "
                  + range.from()
                  + ", and the ones before end with "
                  + expected
                  + ".");
        }
        reached.put(range.stream(), range.to());
      }
    }
  }

  /** Holds what the next export goes by against the newest digest, where it was copied along. */
  private void cursor() {
    if (oldestFirst.isEmpty()) {
      add(Names.LOGS, "There is no digest: nothing could be verified.");
      return;
    }
    try {
      String hash = Cursor.in(folder).hash();
      if (!hash.isEmpty() && !hash.equals(oldestFirst.getLast().cursorHash())) {
        add(Cursor.OBJECT, "It was changed, or the newest digest is not the last one any more.");
      }
    } catch (IOException e) {
      add(Cursor.OBJECT, "It cannot be read (" + e + ").");
    }
  }

  private void add(String object, String sentence) {
    findings.add(new ExportVerification.Finding(object, sentence));
  }
}
