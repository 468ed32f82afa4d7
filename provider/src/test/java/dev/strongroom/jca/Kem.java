// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/** {@code javax.crypto.KEM} of JDK 21 for tests that are compiled for 17: the same calls. */
final class Kem {
  private final Object kem;

  private Kem(Object kem) {
    this.kem = kem;
  }

  /** What the sender has. */
  @SuppressWarnings("ArrayRecordComponent") // looked at and never compared
  record Encapsulated(SecretKey key, byte[] encapsulation) {}

  /** Returns the one of a temporary provider: nothing here needs its KMS. */
  static Kem ours(String name) throws Exception {
    return of(name, StrongroomProvider.temporary());
  }

  static Kem of(String name, Provider provider) throws Exception {
    return new Kem(
        call(
            method("javax.crypto.KEM", "getInstance", String.class, Provider.class),
            null,
            name,
            provider));
  }

  static Kem anybodys(String name) throws Exception {
    return new Kem(call(method("javax.crypto.KEM", "getInstance", String.class), null, name));
  }

  Encapsulated encapsulate(PublicKey key, int from, int to, String algorithm) throws Exception {
    Object end = call(method("javax.crypto.KEM", "newEncapsulator", PublicKey.class), kem, key);
    Object made =
        call(
            method(
                "javax.crypto.KEM$Encapsulator", "encapsulate", int.class, int.class, String.class),
            end,
            from,
            to,
            algorithm);
    String type = "javax.crypto.KEM$Encapsulated";
    return new Encapsulated(
        (SecretKey) call(method(type, "key"), made),
        (byte[]) call(method(type, "encapsulation"), made));
  }

  SecretKey decapsulate(PrivateKey key, byte[] sent, int from, int to, String algorithm)
      throws Exception {
    Object end = call(method("javax.crypto.KEM", "newDecapsulator", PrivateKey.class), kem, key);
    return (SecretKey)
        call(
            method(
                "javax.crypto.KEM$Decapsulator",
                "decapsulate",
                byte[].class,
                int.class,
                int.class,
                String.class),
            end,
            sent,
            from,
            to,
            algorithm);
  }

  private static Method method(String type, String name, Class<?>... parameters)
      throws ReflectiveOperationException {
    return Class.forName(type).getMethod(name, parameters);
  }

  private static Object call(Method method, @Nullable Object target, Object... arguments)
      throws Exception {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }
}
