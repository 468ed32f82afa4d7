// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** RSA keys in PEM files (RFC 7468): those of recipients of backups. */
final class PemKeys {

  private PemKeys() {}

  /** Returns the key of a {@code PUBLIC KEY}. */
  static PublicKey publicKey(Path file) {
    try {
      return KeyFactory.getInstance("RSA", "SunRsaSign")
          .generatePublic(new X509EncodedKeySpec(der(file, "PUBLIC KEY")));
    } catch (GeneralSecurityException e) {
      throw no(file, "RSA public key (BEGIN PUBLIC KEY)", e);
    }
  }

  /** Returns the key of a {@code PRIVATE KEY}, PKCS#8. */
  static PrivateKey privateKey(Path file) {
    byte[] der = der(file, "PRIVATE KEY");
    try {
      return KeyFactory.getInstance("RSA", "SunRsaSign")
          .generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (GeneralSecurityException e) {
      throw no(file, "RSA private key in PKCS#8 (BEGIN PRIVATE KEY)", e);
    } finally {
      Arrays.fill(der, (byte) 0);
    }
  }

  private static byte[] der(Path file, String label) {
    byte[] bytes = {};
    try {
      bytes = Files.readAllBytes(file);
      String text = new String(bytes, StandardCharsets.US_ASCII);
      String begin = "-----BEGIN " + label + "-----";
      int from = text.indexOf(begin);
      int to = text.indexOf("-----END " + label + "-----");
      if (from < 0 || to < from) {
        throw no(file, "'BEGIN " + label + "'", null);
      }
      return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
    } catch (IOException | IllegalArgumentException e) {
      throw no(file, "'BEGIN " + label + "' that can be read", e);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static KmsException no(Path file, String what, @Nullable Exception cause) {
    return new KmsException.Configuration(
        file + " holds no " + what + ". 'openssl pkey' converts other forms.", cause);
  }
}
