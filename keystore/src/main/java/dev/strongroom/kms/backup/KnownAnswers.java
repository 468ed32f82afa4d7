// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.backup;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.crypto.BlobOpener;
import dev.strongroom.kms.crypto.BlobSealer;
import dev.strongroom.kms.crypto.CiphertextBlob;
import dev.strongroom.kms.crypto.RandomBytes;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.KeyMaterialId;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.key.backing.BackingKeys;
import dev.strongroom.kms.metrics.SubkeyCounters;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What keys of a backup made when it was made, so that whoever restores it can tell that they still
 * open it: a ciphertext of each symmetric one, a MAC of each HMAC key. Of other keys, the token is
 * opened.
 */
public final class KnownAnswers {

  /** Keys of a backup that have one, at most; spread evenly over all of them. */
  public static final int SAMPLE = 200;

  private static final byte[] MESSAGE =
      "strongroom known answer".getBytes(StandardCharsets.US_ASCII);
  private static final EncryptionContext CONTEXT = EncryptionContext.of(Map.of("backup", "drill"));
  private static final int MOST_BYTES = 1 << 16;

  private final BackingKeys backingKeys;
  private final RandomBytes random;

  public KnownAnswers(BackingKeys backingKeys, RandomBytes random) {
    this.backingKeys = backingKeys;
    this.random = random;
  }

  /** What one generation of a key made; empty where keys of its kind make nothing. */
  public static final class Answer {
    private final KeyId key;
    private final KeyMaterialId materialId;
    private final byte[] bytes;

    private Answer(KeyId key, KeyMaterialId materialId, byte[] bytes) {
      this.key = key;
      this.materialId = materialId;
      this.bytes = bytes;
    }

    public KeyId key() {
      return key;
    }
  }

  /** Returns which of so many keys have an answer, by position. */
  public static List<Integer> sample(int keys) {
    List<Integer> chosen = new ArrayList<>();
    int count = Math.min(keys, SAMPLE);
    for (int i = 0; i < count; i++) {
      chosen.add((int) ((long) i * keys / count));
    }
    return chosen;
  }

  /** Makes one of each generation that has its material. */
  public List<Answer> make(KmsKey key) {
    List<Answer> answers = new ArrayList<>();
    for (Generation generation : key.generations()) {
      if (generation.isUsable()) {
        answers.add(new Answer(key.keyId(), generation.materialId(), answer(key, generation)));
      }
    }
    return answers;
  }

  private byte[] answer(KmsKey key, Generation generation) {
    return switch (key.spec().type()) {
      case SYMMETRIC ->
          new BlobSealer(
                  key.keyId(),
                  generation.materialId(),
                  () -> backingKeys.open(key, generation),
                  random,
                  System::nanoTime,
                  new SubkeyCounters())
              .sealOnce(MESSAGE, CONTEXT);
      case HMAC -> backingKeys.open(key, generation).hmac("SHA-256", MESSAGE);
      default -> {
        backingKeys.open(key, generation);
        yield new byte[0];
      }
    };
  }

  /**
   * Opens one.
   *
   * @param key as it was restored
   * @throws KmsException if it does not open, or the key has no such generation
   */
  public void check(KmsKey key, Answer answer) {
    Generation generation =
        key.generation(answer.materialId).orElseThrow(KmsException.InvalidCiphertext::new);
    boolean isRight =
        switch (key.spec().type()) {
          case SYMMETRIC ->
              MessageDigest.isEqual(
                  MESSAGE,
                  new BlobOpener(
                          () -> backingKeys.open(key, generation),
                          System::nanoTime,
                          new SubkeyCounters())
                      .openOnce(CiphertextBlob.parse(answer.bytes), CONTEXT));
          case HMAC -> MessageDigest.isEqual(answer.bytes, answer(key, generation));
          default -> answer(key, generation).length == answer.bytes.length;
        };
    if (!isRight) {
      throw new KmsException.InvalidCiphertext();
    }
  }

  /** Writes them; {@link #read} reads them. */
  public static void write(List<Answer> answers, DataOutputStream out) throws IOException {
    out.writeInt(answers.size());
    for (Answer answer : answers) {
      out.writeUTF(answer.key.text());
      out.write(answer.materialId.toBytes());
      out.writeShort(answer.bytes.length);
      out.write(answer.bytes);
    }
  }

  public static List<Answer> read(DataInputStream in) throws IOException {
    List<Answer> answers = new ArrayList<>();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      KeyId key = KeyId.parse(in.readUTF());
      byte[] material = new byte[KeyMaterialId.BYTES];
      in.readFully(material);
      byte[] bytes = new byte[Math.min(MOST_BYTES, in.readUnsignedShort())];
      in.readFully(bytes);
      answers.add(new Answer(key, new KeyMaterialId(material), bytes));
    }
    return answers;
  }
}
