// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.keystore.KmsKeyHandle;
import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyUsage;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.security.Key;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.NamedParameterSpec;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HandleTest {
  private static Room room;

  @BeforeAll
  static void open() {
    room = new Room();
    for (CmkSpec spec : CmkSpec.values()) {
      room.create(spec, usage(spec), spec.name());
    }
  }

  private static KeyUsage usage(CmkSpec spec) {
    return spec.defaultUsage().orElse(KeyUsage.SIGN_VERIFY);
  }

  @AfterAll
  static void close() {
    room.close();
  }

  private static KmsKeyHandle handle(CmkSpec spec) throws Exception {
    return (KmsKeyHandle) room.key(spec.name());
  }

  @ParameterizedTest
  @EnumSource
  void aHandleHasNoEncodingAndNoFormatAndDoesNotThrowWhenAsked(CmkSpec spec) throws Exception {
    Key key = handle(spec);
    assertNull(key.getEncoded());
    assertNull(key.getFormat());
    assertEquals(spec.jcaName(), key.getAlgorithm());
  }

  @ParameterizedTest
  @EnumSource
  void handlesAreEqualWhenTheirKeyIs(CmkSpec spec) throws Exception {
    KmsKeyHandle one = handle(spec);
    KmsKeyHandle two = KmsKeyHandle.of(one.kms(), one.caller(), one.metadata());
    assertEquals(one, two);
    assertEquals(one.hashCode(), two.hashCode());
    CmkSpec other = spec == CmkSpec.HMAC_256 ? CmkSpec.HMAC_384 : CmkSpec.HMAC_256;
    assertNotEquals(one, handle(other));
  }

  @ParameterizedTest
  @EnumSource
  void aHandleIsNotSerialized(CmkSpec spec) throws Exception {
    ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream());
    assertThrows(NotSerializableException.class, () -> out.writeObject(handle(spec)));
  }

  @ParameterizedTest
  @EnumSource
  void aDestroyedHandleIsOfNoUseAndItsKeyStays(CmkSpec spec) throws Exception {
    KmsKeyHandle key = handle(spec);
    key.destroy();
    assertTrue(key.isDestroyed());
    assertThrows(IllegalStateException.class, key::kms);
    assertThrows(IllegalStateException.class, key::caller);
    assertDoesNotThrow(key::toString);
    assertFalse(handle(spec).isDestroyed());
  }

  @ParameterizedTest
  @EnumSource
  void privateKeysTellPublicFactsOnly(CmkSpec spec) throws Exception {
    Key key = handle(spec);
    assertFalse(key instanceof RSAPrivateKey);
    assertFalse(key instanceof ECPrivateKey);
    assertFalse(key instanceof EdECPrivateKey);
    assertEquals(spec.isAsymmetric(), key instanceof PrivateKey);
    assertEquals(!spec.isAsymmetric(), key instanceof SecretKey);
  }

  @Test
  void privateKeysTellWhatJsseAsksFor() throws Exception {
    RSAKey rsa = (RSAKey) handle(CmkSpec.RSA_3072);
    assertEquals(3072, rsa.getModulus().bitLength());
    assertNull(rsa.getParams());
    ECKey ec = (ECKey) handle(CmkSpec.ECC_NIST_P384);
    assertEquals(384, ec.getParams().getOrder().bitLength());
    EdECKey ed = (EdECKey) handle(CmkSpec.ECC_NIST_EDWARDS25519);
    assertEquals(NamedParameterSpec.ED25519.getName(), ed.getParams().getName());
  }

  /** Java 22 and later inherit two defaults of getParams() where a class does not declare it. */
  @Test
  void everyPrivateKeyClassDeclaresGetParamsItself() {
    for (Class<?> type : KmsPrivateKey.class.getPermittedSubclasses()) {
      assertDoesNotThrow(() -> type.getDeclaredMethod("getParams"), type.getName());
    }
  }

  @Test
  void getParamsWorksThroughEveryInterface() throws Exception {
    for (CmkSpec spec : CmkSpec.values()) {
      Key key = handle(spec);
      if (key instanceof PrivateKey) {
        Object declared = key.getClass().getMethod("getParams").invoke(key);
        // PrivateKey has the method from JDK 22 on.
        for (Class<?> type : interfaces(key)) {
          for (var method : type.getMethods()) {
            if (method.getName().equals("getParams")) {
              assertEquals(name(declared), name(method.invoke(key)), spec + " " + type);
            }
          }
        }
      }
    }
  }

  private static List<Class<?>> interfaces(Key key) {
    return Stream.concat(Stream.of(key.getClass().getInterfaces()), Stream.of(PrivateKey.class))
        .toList();
  }

  private static @Nullable Object name(@Nullable Object parameters) {
    return parameters instanceof NamedParameterSpec named ? named.getName() : parameters;
  }

  @Test
  void publicKeysAreTheJdksOwn() throws Exception {
    PublicKey rsa = ((KmsPrivateKey) handle(CmkSpec.RSA_2048)).publicKey();
    PublicKey ec = ((KmsPrivateKey) handle(CmkSpec.ECC_NIST_P521)).publicKey();
    PublicKey ed = ((KmsPrivateKey) handle(CmkSpec.ECC_NIST_EDWARDS25519)).publicKey();
    for (PublicKey key : List.of(rsa, ec, ed)) {
      assertTrue(key.getClass().getName().startsWith("sun.security."), key.getClass().getName());
    }
    assertInstanceOf(RSAPublicKey.class, rsa);
    assertInstanceOf(
        ECPublicKey.class, ((KmsPrivateKey) handle(CmkSpec.ECC_SECG_P256K1)).publicKey());
  }

  @Test
  void privateKeysAreNamedAsTheirCertificatesKeys() throws Exception {
    for (CmkSpec spec :
        List.of(CmkSpec.RSA_2048, CmkSpec.ECC_NIST_P256, CmkSpec.ECC_NIST_EDWARDS25519)) {
      KmsPrivateKey key = (KmsPrivateKey) handle(spec);
      assertEquals(key.publicKey().getAlgorithm(), key.getAlgorithm());
    }
  }
}
