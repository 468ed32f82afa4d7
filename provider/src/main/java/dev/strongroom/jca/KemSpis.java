// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.PostQuantumKeys;
import dev.strongroom.kms.KmsException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link KmsKem} what {@code javax.crypto.KEM} works with.
 *
 * <p>That class came with JDK 21 and with late updates of 17, and this one is compiled for any 17,
 * where {@code KEMSpi} may not exist and cannot be implemented. Its three SPI types are interfaces:
 * dynamic proxies implement them at run time, and two constructors ({@code KEM.Encapsulated},
 * {@code DecapsulateException}) are looked up once. A second compilation for 21 would need a
 * multi-release jar, which the one jar that is deployed cannot be. Where there is no KEM, {@link
 * #areThere} is false and no service is registered.
 */
final class KemSpis {
  private static final @Nullable KemSpis HERE = find();

  private final Class<?> kemSpi;
  private final Class<?> encapsulatorSpi;
  private final Class<?> decapsulatorSpi;
  private final Constructor<?> encapsulated;
  private final Constructor<?> decapsulateException;

  private KemSpis() throws ClassNotFoundException, NoSuchMethodException {
    kemSpi = Class.forName("javax.crypto.KEMSpi");
    encapsulatorSpi = Class.forName("javax.crypto.KEMSpi$EncapsulatorSpi");
    decapsulatorSpi = Class.forName("javax.crypto.KEMSpi$DecapsulatorSpi");
    encapsulated =
        Class.forName("javax.crypto.KEM$Encapsulated")
            .getConstructor(SecretKey.class, byte[].class, byte[].class);
    decapsulateException =
        Class.forName("javax.crypto.DecapsulateException")
            .getConstructor(String.class, Throwable.class);
  }

  private static @Nullable KemSpis find() {
    try {
      return new KemSpis();
    } catch (ClassNotFoundException | NoSuchMethodException tooOld) {
      return null;
    }
  }

  static boolean areThere() {
    return HERE != null;
  }

  /** Returns a {@code javax.crypto.KEMSpi}. */
  static Object of(KmsKem kem) {
    return Objects.requireNonNull(HERE, "This JDK has no KEM").kem(kem);
  }

  private Object kem(KmsKem kem) {
    return proxy(
        kemSpi,
        kem,
        (method, arguments) ->
            switch (method) {
              case "engineNewEncapsulator" ->
                  sender(
                      kem.sender(
                          (PublicKey) arguments[0],
                          (AlgorithmParameterSpec) arguments[1],
                          (SecureRandom) arguments[2]));
              case "engineNewDecapsulator" ->
                  receiver(
                      kem.receiver(
                          (PrivateKey) arguments[0], (AlgorithmParameterSpec) arguments[1]));
              default -> throw new AssertionError("KEMSpi has no " + method);
            });
  }

  private Object sender(KmsKem.Sender sender) {
    return proxy(
        encapsulatorSpi,
        sender,
        (method, arguments) ->
            switch (method) {
              case "engineEncapsulate" ->
                  encapsulate(
                      sender, (int) arguments[0], (int) arguments[1], (String) arguments[2]);
              case "engineSecretSize" -> KmsKem.SECRET_BYTES;
              case "engineEncapsulationSize" -> sender.encapsulationBytes();
              default -> throw new AssertionError("EncapsulatorSpi has no " + method);
            });
  }

  private Object encapsulate(KmsKem.Sender sender, int from, int to, String algorithm)
      throws ReflectiveOperationException {
    Objects.checkFromToIndex(from, to, KmsKem.SECRET_BYTES);
    PostQuantumKeys.Encapsulated made = sender.encapsulate();
    SecretKey key = key(made.secret(), from, to, algorithm);
    return encapsulated.newInstance(key, made.encapsulation(), null);
  }

  private Object receiver(KmsKem.Receiver receiver) {
    return proxy(
        decapsulatorSpi,
        receiver,
        (method, arguments) ->
            switch (method) {
              case "engineDecapsulate" ->
                  decapsulate(
                      receiver,
                      (byte[]) arguments[0],
                      (int) arguments[1],
                      (int) arguments[2],
                      (String) arguments[3]);
              case "engineSecretSize" -> KmsKem.SECRET_BYTES;
              case "engineEncapsulationSize" -> receiver.encapsulationBytes();
              default -> throw new AssertionError("DecapsulatorSpi has no " + method);
            });
  }

  private SecretKey decapsulate(
      KmsKem.Receiver receiver, byte[] encapsulation, int from, int to, String algorithm)
      throws Throwable {
    Objects.checkFromToIndex(from, to, KmsKem.SECRET_BYTES);
    byte[] secret;
    try {
      secret = receiver.decapsulate(encapsulation);
    } catch (KmsException e) {
      throw (Throwable) decapsulateException.newInstance(e.getMessage(), e);
    }
    return key(secret, from, to, algorithm);
  }

  private static SecretKey key(byte[] secret, int from, int to, String algorithm) {
    try {
      return new SecretKeySpec(secret, from, to - from, algorithm);
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  /** Answers a call of the interface by the method's name; names are not overloaded there. */
  private interface Answer {
    Object to(String method, Object[] arguments) throws Throwable;
  }

  private static Object proxy(Class<?> type, Object identity, Answer answer) {
    InvocationHandler handler =
        (proxy, method, arguments) ->
            method.getDeclaringClass() == Object.class
                ? ofObject(proxy, identity, method, arguments)
                : answer(answer, method, arguments == null ? new Object[0] : arguments);
    return Proxy.newProxyInstance(KemSpis.class.getClassLoader(), new Class<?>[] {type}, handler);
  }

  private static Object answer(Answer answer, Method method, Object[] arguments) throws Throwable {
    try {
      return answer.to(method.getName(), arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private static Object ofObject(
      Object proxy, Object identity, Method method, Object @Nullable [] arguments) {
    return switch (method.getName()) {
      case "equals" -> arguments != null && proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> identity.getClass().getSimpleName();
    };
  }
}
