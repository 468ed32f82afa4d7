// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The files of the streams, each in the copy that is to be read, and what is wrong with the other
 * copies.
 *
 * <p>Where the journals are in two folders, the two copies of each file are compared. If they
 * differ, the one is read that verifies; if one is missing or ends early, the other.
 *
 * @param files of each stream by their index
 * @param flaws by stream; of one whose process may be alive, a copy that is just behind is none
 */
record Copies(
    Map<UUID, SortedMap<Integer, Path>> files, Map<UUID, List<Verification.Finding>> flaws) {

  /** What {@link Copies} asks about a stream. */
  interface Judge {
    Verification verify(UUID stream, SortedMap<Integer, Path> files) throws IOException;

    /** Returns whether nothing is written to the stream any more. */
    boolean isEnded(UUID stream);
  }

  static Copies in(TrailFolders folders, Judge judge) throws IOException {
    if (folders.second().isEmpty()) {
      return new Copies(StreamFiles.in(folders.first()), Map.of());
    }
    Path secondFolder = folders.second().get();
    Map<UUID, SortedMap<Integer, Path>> first = listed(folders.first(), secondFolder);
    Map<UUID, SortedMap<Integer, Path>> second = listed(secondFolder, folders.first());
    Copies all = new Copies(new TreeMap<>(), new TreeMap<>());
    TreeSet<UUID> streams = new TreeSet<>(first.keySet());
    streams.addAll(second.keySet());
    for (UUID stream : streams) {
      SortedMap<Integer, Path> none = Collections.emptySortedMap();
      Choice choice =
          new Choice(
              stream,
              folders.first(),
              first.getOrDefault(stream, none),
              secondFolder,
              second.getOrDefault(stream, none),
              judge);
      all.files.put(stream, choice.run());
      if (!choice.flaws.isEmpty()) {
        all.flaws.put(stream, choice.flaws);
      }
    }
    return all;
  }

  /** Lists a folder; one that cannot be listed has nothing, if the other one can be. */
  private static Map<UUID, SortedMap<Integer, Path>> listed(Path folder, Path other)
      throws IOException {
    try {
      return StreamFiles.in(folder);
    } catch (IOException e) {
      if (!Files.isReadable(other)) {
        throw e;
      }
      return Map.of();
    }
  }

  /** Returns what is wrong with copies of a stream that are not read. */
  List<Verification.Finding> flawsOf(UUID stream) {
    return flaws.getOrDefault(stream, List.of());
  }

  /** The choice between the copies of one stream. */
  private static final class Choice {
    private final UUID stream;
    private final Path firstFolder;
    private final SortedMap<Integer, Path> first;
    private final Path secondFolder;
    private final SortedMap<Integer, Path> second;
    private final Judge judge;
    private final List<Verification.Finding> flaws = new ArrayList<>();
    private final SortedMap<Integer, Path> chosen = new TreeMap<>();
    private final List<Integer> different = new ArrayList<>();

    Choice(
        UUID stream,
        Path firstFolder,
        SortedMap<Integer, Path> first,
        Path secondFolder,
        SortedMap<Integer, Path> second,
        Judge judge) {
      this.stream = stream;
      this.firstFolder = firstFolder;
      this.first = first;
      this.secondFolder = secondFolder;
      this.second = second;
      this.judge = judge;
    }

    SortedMap<Integer, Path> run() throws IOException {
      TreeSet<Integer> indexes = new TreeSet<>(first.keySet());
      indexes.addAll(second.keySet());
      for (int index : indexes) {
        chosen.put(index, choose(index, first.get(index), second.get(index)));
      }
      for (int index : different) {
        chosen.put(
            index,
            chooseVerified(
                index,
                Objects.requireNonNull(first.get(index)),
                Objects.requireNonNull(second.get(index))));
      }
      return chosen;
    }

    private Path choose(int index, @Nullable Path one, @Nullable Path other) throws IOException {
      if (one != null && other != null) {
        return choosePresent(index, one, other);
      }
      Path present = one == null ? Objects.requireNonNull(other) : one;
      Path folder = one == null ? firstFolder : secondFolder;
      late(folder.resolve(JournalFile.name(stream, index)), "is missing", present);
      return present;
    }

    private Path choosePresent(int index, Path one, Path other) throws IOException {
      FileComparison.Result result;
      try {
        result = FileComparison.of(one, other);
      } catch (IOException e) {
        return chooseReadable(one, other, e);
      }
      switch (result) {
        case SAME -> {
          return one;
        }
        case ONE_IS_BEHIND -> {
          late(one, "ends early", other);
          return other;
        }
        case OTHER_IS_BEHIND -> {
          late(other, "ends early", one);
          return one;
        }
        case DIFFERENT -> {
          different.add(index);
          return one;
        }
      }
      throw new AssertionError("all cases return");
    }

    private Path chooseReadable(Path one, Path other, IOException cause) throws IOException {
      boolean isOneReadable = isReadable(one);
      if (isOneReadable == isReadable(other)) {
        throw cause;
      }
      Path left = isOneReadable ? other : one;
      Path used = isOneReadable ? one : other;
      flaws.add(
          new Verification.Finding(
              left.toString(),
              0,
              0,
              "This copy cannot be read (" + cause + "). " + used + " was read."));
      return used;
    }

    private static boolean isReadable(Path file) {
      try {
        return FileComparison.of(file, file) == FileComparison.Result.SAME;
      } catch (IOException e) {
        return false;
      }
    }

    private void late(Path copy, String what, Path used) {
      if (judge.isEnded(stream)) {
        flaws.add(
            new Verification.Finding(
                copy.toString(), 0, 0, "This copy " + what + ". " + used + " was read."));
      }
    }

    /** The one that was changed shows by its seals. */
    private Path chooseVerified(int index, Path one, Path other) throws IOException {
      Verification ofFirst = verify(index, one);
      Verification ofSecond = verify(index, other);
      boolean isFirstBad = isNamed(ofFirst, one);
      boolean isFirstUsed =
          isFirstBad == isNamed(ofSecond, other)
              ? ofFirst.intactRecords() >= ofSecond.intactRecords()
              : !isFirstBad;
      Path used = isFirstUsed ? one : other;
      Path left = isFirstUsed ? other : one;
      Verification wrong = isFirstUsed ? ofSecond : ofFirst;
      String name = left.getFileName().toString();
      List<Verification.Finding> its =
          wrong.findings().stream().filter(finding -> finding.file().equals(name)).toList();
      for (Verification.Finding finding : its) {
        String sentence = finding.sentence() + " " + used + " was read.";
        flaws.add(
            new Verification.Finding(
                left.toString(), finding.offset(), finding.record(), sentence));
      }
      if (its.isEmpty()) {
        late(left, "differs behind its last record", used);
      }
      return used;
    }

    /** Verifies the stream with this copy of one file, and of the others the chosen ones. */
    private Verification verify(int index, Path file) throws IOException {
      SortedMap<Integer, Path> files = new TreeMap<>(chosen);
      files.put(index, file);
      return judge.verify(stream, files);
    }

    private static boolean isNamed(Verification verification, Path file) {
      String name = file.getFileName().toString();
      return verification.findings().stream().anyMatch(finding -> finding.file().equals(name));
    }
  }
}
