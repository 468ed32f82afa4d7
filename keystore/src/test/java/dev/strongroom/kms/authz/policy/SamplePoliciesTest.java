// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Policies that AWS publishes as samples can be put as they are. */
class SamplePoliciesTest {

  static List<Samples.Sample> samples() {
    return Samples.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("samples")
  void sampleCanBePutUnchanged(Samples.Sample sample) {
    Policy policy = Policy.parse(sample.kind(), "", sample.text());

    assertFalse(policy.statements().isEmpty());
    assertEquals(sample.text(), policy.text());
  }
}
