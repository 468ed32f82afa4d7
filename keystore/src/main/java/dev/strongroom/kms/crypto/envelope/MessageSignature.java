// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.crypto.JdkEngines;
import dev.strongroom.kms.crypto.SystemRandom;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;

/**
 * ECDSA with P-384 and SHA-384 over a whole message, from its first byte to the end of its body.
 * The footer is {@code length u16 | signature}, DER as in RFC 3279 §2.2.3; exactly one encoding of
 * a signature is taken. One object signs or verifies one message.
 *
 * <p>Source: AWS Encryption SDK Specification, data-format/message-footer. Bouncy Castle's
 * lightweight API, which is several times faster than the JDK here and reads compressed points.
 */
final class MessageSignature {

  /** Most bytes of a footer: a sequence of two integers of 48 bytes, each with a sign byte. */
  static final int MAX_FOOTER_BYTES = Short.BYTES + 2 + 2 * (2 + 1 + 48);

  private static final int COMPRESSED_POINT_BYTES = 1 + 48;
  private static final ECDomainParameters P384 =
      new ECDomainParameters(CustomNamedCurves.getByName("P-384"));

  private final MessageDigest digest = sha384();
  private final CipherParameters key;
  private final String publicKey;

  private MessageSignature(CipherParameters key, String publicKey) {
    this.key = key;
    this.publicKey = publicKey;
  }

  private static MessageDigest sha384() {
    try {
      return JdkEngines.sha384();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("Every JDK has SHA-384 in its provider SUN", e);
    }
  }

  /** Returns a signer with a key pair of its own, which nobody else ever sees. */
  static MessageSignature signing() {
    SecureRandom random = SystemRandom.direct();
    ECKeyPairGenerator generator = new ECKeyPairGenerator();
    generator.init(new ECKeyGenerationParameters(P384, random));
    AsymmetricCipherKeyPair pair = generator.generateKeyPair();
    byte[] point = ((ECPublicKeyParameters) pair.getPublic()).getQ().getEncoded(true);
    ParametersWithRandom key = new ParametersWithRandom(pair.getPrivate(), random);
    return new MessageSignature(key, Base64.getEncoder().encodeToString(point));
  }

  /**
   * Returns a verifier.
   *
   * @param publicKey as in {@link #publicKey}
   * @throws KmsException.InvalidCiphertext if that is no public key
   */
  static MessageSignature verifying(String publicKey) {
    try {
      byte[] point = Base64.getDecoder().decode(publicKey);
      if (point.length == COMPRESSED_POINT_BYTES) {
        return new MessageSignature(
            new ECPublicKeyParameters(P384.getCurve().decodePoint(point), P384), publicKey);
      }
    } catch (IllegalArgumentException notOnTheCurve) {
      throw new KmsException.InvalidCiphertext();
    }
    throw new KmsException.InvalidCiphertext();
  }

  /** Returns Base64 of the compressed point (SEC 1 §2.3.3), as it stands in the context. */
  String publicKey() {
    return publicKey;
  }

  /** Takes what remains in {@code bytes}; its position stays. */
  void update(ByteBuffer bytes) {
    digest.update(bytes.duplicate());
  }

  /** Returns the footer. */
  byte[] sign() {
    ECDSASigner signer = new ECDSASigner();
    signer.init(true, key);
    BigInteger[] rs = signer.generateSignature(digest.digest());
    byte[] der = encode(rs);
    return ByteBuffer.allocate(2 + der.length).putShort((short) der.length).put(der).array();
  }

  /**
   * Checks the footer, which is what remains in the buffer.
   *
   * @throws KmsException.InvalidCiphertext if the signature isn't that of this message
   */
  void verify(ByteBuffer footer) {
    if (footer.remaining() < Short.BYTES) {
      throw new KmsException.InvalidCiphertext();
    }
    int length = Short.toUnsignedInt(footer.getShort());
    byte[] der = new byte[footer.remaining()];
    footer.get(der);
    if (length != der.length || !isSignature(der, digest.digest())) {
      throw new KmsException.InvalidCiphertext();
    }
  }

  private boolean isSignature(byte[] der, byte[] hash) {
    try {
      ByteBuffer in = ByteBuffer.wrap(der).position(Math.min(2, der.length));
      BigInteger[] rs = {integer(in), integer(in)};
      ECDSASigner verifier = new ECDSASigner();
      verifier.init(false, key);
      return MessageDigest.isEqual(encode(rs), der) && verifier.verifySignature(hash, rs[0], rs[1]);
    } catch (IllegalArgumentException notDer) {
      return false;
    }
  }

  // Only lengths are looked at: that everything else is right, too, shows when it is encoded again.
  // Lengths that take more than a byte don't occur with P-384.
  private static BigInteger integer(ByteBuffer in) {
    if (in.remaining() < 2) {
      throw new IllegalArgumentException("No room for an INTEGER");
    }
    int length = in.position(in.position() + 1).get();
    if (length < 1 || length > in.remaining()) {
      throw new IllegalArgumentException("Not the length of an INTEGER here");
    }
    byte[] value = new byte[length];
    in.get(value);
    return new BigInteger(value);
  }

  private static byte[] encode(BigInteger[] rs) {
    try {
      return StandardDSAEncoding.INSTANCE.encode(P384.getN(), rs[0], rs[1]);
    } catch (IOException e) {
      throw new AssertionError("Encoding two integers does no I/O", e);
    }
  }
}
