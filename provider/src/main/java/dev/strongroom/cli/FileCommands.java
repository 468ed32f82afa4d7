// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static dev.strongroom.cli.Options.ENCRYPTION_CONTEXT;
import static dev.strongroom.cli.Options.KEY_ID;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.crypto.envelope.EnvelopeOptions;
import dev.strongroom.kms.service.Envelopes;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code encrypt-file} and {@code decrypt-file}: data of any size, in envelope messages. */
final class FileCommands {

  private FileCommands() {}

  static List<Command> all() {
    return List.of(
        new Command(
            Catalog.OWN,
            "encrypt-file",
            "Encrypts a file of any size under a KMS key, as an AWS Encryption SDK message.",
            """
            strongroom encrypt-file --key-id alias/app --encryption-context tenant=a \\
                report.pdf report.pdf.enc
            tar c folder | strongroom encrypt-file --key-id alias/app - folder.tar.enc""",
            List.of(
                KEY_ID,
                ENCRYPTION_CONTEXT,
                Parameter.optional(
                    Recipients.OPTION,
                    "<list>",
                    "Who else can read it, separated by commas: KMS keys, and break-glass keys in"
                        + " files: rsa:company/vault=public.pem, aes:company/vault=key.bin."),
                Parameter.flag("--signed", "Sign the message, too (ECDSA P-384)."),
                FileTransform.FORCE,
                FileTransform.IN,
                FileTransform.OUT),
            FileCommands::encrypt),
        new Command(
            Catalog.OWN,
            "decrypt-file",
            "Decrypts a file. Nothing is left at OUT if any byte of it was changed.",
            """
            strongroom decrypt-file --encryption-context tenant=a report.pdf.enc report.pdf""",
            List.of(
                Parameter.optional(
                    "--key-id", "<key>", "The KMS key that it must be encrypted under."),
                Parameter.optional(
                    ENCRYPTION_CONTEXT.name(),
                    ENCRYPTION_CONTEXT.label(),
                    "The pairs that it must have, all and no others; any if left out."),
                Parameter.optional(
                    Recipients.OPTION,
                    "<list>",
                    "Read it with a break-glass key alone, without any KMS:"
                        + " rsa:company/vault=private.pem, aes:company/vault=key.bin."),
                FileTransform.FORCE,
                FileTransform.IN,
                FileTransform.OUT),
            FileCommands::decrypt));
  }

  private static Answer encrypt(Call call) throws IOException {
    KeyRef key = call.key(KEY_ID.name());
    Recipients more = Recipients.of(call);
    Envelopes.Recipients recipients = new Envelopes.Recipients(key, more.keys(), more.keyrings());
    EnvelopeOptions plain = options(call.context(ENCRYPTION_CONTEXT.name()));
    EnvelopeOptions options = call.arguments().has("--signed") ? plain.signed() : plain;
    new FileTransform(call, false)
        .run(
            (in, out) ->
                call.kms().envelopes().encrypt(call.caller(), recipients, options, in, out));
    return Answer.none();
  }

  private static EnvelopeOptions options(EncryptionContext context) {
    try {
      return EnvelopeOptions.of(context);
    } catch (IllegalArgumentException e) {
      throw UsageError.of(ENCRYPTION_CONTEXT.name(), String.valueOf(e.getMessage()));
    }
  }

  private static Answer decrypt(Call call) throws IOException {
    Optional<KeyRef> key = call.keyIfGiven(KEY_ID.name());
    Recipients with = Recipients.of(call);
    Optional<EncryptionContext> context =
        call.arguments().has(ENCRYPTION_CONTEXT.name())
            ? Optional.of(call.context(ENCRYPTION_CONTEXT.name()))
            : Optional.empty();
    Envelopes.Expectations expected = new Envelopes.Expectations(key, context, with.keyrings());
    if (with.keyrings().isEmpty()) {
      decryptInKms(call, expected);
    } else {
      requireNoKmsKey(key.isPresent() || !with.keys().isEmpty());
      new FileTransform(call, true)
          .run((in, out) -> Envelopes.decryptWithoutKms(expected, in, out));
    }
    return Answer.none();
  }

  private static void decryptInKms(Call call, Envelopes.Expectations expected) throws IOException {
    new FileTransform(call, true)
        .run((in, out) -> call.kms().envelopes().decrypt(call.caller(), expected, in, out));
  }

  private static void requireNoKmsKey(boolean named) {
    if (named) {
      throw UsageError.of(
          Recipients.OPTION,
          "a break-glass key reads the file alone; leave --key-id and KMS keys out.");
    }
  }
}
