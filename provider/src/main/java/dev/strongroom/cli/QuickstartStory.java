// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.keystore.DataKey;
import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import dev.strongroom.kms.service.Kms;
import dev.strongroom.kms.service.NewAccessKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The story that {@code quickstart} tells, a step a method. Each step does what it says, and prints
 * what came of it: the commands and the Java lines shown are those that were run.
 */
final class QuickstartStory {
  private static final String LETTER = "Dear reader,\n\nthis file was encrypted for you.\n";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Path folder;
  private final OutputStream out;
  private final Snippets java;
  private int step;

  private QuickstartStory(Path folder, OutputStream out, Snippets java) {
    this.folder = folder;
    this.out = out;
    this.java = java;
  }

  /** Run by {@link Quickstart}, with the environment that the folder needs. */
  public static void main(String[] args) {
    Terminal terminal = Terminal.ofProcess();
    int exitCode;
    try {
      new QuickstartStory(Path.of(args[0]), terminal.out(), Snippets.load()).tell();
      terminal.out().flush();
      exitCode = Main.DONE;
    } catch (KmsException | IOException | GeneralSecurityException e) {
      exitCode = stopped(terminal, e);
    }
    System.exit(exitCode);
  }

  private static int stopped(Terminal terminal, Exception e) {
    try {
      terminal.out().flush();
    } catch (IOException gone) {
      e.addSuppressed(gone);
    }
    terminal.err().println("strongroom: quickstart stopped here: " + e.getMessage());
    return Main.FAILED;
  }

  private void tell() throws IOException, GeneralSecurityException {
    say("Strongroom quickstart. Everything is in " + folder + ";");
    say("delete that folder and nothing is left.");
    domainKey();
    kmsKeys();
    KeyStore kms = provider();
    byte[] blob = dataKey();
    file(kms);
    signature(kms);
    refusal(blob);
    records();
    say("");
    say("Go on from here:");
    say("  alias strongroom='java -jar " + jar() + "'");
    for (String name : List.of("STRONGROOM_HOME", SoftHsm.CONF)) {
      String value = System.getenv(name);
      if (value != null) {
        say("  export " + name + "=" + value);
      }
    }
    say("  strongroom kms list-aliases");
    say("  strongroom help");
  }

