// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Signs with a key of the tests, and remembers what it was given to witness. */
final class TestNotary implements Notary {
  static final TestNotary INSTANCE = new TestNotary();
  static final List<PublicKey> KEYS = INSTANCE.publicKeys();

  final Map<UUID, String> newest = new ConcurrentHashMap<>();

  /** The same in every process of a test. */
  private static final String PRIVATE_KEY =
      "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgrHdJjPKx/Btlf9YOba6msPcvsXbU"
          + "xcbsA0O9inOO5vKhRANCAAScs6+rkioU89BFnp+1CQOMZoU2ihKmbjbNzFqLZBk7XDe17dHwfMfY"
          + "dnayQ1Qab6el9eX0xhxO3DkZ9+9sYdX2";

  private static final String PUBLIC_KEY =
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEnLOvq5IqFPPQRZ6ftQkDjGaFNooSpm42zcxai2QZ"
          + "O1w3te3R8HzH2HZ2skNUGm+npfXl9MYcTtw5GffvbGHV9g==";

  private final KeyPair pair;

  private TestNotary() {
    this(fixed());
  }

  /** A notary with a key of its own. */
  TestNotary(KeyPair pair) {
    this.pair = pair;
  }

  private static KeyPair fixed() {
    try {
      KeyFactory keys = KeyFactory.getInstance("EC");
      return new KeyPair(
          keys.generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(PUBLIC_KEY))),
          keys.generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(PRIVATE_KEY))));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public String name() {
    return "strongroom/test";
  }

  @Override
  public List<PublicKey> publicKeys() {
    return List.of(pair.getPublic());
  }

  @Override
  public byte[] sign(byte[] hash) {
    try {
      Signature signature = Signature.getInstance("NONEwithECDSA");
      signature.initSign(pair.getPrivate());
      signature.update(hash);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public List<String> facts() {
    return List.of("assurance test");
  }

  @Override
  public void publish(UUID stream, String note) {
    newest.put(stream, note);
  }

  @Override
  public Optional<String> published(UUID stream) {
    return Optional.ofNullable(newest.get(stream));
  }
}
