// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm;

import java.util.List;
import java.util.Set;

/**
 * What an HSM says of itself and what was found out about it when it was opened.
 *
 * @param isHardware whether keys rest in a device of their own (or in a module that stands for
 *     one); false for the embedded domain key, which therefore offers only the level SOFTWARE
 * @param manufacturer as the token reports it, trimmed
 * @param model as the token reports it, trimmed
 * @param serialNumber as the token reports it, trimmed
 * @param label of the token
 * @param firmware versions of the library and the token
 * @param backingKeySpecs the specs that {@link DomainKey#generate} serves
 * @param wrapPolicies the policies that {@link Hsm#createDomainKey} can keep
 * @param weaknesses what the module lets happen though it should not, by the names that the setting
 *     {@code hsm.accept} takes; only those that were accepted, since the others are refused
 * @param notes sentences for {@code doctor}: what was probed, what is missing
 */
public record HsmInfo(
    boolean isHardware,
    String manufacturer,
    String model,
    String serialNumber,
    String label,
    String firmware,
    Set<BackingKeySpec> backingKeySpecs,
    Set<WrapPolicy> wrapPolicies,
    Set<String> weaknesses,
    List<String> notes) {

  public HsmInfo {
    backingKeySpecs = Set.copyOf(backingKeySpecs);
    wrapPolicies = Set.copyOf(wrapPolicies);
    weaknesses = Set.copyOf(weaknesses);
    notes = List.copyOf(notes);
  }
}
