// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Turns what went wrong into one line on standard error, and an exit code. */
final class Failures {
  private final PrintStream err;
  private final boolean debug;

  Failures(PrintStream err, boolean debug) {
    this.err = err;
    this.debug = debug;
  }

  int usage(UsageError e) {
    line(String.valueOf(e.getMessage()), e);
    return Main.WRONG_USAGE;
  }

  /** The answer could not be written. */
  int output(IOException e) {
    line("cannot write to standard output: " + reason(e) + ".", e);
    return Main.FAILED;
  }

  int of(Command command, Exception e) {
    line(sentence(command, e), e);
    return e instanceof KmsException.DryRunOperation ? Main.WOULD_SUCCEED : Main.FAILED;
  }

  private static String sentence(Command command, Exception e) {
    if (e instanceof KmsException refused) {
      String where =
          command.service().equals(Catalog.OWN)
              ? "An error occurred (" + refused.errorCode() + ") in " + command.name() + ": "
              : "An error occurred ("
                  + refused.errorCode()
                  + ") when calling the "
                  + command.operation()
                  + " operation: ";
      return where + refused.getMessage();
    }
    if (e instanceof IOException failed) {
      return command.words() + ": " + reason(failed) + ".";
    }
    return command.words()
        + ": internal error: "
        + e
        + ". Please report it with the output of the same command and --debug.";
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException missing) {
      return "there is no '" + missing.getFile() + "'";
    }
    if (e instanceof AccessDeniedException denied) {
      return "this user may not open '" + denied.getFile() + "'; check its owner and mode";
    }
    if (e instanceof FileAlreadyExistsException exists) {
      return "'" + exists.getFile() + "' is there already; give --force to replace it";
    }
    if (e instanceof FileSystemException file && file.getReason() != null) {
      return file.getReason() + ": '" + file.getFile() + "'";
    }
    return String.valueOf(e.getMessage()).replaceFirst("\\.$", "");
  }

  private void line(String sentence, Throwable cause) {
    err.println("strongroom: " + printable(sentence));
    if (debug) {
      cause.printStackTrace(err);
    }
  }

  /** One line, and nothing that a terminal would obey: names in messages may come from anywhere. */
  private static String printable(String text) {
    return text.replaceAll("\\s*\\R\\s*", " ")
        .replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]", "?");
  }
}
