// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.crypto.envelope.keyring.Keyring;
import dev.strongroom.kms.crypto.envelope.keyring.RawAesKeyring;
import dev.strongroom.kms.crypto.envelope.keyring.RawRsaKeyring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.EncodedKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;

/**
 * Further readers of a file, separated by commas: KMS keys, and break-glass keys in files, {@code
 * rsa:company/vault=public.pem} or {@code aes:company/vault=key.bin}.
 *
 * @param keys KMS keys
 * @param keyrings break-glass keys
 */
record Recipients(List<KeyRef> keys, List<Keyring> keyrings) {
  static final String OPTION = "--recipient";

  private static final Pattern RAW = Pattern.compile("(rsa|aes):([^/=]+)/([^=]+)=(.+)");
  private static final RawRsaKeyring.Hash HASH = RawRsaKeyring.Hash.SHA_256;

  Recipients {
    keys = List.copyOf(keys);
    keyrings = List.copyOf(keyrings);
  }

  static Recipients of(Call call) throws IOException {
    List<KeyRef> keys = new ArrayList<>();
    List<Keyring> keyrings = new ArrayList<>();
    for (String text : call.arguments().find(OPTION).map(t -> t.split(",", -1)).orElse(NONE)) {
      Matcher raw = RAW.matcher(text);
      try {
        if (raw.matches()) {
          keyrings.add(keyring(raw));
        } else {
          keys.add(KeyRef.parse(text));
        }
      } catch (IllegalArgumentException e) {
        throw UsageError.of(
            OPTION,
            e.getMessage()
                + " Break-glass keys are written rsa:company/name=key.pem and"
                + " aes:company/name=key.bin.");
      }
    }
    return new Recipients(keys, keyrings);
  }

  private static final String[] NONE = {};

  private static Keyring keyring(Matcher raw) throws IOException {
    Path file = Path.of(raw.group(4));
    return raw.group(1).equals("rsa")
        ? rsa(raw.group(2), raw.group(3), file)
        : aes(raw.group(2), raw.group(3), file);
  }

  private static Keyring aes(String namespace, String name, Path file) throws IOException {
    byte[] key = Files.readAllBytes(file);
    try {
      if (key.length != 16 && key.length != 24 && key.length != 32) {
        throw new IllegalArgumentException(
            file + " has " + key.length + " bytes; an AES key has 16, 24 or 32.");
      }
      return RawAesKeyring.of(namespace, name, new SecretKeySpec(key, "AES"));
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /** A public key makes the file readable, a private one reads it. */
  private static Keyring rsa(String namespace, String name, Path file) throws IOException {
    byte[] text = Files.readAllBytes(file);
    try {
      List<Pem> found = Pem.all(text, Pem.PUBLIC_KEY, Pem.PRIVATE_KEY);
      if (found.isEmpty()) {
        throw new IllegalArgumentException(
            file
                + " holds no 'BEGIN PUBLIC KEY' and no 'BEGIN PRIVATE KEY' (PKCS#8). 'openssl"
                + " pkey' makes either.");
      }
      try {
        return rsa(namespace, name, found.get(0));
      } finally {
        found.forEach(pem -> Arrays.fill(pem.der(), (byte) 0));
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(file + " holds no RSA key.", e);
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  private static Keyring rsa(String namespace, String name, Pem pem)
      throws GeneralSecurityException {
    boolean isPublic = pem.label().equals(Pem.PUBLIC_KEY);
    KeyFactory keys = KeyFactory.getInstance("RSA", "SunRsaSign");
    EncodedKeySpec spec =
        isPublic ? new X509EncodedKeySpec(pem.der()) : new PKCS8EncodedKeySpec(pem.der());
    return isPublic
        ? RawRsaKeyring.wrapping(namespace, name, HASH, keys.generatePublic(spec))
        : RawRsaKeyring.unwrapping(namespace, name, HASH, keys.generatePrivate(spec));
  }
}
