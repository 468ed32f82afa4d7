// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.kms.CmkSpec;

/** How a signature is written down. */
enum EcdsaEncoding {
  /** As the KMS gives it: for ECDSA a DER SEQUENCE of r and s (RFC 3279 §2.2.3). */
  AS_IS {
    @Override
    byte[] of(byte[] signature, CmkSpec spec) {
      return signature;
    }
  },
  /** {@code r || s}, each as long as the curve's order (IEEE P1363): always the same length. */
  P1363 {
    @Override
    byte[] of(byte[] signature, CmkSpec spec) {
      return toP1363(signature, (spec.bits() + 7) / 8);
    }
  };

  private static final int SEQUENCE = 0x30;
  private static final int INTEGER = 0x02;

  abstract byte[] of(byte[] signature, CmkSpec spec);

  private static byte[] toP1363(byte[] der, int width) {
    // The length of a P-521 signature takes two bytes, those of the others one; of an INTEGER, one.
    int at = (der[1] & 0xff) == 0x81 ? 3 : 2;
    if (der[0] != SEQUENCE || (der[at - 1] & 0xff) != der.length - at) {
      throw new IllegalStateException("The KMS gave an ECDSA signature that is not DER");
    }
    byte[] out = new byte[2 * width];
    int end = copyInteger(der, at, out, 0, width);
    copyInteger(der, end, out, width, width);
    return out;
  }

  private static int copyInteger(byte[] der, int at, byte[] out, int offset, int width) {
    int length = der[at + 1];
    int start = at + 2;
    int end = start + length;
    if (der[at] != INTEGER || length < 1) {
      throw new IllegalStateException("The KMS gave an ECDSA signature that is not DER");
    }
    while (end - start > width) {
      start++; // the zero that keeps a DER INTEGER positive
    }
    System.arraycopy(der, start, out, offset + width - (end - start), end - start);
    return end;
  }
}
