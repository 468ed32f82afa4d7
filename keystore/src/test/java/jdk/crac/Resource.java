// SPDX-License-Identifier: Apache-2.0
package jdk.crac;

/** Stands for the interface of that name in builds of the JDK that have checkpoints. */
public interface Resource {
  void beforeCheckpoint(Context<? extends Resource> context) throws Exception;

  void afterRestore(Context<? extends Resource> context) throws Exception;
}
