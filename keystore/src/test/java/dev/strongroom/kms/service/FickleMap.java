// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;

/** A map that is another one from the second time on that somebody goes through it. */
final class FickleMap extends AbstractMap<String, String> {
  private final Map<String, String> first;
  private final Map<String, String> then;
  private int looks;

  FickleMap(Map<String, String> first, Map<String, String> then) {
    this.first = first;
    this.then = then;
  }

  @Override
  public Set<Entry<String, String>> entrySet() {
    return looks++ == 0 ? first.entrySet() : then.entrySet();
  }

  @Override
  public int size() {
    return first.size();
  }

  @Override
  public boolean isEmpty() {
    return first.isEmpty();
  }
}
