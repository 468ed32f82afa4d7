// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.cms;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.conformance.fixture.Cmks;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.PrivateKey;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.spec.MGF1ParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSEnvelopedData;
import org.bouncycastle.cms.CMSEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.RecipientInformation;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientInfoGenerator;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * CMS EnvelopedData (RFC 5652 §6) with the content key under RSA-OAEP (RFC 3560), or PKCS#1 v1.5.
 */
class EncryptedMessagesTest {
  private static final BouncyCastleProvider BC = new BouncyCastleProvider();
  private static final byte[] MESSAGE = "Größe µ".repeat(1000).getBytes(StandardCharsets.UTF_8);

  @ParameterizedTest
  @CsvSource({
    "SOFTWARE, SHA-256, SHA-256",
    "SOFTWARE, SHA-256, SHA-1",
    "SOFTWARE, SHA-1, SHA-1",
    "SOFTWARE, SHA-384, SHA-384",
    "SOFTWARE, SHA-512, SHA-512",
    "HSM, SHA-256, SHA-256"
  })
  void rsaKeysOpenMessagesWithOaep(Cmks cmks, String hash, String mgfHash) throws Exception {
    byte[] encoded = enveloped(cmks.decrypting().publicKey(), hash, mgfHash);

    JceKeyTransEnvelopedRecipient recipient = new JceKeyTransEnvelopedRecipient(cmks.decrypting());
    recipient.setProvider(cmks.provider());
    recipient.setContentProvider(BC);
    assertArrayEquals(MESSAGE, opened(encoded, recipient));

    Cmks.install();
    try {
      assertArrayEquals(
          MESSAGE, opened(encoded, new JceKeyTransEnvelopedRecipient(cmks.decrypting())));
    } finally {
      Cmks.uninstall();
    }
  }

  @ParameterizedTest
  @CsvSource({"SOFTWARE", "HSM"})
  void messagesForOthersAreRefused(Cmks cmks) throws Exception {
    PrivateKey other = cmks.decrypting();
    byte[] encoded = enveloped(cmks.rsa().publicKey(), "SHA-256", "SHA-256");
    JceKeyTransEnvelopedRecipient recipient = new JceKeyTransEnvelopedRecipient(other);
    recipient.setProvider(cmks.provider());
    recipient.setContentProvider(BC);
    assertThrows(CMSException.class, () -> opened(encoded, recipient));
  }

  @ParameterizedTest
  @CsvSource({"SOFTWARE", "HSM"})
  void rsaKeysThatMayOpenMessagesWithPkcs1(Cmks cmks) throws Exception {
    AlgorithmIdentifier pkcs1 =
        new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
    byte[] encoded = enveloped(cmks.legacy().publicKey(), pkcs1);

    JceKeyTransEnvelopedRecipient recipient = new JceKeyTransEnvelopedRecipient(cmks.legacy());
    recipient.setProvider(cmks.provider());
    recipient.setContentProvider(BC);
    assertArrayEquals(MESSAGE, opened(encoded, recipient));

    Cmks.install();
    try {
      assertArrayEquals(MESSAGE, opened(encoded, new JceKeyTransEnvelopedRecipient(cmks.legacy())));
      byte[] forOther = enveloped(cmks.decrypting().publicKey(), pkcs1);
      assertThrows(
          ProviderException.class,
          () -> opened(forOther, new JceKeyTransEnvelopedRecipient(cmks.decrypting())),
          "a key for which it was not allowed");
    } finally {
      Cmks.uninstall();
    }
  }

  private static byte[] enveloped(PublicKey publicKey, String hash, String mgfHash)
      throws Exception {
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("OAEP");
    parameters.init(
        new OAEPParameterSpec(
            hash, "MGF1", new MGF1ParameterSpec(mgfHash), PSource.PSpecified.DEFAULT));
    AlgorithmIdentifier oaep =
        new AlgorithmIdentifier(
            PKCSObjectIdentifiers.id_RSAES_OAEP,
            ASN1Primitive.fromByteArray(parameters.getEncoded()));
    return enveloped(publicKey, oaep);
  }

  private static byte[] enveloped(PublicKey publicKey, AlgorithmIdentifier transport)
      throws Exception {
    CMSEnvelopedDataGenerator generator = new CMSEnvelopedDataGenerator();
    generator.addRecipientInfoGenerator(
        new JceKeyTransRecipientInfoGenerator(new byte[] {1, 2, 3}, transport, publicKey)
            .setProvider(BC));
    return generator
        .generate(
            new CMSProcessableByteArray(MESSAGE),
            new JceCMSContentEncryptorBuilder(CMSAlgorithm.AES256_CBC).setProvider(BC).build())
        .getEncoded();
  }

  private static byte[] opened(byte[] encoded, JceKeyTransEnvelopedRecipient recipient)
      throws Exception {
    RecipientInformation information =
        new CMSEnvelopedData(encoded).getRecipientInfos().iterator().next();
    return information.getContent(recipient);
  }
}
