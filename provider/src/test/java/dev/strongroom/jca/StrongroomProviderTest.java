// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.keystore.KmsKeyHandle;
import dev.strongroom.keystore.KmsSecretKey;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.service.Kms;
import dev.strongroom.kms.service.NewAccessKey;
import java.io.ByteArrayOutputStream;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.InvalidParameterException;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StrongroomProviderTest {
  @TempDir private Path folder;

  private static CallbackHandler answering(String password) {
    return callbacks -> ((PasswordCallback) callbacks[0]).setPassword(password.toCharArray());
  }

  private static String accessKeyOf(StrongroomProvider provider, String user) {
    provider.kms().iam().createUser(provider.caller(), user, null);
    NewAccessKey key = provider.kms().iam().createAccessKey(provider.caller(), user);
    return key.accessKeyId() + ":" + String.valueOf(key.secret());
  }

  private Path settings(String lines) throws Exception {
    return Files.writeString(folder.resolve("strongroom.properties"), lines);
  }

  @Test
  void constructingReadsAndOpensNothing() {
    Path home = folder.resolve("never");
    System.setProperty("strongroom.home", home.toString());
    System.setProperty("strongroom.config", folder.resolve("missing").toString());
    try {
      StrongroomProvider provider = new StrongroomProvider();
      provider.getServices();
      assertFalse(Files.exists(home));
      assertThrows(KmsException.Configuration.class, provider::kms);
    } finally {
      System.clearProperty("strongroom.home");
      System.clearProperty("strongroom.config");
    }
  }

  @Test
  void keyStoreHasTheNameOfTokensOnlyWhereThatIsAskedFor() throws Exception {
    assertNull(new StrongroomProvider().getService("KeyStore", "PKCS11"));
    System.setProperty(StrongroomProvider.PKCS11_ALIAS, "true");
    try (StrongroomProvider provider = StrongroomProvider.temporary()) {
      KeyStore keys = KeyStore.getInstance("PKCS11", provider);
      keys.load(null, null);
      assertEquals(0, keys.size());
    } finally {
      System.clearProperty(StrongroomProvider.PKCS11_ALIAS);
    }
  }

  @Test
  void everyServiceIsForTheHandleThatItNames() throws Exception {
    StrongroomProvider provider = new StrongroomProvider();
    for (Provider.Service service : provider.getServices()) {
      String classes = service.getAttribute("SupportedKeyClasses");
      if (classes != null) {
        String handle = classes.replaceFirst("\\|.*", "");
        assertTrue(KmsKeyHandle.class.isAssignableFrom(Class.forName(handle)), handle);
      }
    }
  }

  @Test
  void configureGivesANewProviderNamedByItsSettings() throws Exception {
    StrongroomProvider bare = new StrongroomProvider();
    Provider plain = bare.configure(settings("").toString());
    assertNotSame(bare, plain);
    assertEquals("Strongroom", plain.getName());
    assertEquals("Strongroom-blue", bare.configure(settings("name=blue").toString()).getName());
    assertTrue(bare.isConfigured());
  }

  @Test
  void settingsThatCannotBeReadAreAnInvalidParameter() throws Exception {
    StrongroomProvider bare = new StrongroomProvider();
    String missing = folder.resolve("missing").toString();
    InvalidParameterException refused =
        assertThrows(InvalidParameterException.class, () -> bare.configure(missing));
    assertInstanceOf(KmsException.class, refused.getCause());
    String wrong = settings("nonsense=1").toString();
    assertThrows(InvalidParameterException.class, () -> bare.configure(wrong));
    assertThrows(InvalidParameterException.class, () -> bare.configure("\0"));
  }

  @Test
  void providersOfTheSameSettingsShareOneKms() throws Exception {
    String file = settings("").toString();
    StrongroomProvider one = (StrongroomProvider) new StrongroomProvider().configure(file);
    StrongroomProvider two = (StrongroomProvider) new StrongroomProvider().configure(file);
    Kms shared = one.kms();
    assertSame(shared, two.kms());

    one.close();
    assertEquals(two.caller().accountId(), shared.place().account());
    assertTrue(two.kms().health().findings().size() > 0);
    two.close();
    assertThrows(IllegalStateException.class, shared::health);
  }

  @Test
  void afterCloseUseIsAnIllegalState() throws Exception {
    Room room = new Room();
    KmsSecretKey cmk = room.symmetric("app");
    Cipher cipher = Cipher.getInstance("Kms", room.provider);
    cipher.init(Cipher.ENCRYPT_MODE, cmk);
    room.close();
    room.close();

    assertThrows(IllegalStateException.class, () -> cipher.doFinal(new byte[1]));
    assertThrows(IllegalStateException.class, room.provider::kms);
    assertThrows(IllegalStateException.class, room.provider::caller);
    KeyStore keyStore = KeyStore.getInstance("KMS", room.provider);
    assertThrows(IllegalStateException.class, () -> keyStore.load(null, null));
    KeyGenerator generator = KeyGenerator.getInstance("KmsDataKey", room.provider);
    generator.init(DataKeySpec.aes256("app", Map.of()));
    assertThrows(IllegalStateException.class, generator::generateKey);
    SecureRandom random = SecureRandom.getInstance("KmsRandom", room.provider);
    assertThrows(IllegalStateException.class, () -> random.nextBytes(new byte[1]));
  }

  @Test
  void loginDecidesWhoCallsUntilLogout() throws Exception {
    try (Room room = new Room()) {
      String settings = room.provider.caller().arn();
      room.provider.login(null, answering(accessKeyOf(room.provider, "alice")));
      assertTrue(room.provider.caller().arn().endsWith(":user/alice"));

      room.provider.login(null, answering("already:in"));
      room.provider.logout();
      assertEquals(settings, room.provider.caller().arn());
    }
  }

  @Test
  void theHandlerThatWasSetIsAskedWhereNoneIsGiven() throws Exception {
    try (Room room = new Room()) {
      assertThrows(LoginException.class, () -> room.provider.login(null, null));
      room.provider.setCallbackHandler(answering(accessKeyOf(room.provider, "bob")));
      room.provider.login(null, null);
      assertTrue(room.provider.caller().arn().endsWith(":user/bob"));
    }
  }

  @Test
  void aWrongAccessKeyIsAFailedLogin() throws Exception {
    try (Room room = new Room()) {
      for (String wrong : List.of("AKID:wrong", "nocolon", "")) {
        assertThrows(FailedLoginException.class, () -> room.provider.login(null, answering(wrong)));
      }
    }
  }

  @Test
  void anyInstanceServesAnyHandle() throws Exception {
    try (Room room = new Room();
        Room other = new Room()) {
      KmsSecretKey cmk = room.symmetric("app");
      Cipher cipher = Cipher.getInstance("Kms", other.provider);
      cipher.init(Cipher.ENCRYPT_MODE, cmk);
      byte[] blob = cipher.doFinal(new byte[10]);
      Cipher reader = Cipher.getInstance("Kms", room.provider);
      reader.init(Cipher.DECRYPT_MODE, cmk);
      assertEquals(10, reader.doFinal(blob).length);
    }
  }

  @Test
  void aKeyOfAnotherClassLoaderIsRefusedSayingSo() throws Exception {
    try (Room room = new Room()) {
      Object foreign = OtherLoader.instance("dev.strongroom.jca.EncryptionContextSpec", Map.of());
      Cipher cipher = Cipher.getInstance("Kms", room.provider);
      Exception refused =
          assertThrows(
              java.security.InvalidAlgorithmParameterException.class,
              () ->
                  cipher.init(
                      Cipher.ENCRYPT_MODE,
                      room.symmetric("app"),
                      (java.security.spec.AlgorithmParameterSpec) foreign));
      Room.assertSays("another class loader", refused);
    }
  }

  @Test
  void standardNamesTakeOurKeysOnly() {
    for (Provider.Service service : new StrongroomProvider().getServices()) {
      String classes = service.getAttribute("SupportedKeyClasses");
      boolean keyed =
          Set.of("Cipher", "Signature", "Mac", "KeyAgreement", "KEM").contains(service.getType());
      assertEquals(keyed, classes != null, service.toString());
      assertNull(service.getAttribute("SupportedKeyFormats"));
      if (classes != null) {
        assertTrue(
            Set.of(classes.split("\\|")).stream()
                .allMatch(name -> name.startsWith("dev.strongroom.keystore.")),
            classes);
      }
    }
  }

  /** JCA would go on silently with a software key where a generic generator of ours fails. */
  @Test
  void generatorsAndTlsHaveNoGenericNames() {
    Set<String> types =
        new StrongroomProvider()
            .getServices().stream().map(Provider.Service::getType).collect(Collectors.toSet());
    types.remove("KEM"); // not on every JDK
    assertEquals(
        Set.of(
            "KeyStore",
            "KeyGenerator",
            "KeyPairGenerator",
            "Cipher",
            "Signature",
            "Mac",
            "KeyAgreement"),
        types);
    new StrongroomProvider()
        .getServices().stream()
            .filter(
                s -> Set.of("KeyStore", "KeyGenerator", "KeyPairGenerator").contains(s.getType()))
            .forEach(
                s ->
                    assertTrue(
                        s.getAlgorithm().toUpperCase(java.util.Locale.ROOT).startsWith("KMS")));
  }

  @Test
  void everyServiceMakesItsSpiWithoutReflectionOrAKms() throws Exception {
    for (Provider.Service service : new StrongroomProvider().getServices()) {
      Object spi = service.newInstance(null);
      if (service.getType().equals("KEM")) {
        assertTrue(Proxy.isProxyClass(spi.getClass()), "its SPI is an interface");
      } else {
        assertEquals(service.getClassName(), spi.getClass().getName());
      }
      assertThrows(InvalidParameterException.class, () -> service.newInstance("x"));
    }
  }

  @Test
  void randomIsServedWithoutBeingRegistered() throws Exception {
    StrongroomProvider provider = new StrongroomProvider();
    assertNotNull(provider.getService("SecureRandom", "kmsrandom"));
    assertNull(provider.getService("SecureRandom", "DRBG"));
    assertTrue(provider.getServices().stream().noneMatch(s -> s.getType().equals("SecureRandom")));
    assertThrows(
        NoSuchAlgorithmException.class, () -> SecureRandom.getInstance("SHA1PRNG", provider));
  }

  @Test
  void providersAreComparedByIdentityAndNotSerialized() throws Exception {
    StrongroomProvider provider = new StrongroomProvider();
    assertNotEquals(provider, new StrongroomProvider());
    assertEquals(provider, provider);
    ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream());
    assertThrows(NotSerializableException.class, () -> out.writeObject(provider));
  }

  @Test
  void assuranceNamesTheMode() {
    try (Room room = new Room()) {
      assertEquals(Kms.Assurance.IN_PROCESS_JVM_KEYS, room.provider.assurance());
    }
  }

  /** Tomcat skips its alias filter for providers whose info says FIPS. */
  @Test
  void theInfoStringDoesNotSayFips() {
    assertFalse(new StrongroomProvider().getInfo().contains("FIPS"));
  }

  @Test
  void aForeignKeyIsNamedInTheRefusal() throws Exception {
    try (Room room = new Room()) {
      Cipher cipher = Cipher.getInstance("Kms", room.provider);
      InvalidKeyException refused =
          assertThrows(
              InvalidKeyException.class,
              () ->
                  cipher.init(
                      Cipher.ENCRYPT_MODE,
                      new javax.crypto.spec.SecretKeySpec(new byte[16], "AES")));
      Room.assertSays("SecretKeySpec", refused);
    }
  }
}
