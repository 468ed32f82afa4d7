// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Help that teaches: what there is, and for each command one worked example. */
final class Help {

  private static final String OVERVIEW =
      """
      Strongroom keeps keys so that programs can use them and nobody can copy them: KMS keys under a
      domain key in an HSM, data keys under KMS keys, a policy for each key and a record of each call.

      Usage: strongroom <command> [options]
             strongroom <service> <command> [options]      the services, options and JSON of AWS CLI

      New here?
        strongroom quickstart            the whole chain once, in a folder of its own, explained
        strongroom init                  make a home of your own: domain key, store, root access key
        strongroom kms create-key --alias-name alias/app
        strongroom encrypt-file --key-id alias/app report.pdf report.pdf.enc

      Commands:
      """;

  private static final String ENDING =
      """

      'strongroom help kms' lists the commands of a service, 'strongroom help kms encrypt' explains one.

      Everywhere:
      """;

  private static final String SETTINGS =
      """

      Settings are in strongroom.properties in the home: STRONGROOM_HOME, ~/.strongroom by default.
      Who calls is told by the access key in its file 'credentials', or by the environment variables
      STRONGROOM_ACCESS_KEY_ID, STRONGROOM_SECRET_ACCESS_KEY and, for a session of a role,
      STRONGROOM_SESSION_TOKEN; never by an option, which all users of a machine can see.

      Exit codes: 0 done; 1 refused or failed; 2 wrong usage.
      """;

  private final OutputStream out;

  Help(OutputStream out) {
    this.out = out;
  }

  /**
   * Prints the page of a command or service, or the overview.
   *
   * @param topic the words of the command; may be empty
   */
  void print(List<String> topic) throws IOException {
    if (topic.isEmpty()) {
      overview();
    } else if (topic.size() == 1 && Catalog.isService(topic.get(0))) {
      service(topic.get(0));
    } else {
      write(HelpPage.of(Catalog.find(topic)));
    }
  }

  void printVersion() throws IOException {
    String version = Main.class.getPackage().getImplementationVersion();
    write(
        "strongroom "
            + Optional.ofNullable(version).orElse("(not packaged)")
            + ", Java "
            + Runtime.version()
            + "\n");
  }

  private void overview() throws IOException {
    write(OVERVIEW);
    for (Command command : Catalog.commands(Catalog.OWN)) {
      entry(command.name(), command.summary());
    }
    entry("help", "Explains a command: strongroom help kms encrypt.");
    entry("version", "Shows the version.");
    write("\nServices:\n");
    for (Catalog.Service service : Catalog.SERVICES) {
      entry(service.name(), service.summary());
    }
    write(ENDING);
    for (Parameter global : Globals.PARAMETERS) {
      entry((global.name() + " " + global.label()).strip(), global.help());
    }
    write(SETTINGS);
  }

  private void service(String service) throws IOException {
    write("Usage: strongroom " + service + " <command> [options]\n\nCommands:\n");
    for (Command command : Catalog.commands(service)) {
      entry(command.name(), command.summary());
    }
    write("\n'strongroom help " + service + " <command>' explains one, with an example.\n");
  }

  private void entry(String name, String text) throws IOException {
    write(String.format("  %-42s %s%n", name, text));
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
