// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.export;

import dev.strongroom.kms.Sha256;
import dev.strongroom.kms.audit.Notary;
import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.json.JsonException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * A digest file as it lies in a folder, with its signature beside it in the names of S3's metadata.
 *
 * @param hash of the file before compression, in hex
 * @param signature DER, in hex
 */
record SignedDigest(Digest digest, String hash, String signature) {
  private static final String SIGNATURE = "x-amz-meta-signature";
  private static final String ALGORITHM = "x-amz-meta-signature-algorithm";
  private static final int MAX_BYTES = 64 << 20;
  private static final int MAX_METADATA_CHARS = 4096;

  /** Signs a digest and puts it into an export. */
  static void stage(ExportFolder folder, Digest digest, Notary notary) throws IOException {
    byte[] bytes = digest.toBytes();
    byte[] text = digest.signedText(Hex.sha256(bytes));
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put(SIGNATURE, Hex.of(notary.sign(Sha256.of(text))));
    metadata.put(ALGORITHM, Digest.SIGNATURE_ALGORITHM);
    folder.stage(zipped(bytes), digest.object());
    folder.stage(
        Json.write(metadata).getBytes(StandardCharsets.UTF_8), Names.signature(digest.object()));
  }

  private static byte[] zipped(byte[] bytes) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(zipped)) {
      out.write(bytes);
    }
    return zipped.toByteArray();
  }

  /**
   * Reads a digest and its signature; says nothing of whether it is genuine.
   *
   * @param object its path in the folder
   * @throws IOException if it cannot be read or is none
   */
  static SignedDigest read(ObjectFolder folder, String object) throws IOException {
    byte[] bytes;
    try (InputStream in = ZippedFile.open(folder.resolve(object))) {
      bytes = RegularFile.read(in, MAX_BYTES);
    }
    Digest digest =
        Digest.parse(bytes).orElseThrow(() -> new IOException(object + " is no digest file"));
    return new SignedDigest(digest, Hex.sha256(bytes), signature(folder, object));
  }

  private static String signature(ObjectFolder folder, String object) throws IOException {
    String text = RegularFile.read(folder.resolve(Names.signature(object)), MAX_METADATA_CHARS);
    try {
      if (Json.parse(text, MAX_METADATA_CHARS) instanceof Map<?, ?> metadata
          && metadata.get(SIGNATURE) instanceof String signature) {
        return signature;
      }
    } catch (JsonException e) {
      throw new IOException(Names.signature(object) + " is damaged", e);
    }
    throw new IOException(Names.signature(object) + " has no " + SIGNATURE);
  }

  /** Returns what the next digest says of this one. */
  Digest.Previous asPrevious() {
    return new Digest.Previous(digest.bucket(), digest.object(), hash, signature);
  }

  /** Returns whether that key made the signature. */
  boolean isSignedBy(PublicKey key) {
    try {
      Signature verifier = Signature.getInstance(Digest.SIGNATURE_ALGORITHM, "SunEC");
      verifier.initVerify(key);
      verifier.update(digest.signedText(hash));
      return verifier.verify(HexFormat.of().parseHex(signature));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false; // no signature at all, or a key of another kind: not signed by it
    }
  }
}
