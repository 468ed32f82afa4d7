// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.cms;

import dev.strongroom.keystore.KmsEcPrivateKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.spec.X509EncodedKeySpec;
import javax.crypto.Cipher;
import javax.crypto.CipherInputStream;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.cms.ecc.ECCCMSSharedInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.KeyAgreeRecipient;
import org.bouncycastle.cms.RecipientOperator;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.KDF2BytesGenerator;
import org.bouncycastle.crypto.params.KDFParameters;
import org.bouncycastle.operator.InputDecryptor;

/**
 * Opens CMS messages for which an elliptic curve CMK agrees on a secret (RFC 5753): what users
 * write themselves, because Bouncy Castle asks JCA for agreement and key derivation in one.
 */
final class KmsKeyAgreeRecipient implements KeyAgreeRecipient {
  private static final int KEY_BYTES = 32;

  private final KmsEcPrivateKey key;
  private final Provider strongroom;

  KmsKeyAgreeRecipient(KmsEcPrivateKey key, Provider strongroom) {
    this.key = key;
    this.strongroom = strongroom;
  }

  @Override
  public AlgorithmIdentifier getPrivateKeyAlgorithmIdentifier() {
    return SubjectPublicKeyInfo.getInstance(key.publicKey().getEncoded()).getAlgorithm();
  }

  @Override
  public RecipientOperator getRecipientOperator(
      AlgorithmIdentifier agreement,
      AlgorithmIdentifier content,
      SubjectPublicKeyInfo sender,
      ASN1OctetString userKeyingMaterial,
      byte[] encryptedKey)
      throws CMSException {
    try {
      AlgorithmIdentifier wrap = AlgorithmIdentifier.getInstance(agreement.getParameters());
      byte[] info =
          new ECCCMSSharedInfo(
                  wrap,
                  userKeyingMaterial == null ? null : userKeyingMaterial.getOctets(),
                  ByteBuffer.allocate(Integer.BYTES).putInt(8 * KEY_BYTES).array())
              .getEncoded(ASN1Encoding.DER);
      Cipher unwrap = Cipher.getInstance("AESWrap");
      unwrap.init(Cipher.UNWRAP_MODE, new SecretKeySpec(derived(secret(sender), info), "AES"));
      Key contentKey = unwrap.unwrap(encryptedKey, "AES", Cipher.SECRET_KEY);
      return new RecipientOperator(decryptor(content, contentKey));
    } catch (GeneralSecurityException | IOException e) {
      throw new CMSException("The message does not open", e);
    }
  }

  private byte[] secret(SubjectPublicKeyInfo sender) throws GeneralSecurityException, IOException {
    KeyAgreement agreement = KeyAgreement.getInstance("ECDH", strongroom);
    agreement.init(key);
    agreement.doPhase(
        KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(sender.getEncoded())),
        true);
    return agreement.generateSecret();
  }

  /** The key derivation function of X9.63, which is KDF2 of ISO 18033. */
  private static byte[] derived(byte[] secret, byte[] info) {
    KDF2BytesGenerator generator = new KDF2BytesGenerator(new SHA256Digest());
    generator.init(new KDFParameters(secret, info));
    byte[] derived = new byte[KEY_BYTES];
    generator.generateBytes(derived, 0, derived.length);
    return derived;
  }

  private static InputDecryptor decryptor(AlgorithmIdentifier content, Key key)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
    byte[] iv = ASN1OctetString.getInstance(content.getParameters()).getOctets();
    cipher.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(iv));
    return new InputDecryptor() {
      @Override
      public AlgorithmIdentifier getAlgorithmIdentifier() {
        return content;
      }

      @Override
      public InputStream getInputStream(InputStream encrypted) {
        return new CipherInputStream(encrypted, cipher);
      }
    };
  }
}
