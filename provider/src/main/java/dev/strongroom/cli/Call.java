// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.Place;
import dev.strongroom.kms.service.Kms;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * One run of one command: its arguments as the types of the KMS, and the KMS itself, which is
 * opened when it is first asked for. Closing it zeroes the bytes that it read and closes the KMS.
 * Not thread-safe.
 */
final class Call implements AutoCloseable {
  private final Arguments arguments;
  private final Terminal terminal;
  private final Blobs blobs;
  private final Door door;
  private final List<byte[]> read = new ArrayList<>();
  private Optional<Door.Entry> entry = Optional.empty();

  Call(Arguments arguments, Terminal terminal, Door door) {
    this.arguments = arguments;
    this.terminal = terminal;
    this.door = door;
    this.blobs = new Blobs(terminal.in());
  }

  Arguments arguments() {
    return arguments;
  }

  Terminal terminal() {
    return terminal;
  }

  Globals.Location location() {
    return Globals.Location.of(arguments);
  }

  Kms kms() {
    return entry().kms();
  }

  /** Returns who calls, with the grant tokens that were given, and in earnest or not. */
  Caller caller() {
    Caller caller = entry().caller();
    List<String> tokens = list("--grant-tokens");
    try {
      return DryRun.apply(caller.presenting(tokens), arguments);
    } catch (IllegalArgumentException e) {
      throw UsageError.of("--grant-tokens", String.valueOf(e.getMessage()));
    }
  }

  /** Returns where the caller's keys are. */
  Place place() {
    return new Place(kms().place().region(), caller().accountId());
  }

  private Door.Entry entry() {
    if (entry.isEmpty()) {
      entry = Optional.of(door.enter(location()));
    }
    return entry.get();
  }

  KeyRef key(String option) {
    return convert(option, arguments.get(option), KeyRef::parse);
  }

  Optional<KeyRef> keyIfGiven(String option) {
    return arguments.find(option).map(text -> convert(option, text, KeyRef::parse));
  }

  Operation operation(String option) {
    return operation(option, arguments.get(option));
  }

  /** Returns the operation of that name, which is one of the values of the option. */
  Operation operation(String option, String name) {
    return convert(option, name, Operation::named);
  }

  List<String> list(String option) {
    return arguments.list(option);
  }

  UUID uuid(String option) {
    return convert(option, arguments.get(option), Call::uuidOf);
  }

  Alias alias(String option) {
    return convert(option, arguments.get(option), Alias::new);
  }

  Optional<Alias> aliasIfGiven(String option) {
    return arguments.find(option).map(text -> convert(option, text, Alias::new));
  }

  /** Returns the encryption context of that option; the empty one where it was not given. */
  EncryptionContext context(String option) throws IOException {
    if (!arguments.has(option)) {
      return EncryptionContext.EMPTY;
    }
    return ContextSyntax.parse(option, text(option));
  }

  /** Returns text, out of a file where {@code file://} stands before it. */
  String text(String option) throws IOException {
    return blobs.text(option, arguments.get(option));
  }

  Optional<String> textIfGiven(String option) throws IOException {
    return arguments.has(option) ? Optional.of(text(option)) : Optional.empty();
  }

  /** Returns bytes, which this call zeroes when it is closed. */
  byte[] bytes(String option) throws IOException {
    byte[] bytes = blobs.bytes(option, arguments.get(option));
    read.add(bytes);
    return bytes;
  }

  <E extends Enum<E>> E choice(String option, Class<E> type) {
    return Choices.parse(option, arguments.get(option), type);
  }

  <E extends Enum<E>> Optional<E> choiceIfGiven(String option, Class<E> type) {
    return arguments.find(option).map(text -> Choices.parse(option, text, type));
  }

  /** Returns a whole number; {@code fallback} where the option was not given. */
  int number(String option, int fallback, int min, int max) {
    Optional<String> text = arguments.find(option);
    if (text.isEmpty()) {
      return fallback;
    }
    int value = convert(option, text.get(), Call::integer);
    if (value < min || value > max) {
      throw UsageError.of(option, value + " is not between " + min + " and " + max + ".");
    }
    return value;
  }

  private static UUID uuidOf(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is not an id such as 123e4567-e89b-12d3-a456-426614174000.", e);
    }
  }

  private static int integer(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not a whole number.", e);
    }
  }

  private static <T> T convert(String option, String text, Function<String, T> parse) {
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw UsageError.of(option, String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    read.forEach(bytes -> Arrays.fill(bytes, (byte) 0));
    entry.ifPresent(Door.Entry::close);
  }
}
