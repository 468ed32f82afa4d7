// SPDX-License-Identifier: Apache-2.0
package jdk.crac;

/** Stands for the class of that name in builds of the JDK that have checkpoints. */
public abstract class Context<R extends Resource> implements Resource {
  public abstract void register(R resource);
}
