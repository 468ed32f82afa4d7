// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.TypeDescriptor;
import java.lang.reflect.InvocationTargetException;
import java.lang.runtime.ObjectMethods;

/**
 * Lets go of our classes in the JDK's support for records.
 *
 * <p>It keeps the class of the record whose generated {@code equals} or {@code hashCode} was called
 * for the first time last. Later JDKs let go of it when memory is short (JDK-8078641), JDK 17 does
 * not: if that was one of ours, a container cannot collect the class loader of the application that
 * brought us. So the last is made to be one of the JDK's.
 */
final class RecordSupport {
  private static final Class<?> OTHER = String.class;

  private RecordSupport() {}

  /**
   * Makes it forget our classes, unless they are on the class path and never go: it takes some
   * microseconds, but 20 ms where it is the last thing that a command does.
   */
  static void release() {
    if (RecordSupport.class.getClassLoader() == ClassLoader.getSystemClassLoader()) {
      return;
    }
    link("equals", MethodType.methodType(boolean.class, OTHER, Object.class));
    link("hashCode", MethodType.methodType(int.class, OTHER));
  }

  /** Links a method for a class as if that were a record with itself as its component. */
  private static void link(String method, MethodType type) {
    try {
      // By reflection, because the method is declared to throw Throwable.
      ObjectMethods.class
          .getMethod(
              "bootstrap",
              MethodHandles.Lookup.class,
              String.class,
              TypeDescriptor.class,
              Class.class,
              String.class,
              MethodHandle[].class)
          .invoke(
              null,
              MethodHandles.publicLookup(),
              method,
              type,
              OTHER,
              "component",
              new MethodHandle[] {MethodHandles.identity(OTHER)});
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
      throw new LinkageError("ObjectMethods.bootstrap is not what it was", e);
    }
  }
}