  private static Path jar() {
    CodeSource source = QuickstartStory.class.getProtectionDomain().getCodeSource();
    try {
      return Path.of(source.getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError("A class path entry is a URI", e);
    }
  }

  private void domainKey() throws IOException {
    title("A domain key: it wraps all other keys, and nobody can read it.");
    run("init");
    boolean hasHsm = System.getenv(SoftHsm.CONF) != null;
    say(
        hasHsm
            ? "   It was made inside the HSM. Here that is SoftHSM2, a stand-in made of software; a\n"
                + "   real one needs another 'hsm' in strongroom.properties and nothing else."
            : "   No SoftHSM2 is installed, so it is in a file, sealed by a passphrase beside it. That\n"
                + "   protects copies of the store, not copies of this folder; an HSM does more.");
  }

  private void kmsKeys() throws IOException {
    title(
        "Two KMS keys (CMKs), each with a name. Their material is stored wrapped, never in clear.");
    run("kms", "create-key", "--alias-name", "alias/quickstart", "--query", "KeyMetadata.Arn");
    run(
        "kms",
        "create-key",
        "--alias-name",
        "alias/quickstart-signing",
        "--key-spec",
        "ECC_NIST_P256",
        "--key-usage",
        "SIGN_VERIFY",
        "--query",
        "KeyMetadata.SigningAlgorithms");
  }

  private KeyStore provider() throws IOException, GeneralSecurityException {
    title("A Java program adds the provider and sees the keys as a KeyStore.");
    show("provider");
    KeyStore kms = QuickstartJava.addProvider();
    Provider provider = kms.getProvider();
    int place = Arrays.asList(Security.getProviders()).indexOf(provider) + 1;
    result("provider " + provider.getName() + " at place " + place + " of this JVM");
    result("aliases " + Collections.list(kms.aliases()));
    return kms;
  }

  /** Returns the encrypted data key. */
  private byte[] dataKey() throws IOException, GeneralSecurityException {
    title(
        "A data key: in clear to use now, and encrypted under the KMS key to keep with the data.");
    show("data key");
    DataKey key = QuickstartJava.dataKey();
    byte[] clear = key.getEncoded();
    byte[] blob = key.getCiphertextBlob();
    result(clear.length + " bytes in clear; encrypted, " + blob.length);
    Arrays.fill(clear, (byte) 0);
    key.destroy();
    return blob;
  }

  private void file(KeyStore kms) throws IOException, GeneralSecurityException {
    title("A file, encrypted under a data key of its own: envelope encryption, of any size.");
    Path letter = Files.writeString(folder.resolve("letter.txt"), LETTER);
    Path encrypted = folder.resolve("letter.enc");
    Path back = folder.resolve("letter.back");
    show("encrypt");
    QuickstartJava.encrypt(kms, letter, encrypted);
    show("decrypt");
    QuickstartJava.decrypt(kms, encrypted, back);
    boolean same = Files.mismatch(letter, back) == -1;
    result(
        "letter.txt, %d bytes; letter.enc, %d bytes; letter.back is %s"
            .formatted(
                Files.size(letter), Files.size(encrypted), same ? "the same again" : "DIFFERENT"));
    run("decrypt-file", "--encryption-context", "tenant=b", encrypted.toString(), "-");
  }

  private void signature(KeyStore kms) throws IOException, GeneralSecurityException {
    title("A signature by a KMS key, checked by the JDK's own provider.");
    byte[] message = LETTER.getBytes(StandardCharsets.UTF_8);
    KmsPrivateKey key = (KmsPrivateKey) kms.getKey("quickstart-signing", null);
    show("sign");
    byte[] signature = QuickstartJava.sign(key, message);
    show("verify");
    boolean valid = QuickstartJava.verify(key.publicKey(), message, signature);
    message[0] ^= 1;
    boolean changed = QuickstartJava.verify(key.publicKey(), message, signature);
    result(
        signature.length
            + " bytes, valid: "
            + valid
            + "; with one bit of the message changed: "
            + changed);
  }

  private void refusal(byte[] blob) throws IOException, GeneralSecurityException {
    title("A user without rights on the key: it is not there, and what it encrypted stays so.");
    run("iam", "create-user", "--user-name", "guest", "--query", "User.Arn");
    try (Door.Entry entry = enter()) {
      Kms kms = entry.kms();
      NewAccessKey key = kms.iam().createAccessKey(entry.caller(), "guest");
      try {
        hidden(key);
        refused(kms, kms.authenticate(key.accessKeyId(), key.secret()), blob);
      } finally {
        key.destroy();
      }
    }
  }

  private void hidden(NewAccessKey key) throws IOException, GeneralSecurityException {
    String id = key.accessKeyId() + ":";
    char[] both = Arrays.copyOf(id.toCharArray(), id.length() + key.secret().length);
    System.arraycopy(key.secret(), 0, both, id.length(), key.secret().length);
    show("hidden");
    try {
      result("key is " + QuickstartJava.keyAs(both));
    } finally {
      Arrays.fill(both, '\0');
    }
  }

  private void refused(Kms kms, Caller guest, byte[] blob) throws IOException {
    show("refused");
    try {
      QuickstartJava.decryptAs(guest, kms, blob);
      result("decrypted, which must not be");
    } catch (KmsException.AccessDenied e) {
      result(e.errorCode() + ": " + e.getMessage());
    }
  }

  private void records() throws IOException {
    title("All of it is on record, the refusals too ('strongroom cloudtrail lookup-events').");
    List<AuditRecord> records;
    try (Door.Entry entry = enter()) {
      Kms kms = entry.kms();
      records = kms.lookupEvents(entry.caller(), AuditQuery.newest(1000));
    }
    for (AuditRecord record : records) {
      say(
          String.format(
              "   %s  %-6s %-18s %s",
              TIME.format(record.eventTime()),
              record.callerArn().map(arn -> arn.replaceFirst(".*[:/]", "")).orElse("-"),
              record.eventName(),
              record.errorCode().map(code -> "refused: " + code).orElse("allowed")));
    }
  }

  private static Door.Entry enter() {
    return new SettingsDoor().enter(new Globals.Location(Optional.empty(), Optional.empty()));
  }

  /** Shows a command, runs it, and shows what it prints. */
  private void run(String... args) throws IOException {
    say("   $ strongroom " + String.join(" ", args).replace(folder + "/", ""));
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Main.run(List.of(args), InputStream.nullInputStream(), printed, printed);
    for (String line : printed.toString(StandardCharsets.UTF_8).lines().toList()) {
      if (!line.isBlank()) {
        say("     " + line);
      }
    }
  }

  private void show(String snippet) throws IOException {
    for (String line : java.lines(snippet)) {
      say("   | " + line);
    }
  }

  private void title(String text) throws IOException {
    say("");
    say(++step + ". " + text);
  }

  private void result(String text) throws IOException {
    say("   => " + text);
  }

  private void say(String line) throws IOException {
    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
