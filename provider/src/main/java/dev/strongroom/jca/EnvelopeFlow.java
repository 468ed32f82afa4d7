// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KmsSecretKey;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.crypto.envelope.EnvelopeReader;
import dev.strongroom.kms.crypto.envelope.EnvelopeWriter;
import dev.strongroom.kms.service.Envelopes.Expectations;
import dev.strongroom.kms.service.Envelopes.Recipients;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** One message on its way through a cipher, in either direction. */
interface EnvelopeFlow {

  void update(byte[] source, int offset, int count, OutputStream out) throws IOException;

  void finish(OutputStream out) throws IOException;

  /** Returns the most that will still be written for so much more input. */
  long outputSize(long moreBytes);

  void close();

  /** Begins a message: one recorded GenerateDataKey. */
  static EnvelopeFlow sealing(KmsSecretKey key, EnvelopeSpec spec) {
    Recipients recipients = new Recipients(key.arn(), spec.moreKeys(), spec.keyrings());
    return new Sealing(key.kms().envelopes().writer(key.caller(), recipients, spec.options()));
  }

  /**
   * Begins to read a message.
   *
   * @param anyContext take the message's encryption context, whatever it is
   */
  static EnvelopeFlow opening(KmsSecretKey key, EnvelopeSpec spec, boolean anyContext) {
    Optional<EncryptionContext> context =
        anyContext ? Optional.empty() : Optional.of(spec.options().context());
    Expectations expectations =
        new Expectations(Optional.of(key.arn().keyId()), context, spec.keyrings());
    return new Opening(key.kms().envelopes().reader(key.caller(), expectations));
  }

  /** Plaintext in, message out. */
  record Sealing(EnvelopeWriter writer) implements EnvelopeFlow {
    @Override
    public void update(byte[] source, int offset, int count, OutputStream out) throws IOException {
      writer.update(source, offset, count, out);
    }

    @Override
    public void finish(OutputStream out) throws IOException {
      writer.finish(out);
    }

    @Override
    public long outputSize(long moreBytes) {
      return writer.outputSize(moreBytes);
    }

    @Override
    public void close() {
      writer.close();
    }
  }

  /** Message in, plaintext out. */
  record Opening(EnvelopeReader reader) implements EnvelopeFlow {
    @Override
    public void update(byte[] source, int offset, int count, OutputStream out) throws IOException {
      reader.update(source, offset, count, out);
    }

    @Override
    public void finish(OutputStream out) throws IOException {
      reader.finish(out);
    }

    @Override
    public long outputSize(long moreBytes) {
      return reader.outputSize(moreBytes);
    }

    @Override
    public void close() {
      reader.close();
    }
  }
}
