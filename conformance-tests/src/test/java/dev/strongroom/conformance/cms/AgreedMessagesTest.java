// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.cms;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.conformance.fixture.Cmks;
import dev.strongroom.kms.CmkSpec;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSEnvelopedData;
import org.bouncycastle.cms.CMSEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.RecipientInformation;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JceKeyAgreeRecipientInfoGenerator;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CMS EnvelopedData whose content key is under a secret that two keys agree on (RFC 5753). */
class AgreedMessagesTest {
  private static final BouncyCastleProvider BC = new BouncyCastleProvider();
  private static final byte[] MESSAGE = "Größe µ".repeat(1000).getBytes(StandardCharsets.UTF_8);

  @ParameterizedTest
  @CsvSource({
    "SOFTWARE, ECC_NIST_P256",
    "SOFTWARE, ECC_NIST_P384",
    "SOFTWARE, ECC_NIST_P521",
    "HSM, ECC_NIST_P256"
  })
  void curveKeysOpenMessages(Cmks cmks, CmkSpec spec) throws Exception {
    byte[] encoded = enveloped(cmks.agreeing(spec).publicKey());
    assertArrayEquals(MESSAGE, opened(encoded, cmks, spec));
  }

  @Test
  void messagesForOthersAreRefused() throws Exception {
    byte[] forOther = enveloped(Cmks.SOFTWARE.ec(CmkSpec.ECC_NIST_P256).publicKey());
    assertThrows(CMSException.class, () -> opened(forOther, Cmks.SOFTWARE, CmkSpec.ECC_NIST_P256));
  }

  private static byte[] enveloped(PublicKey publicKey) throws Exception {
    ECPublicKey recipient =
        (ECPublicKey)
            KeyFactory.getInstance("EC", BC)
                .generatePublic(new X509EncodedKeySpec(publicKey.getEncoded()));
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", BC);
    generator.initialize(recipient.getParams());
    KeyPair sender = generator.generateKeyPair();
    CMSEnvelopedDataGenerator message = new CMSEnvelopedDataGenerator();
    message.addRecipientInfoGenerator(
        new JceKeyAgreeRecipientInfoGenerator(
                CMSAlgorithm.ECDH_SHA256KDF,
                sender.getPrivate(),
                sender.getPublic(),
                CMSAlgorithm.AES256_WRAP)
            .addRecipient(new byte[] {1, 2, 3}, recipient)
            .setProvider(BC));
    return message
        .generate(
            new CMSProcessableByteArray(MESSAGE),
            new JceCMSContentEncryptorBuilder(CMSAlgorithm.AES256_CBC).setProvider(BC).build())
        .getEncoded();
  }

  private static byte[] opened(byte[] encoded, Cmks cmks, CmkSpec spec) throws Exception {
    RecipientInformation information =
        new CMSEnvelopedData(encoded).getRecipientInfos().iterator().next();
    return information.getContent(new KmsKeyAgreeRecipient(cmks.agreeing(spec), cmks.provider()));
  }
}
