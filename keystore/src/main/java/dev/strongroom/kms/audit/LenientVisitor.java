// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

/** Goes through a stream without caring for damage: that is the verifier's business. */
abstract class LenientVisitor implements StreamWalk.Visitor {
  @Override
  public void damage(long offset, long records) {}

  @Override
  public void unknown(long offset, long records) {}

  @Override
  public void end(long offset, long records, long tornBytes) {}
}
