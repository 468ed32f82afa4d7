// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.WrappingAlgorithm;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/** Somebody with key material of his own, which he wraps with what every JDK has. */
final class Importer {
  private final Kms kms;
  private final Caller caller;

  Importer(Kms kms, Caller caller) {
    this.kms = kms;
    this.caller = caller;
  }

  /** Brings material that is to stay; returns its id. */
  String bring(KeyRef key, byte[] material) {
    return bring(key, material, request -> request);
  }

  String bring(KeyRef key, byte[] material, UnaryOperator<ImportKeyMaterialRequest> more) {
    return kms.importKeyMaterial(caller, more.apply(request(key, material))).keyMaterialId();
  }

  ImportKeyMaterialRequest request(KeyRef key, byte[] material) {
    return request(key, material, WrappingAlgorithm.RSA_AES_KEY_WRAP_SHA_256, CmkSpec.RSA_2048);
  }

  ImportKeyMaterialRequest request(
      KeyRef key, byte[] material, WrappingAlgorithm algorithm, CmkSpec wrappingSpec) {
    GetParametersForImportResult parameters =
        kms.getParametersForImport(caller, key, algorithm, wrappingSpec);
    return ImportKeyMaterialRequest.of(
        key, parameters.importToken(), wrapped(algorithm, parameters.publicKey(), material));
  }

  static byte[] wrapped(WrappingAlgorithm algorithm, byte[] publicKey, byte[] material) {
    try {
      PublicKey key =
          KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(publicKey));
      if (algorithm.name().startsWith("RSAES_OAEP")) {
        return oaep(algorithm, key, material);
      }
      KeyGenerator generator = KeyGenerator.getInstance("AES");
      generator.init(256);
      SecretKey aes = generator.generateKey();
      Cipher kwp = Cipher.getInstance("AES/KWP/NoPadding");
      kwp.init(Cipher.ENCRYPT_MODE, aes);
      byte[] inner = kwp.doFinal(material);
      byte[] outer = oaep(algorithm, key, aes.getEncoded());
      byte[] both = Arrays.copyOf(outer, outer.length + inner.length);
      System.arraycopy(inner, 0, both, outer.length, inner.length);
      return both;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] oaep(WrappingAlgorithm algorithm, PublicKey key, byte[] plaintext)
      throws GeneralSecurityException {
    String hash = algorithm.name().endsWith("SHA_1") ? "SHA-1" : "SHA-256";
    Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        key,
        new OAEPParameterSpec(
            hash, "MGF1", new MGF1ParameterSpec(hash), PSource.PSpecified.DEFAULT));
    return cipher.doFinal(plaintext);
  }
}
